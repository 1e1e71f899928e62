// Goal: labels without end take no memory without end, what is in use stays, and rows follow (threats 12, 13).
// Method: many keys, few of them used again.
#include "engine/streams.hpp"

#include <gtest/gtest.h>

#include <map>

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;

struct Counted {
  std::uint64_t times = 0;
};

template <class Archive, class Value>
requires std::same_as<Counted, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.times);
}

void store_rows(const std::vector<Row>& rows, std::map<std::string, std::string>& stored) {
  for (const Row& row : rows) {
    if (row.value) {
      stored[row.key] = *row.value;
    } else {
      stored.erase(row.key);
    }
  }
}

TEST(Streams, StayWithinTheirBoundAndSoDoTheirRows) {
  Streams<Counted> streams("test/", 200);
  std::map<std::string, std::string> stored;
  TimePoint now = *parse_time("2031-05-14T01:00:00Z");
  for (int i = 0; i < 20'000; ++i) {
    now += 1s;
    streams.touch("hostile-" + std::to_string(i), now).first->times++;
    if (i % 10 == 0) streams.touch("in use", now).first->times++;
    std::vector<Row> rows;
    streams.save(rows, Rule::Extent::changed);
    store_rows(rows, stored);
    ASSERT_LE(streams.size(), 200U);
    ASSERT_EQ(stored.size(), streams.size());
  }
  ASSERT_NE(streams.find("in use"), nullptr);
  EXPECT_EQ(streams.find("in use")->times, 2'000U);
  EXPECT_EQ(streams.forgotten() + streams.size(), 20'001U);

  Streams<Counted> copy("test/", 200);
  for (const auto& [key, value] : stored) ASSERT_TRUE(copy.restore(key, value));
  std::vector<Row> rows;
  copy.save(rows, Rule::Extent::all);
  std::map<std::string, std::string> again;
  store_rows(rows, again);
  EXPECT_EQ(again, stored);
  EXPECT_FALSE(copy.restore("test/x", "\xFF"));
}

}  // namespace
}  // namespace iwakan::engine

// Goal: a silence is read as clients of Alertmanager's API write it, and what is wrong is named. Method: tables.
#include "http/api_v2/silence_json.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace iwakan::http::api_v2 {
namespace {

constexpr const char* kGood =
    R"({"matchers":[{"name":"service","value":"check.*","isRegex":true,"isEqual":false},{"name":"ラベル","value":"x","isRegex":false}],"startsAt":"2026-09-01T00:00:00.000Z","endsAt":"2026-09-01T09:00:00+09:00","createdBy":"tanaka","comment":"","annotations":{},"future":1})";

TEST(SilenceJson, ReadsWhatAmtoolWrites) {
  const auto silence = parse_silence(kGood);
  ASSERT_TRUE(silence) << to_string(silence.error());
  EXPECT_EQ(silence->id, "");
  ASSERT_EQ(silence->conditions.size(), 2U);
  EXPECT_EQ(silence->conditions[0], (LabelCondition{"service", "check.*", true, true}));
  EXPECT_EQ(silence->conditions[1], (LabelCondition{"ラベル", "x", false, false}));  // isEqual is true by default
  EXPECT_EQ(format_time(silence->starts_at), "2026-09-01T00:00:00Z");
  EXPECT_EQ(silence->ends_at, silence->starts_at);
  EXPECT_EQ(silence->created_by, "tanaka");
}

TEST(SilenceJson, WritesWhatItReads) {
  auto silence = parse_silence(kGood);
  silence->id = "4e9c2f10-0000-4000-8000-000000000000";
  silence->ends_at = silence->starts_at + std::chrono::hours(1);
  const auto json = silence_json(*silence, silence->starts_at);
  EXPECT_EQ(json.at("status").at("state").as_string(), "active");
  const auto again = parse_silence(boost::json::serialize(json));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *silence);
}

TEST(SilenceJson, NamesWhatIsWrong) {
  const struct {
    const char* body;
    const char* path;
  } cases[] = {
      {"", ""},
      {"[]", ""},
      {"{}", "/startsAt"},
      {R"({"startsAt":"tomorrow"})", "/startsAt"},
      {R"({"startsAt":"2026-09-01T00:00:00Z"})", "/endsAt"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","comment":"x"})", "/createdBy"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","createdBy":"a","comment":"\u001b[1m"})",
       "/comment"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","createdBy":"a","comment":"x"})",
       "/matchers"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","createdBy":"a","comment":"x","matchers":[1]})",
       "/matchers/0"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","createdBy":"a","comment":"x","matchers":[{"name":"a","value":1}]})",
       "/matchers/0/value"},
      {R"({"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:00:00Z","createdBy":"a","comment":"x","matchers":[{"name":"a","value":"b","isRegex":"no"}]})",
       "/matchers/0/isRegex"},
  };
  for (const auto& one : cases) {
    const auto silence = parse_silence(one.body);
    ASSERT_FALSE(silence) << one.body;
    EXPECT_EQ(silence.error().path, one.path) << one.body;
  }
}

}  // namespace
}  // namespace iwakan::http::api_v2

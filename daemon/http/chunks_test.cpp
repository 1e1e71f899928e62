// Goal: chunked bodies are put together exactly, however they are cut, and anything odd is refused.
// Method: tables, each row fed whole and byte by byte.
#include "http/chunks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace iwakan::http {
namespace {

struct Outcome {
  std::string body;
  std::size_t used = 0;
  bool done = false;
  std::optional<Reason> failure;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome feed(std::string_view wire, std::size_t piece, std::size_t bytes_max = 100) {
  Chunks chunks(bytes_max);
  Outcome outcome;
  const Chunks::Take take = [&](std::string_view data) {
    outcome.body += data;
    return true;
  };
  while (outcome.used < wire.size() && !chunks.done()) {
    const auto used = chunks.feed(wire.substr(outcome.used, piece), take);
    if (!used) {
      outcome.failure = used.error().reason;
      return outcome;
    }
    outcome.used += *used;
  }
  outcome.done = chunks.done();
  return outcome;
}

TEST(Chunks, PutsBodiesTogether) {
  struct Row {
    std::string_view wire;
    std::string_view body;
    std::string_view after;
  };
  for (const Row& row : {Row{"0\r\n\r\n", "", ""}, Row{"5\r\nhello\r\n0\r\n\r\n", "hello", ""},
                         Row{"5\r\nhello\r\n00000006\r\n world\r\n000\r\n\r\nGET /", "hello world", "GET /"},
                         Row{"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n\r\n", "01234567890123456789", "\r\n"},
                         Row{"2\r\n\r\n\r\n0\r\n\r\n", "\r\n", ""}}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, row.wire.size()}) {
      const Outcome outcome = feed(row.wire, piece);
      EXPECT_EQ(outcome, (Outcome{std::string(row.body), row.wire.size() - row.after.size(), true, {}})) << row.wire;
    }
  }
}

TEST(Chunks, RefusesWhatIsOdd) {
  for (const std::string_view wire : {"0x5\r\nhello\r\n0\r\n\r\n",
                                      "+5\r\nhello\r\n",
                                      "-5\r\nhello\r\n",
                                      " 5\r\nhello\r\n",
                                      "5 \r\nhello\r\n",
                                      "5;a=b\r\nhello\r\n",
                                      "5\t\r\nhello\r\n",
                                      "\r\nhello",
                                      "g\r\n",
                                      "5\nhello\r\n",
                                      "5\r\rhello",
                                      "5\r\nhello0\r\n",
                                      "5\r\nhello\n0\r\n\r\n",
                                      "5\r\nhello\rx",
                                      "0\r\nX-Trailer: 1\r\n\r\n",
                                      "0\r\n\n",
                                      "0\r\n\rx",
                                      "0\n\n",
                                      "000000005\r\nhello\r\n",
                                      "0;\r\n\r\n"}) {
    EXPECT_EQ(feed(wire, wire.size()).failure, Reason::malformed) << wire;
    EXPECT_EQ(feed(wire, 1).failure, Reason::malformed) << wire;
  }
}

TEST(Chunks, CountsWhatIsAnnouncedBeforeItComes) {
  EXPECT_EQ(feed("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n", 7).body.size(), 100u);
  EXPECT_EQ(feed("65\r\n", 7).failure, Reason::too_large);
  EXPECT_EQ(feed("64\r\n" + std::string(100, 'x') + "\r\n1\r\n", 7).failure, Reason::too_large);
  EXPECT_EQ(feed("FFFFFFFF\r\n", 7).failure, Reason::too_large);
}

TEST(Chunks, StopsWhenThereIsNoRoom) {
  Chunks chunks(100);
  const auto used = chunks.feed("5\r\nhello\r\n", [](std::string_view) { return false; });
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().reason, Reason::unavailable);
}

TEST(Chunks, WaitsForMore) {
  for (const std::string_view wire : {"", "5", "5\r", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "0\r\n", "0\r\n\r"}) {
    const Outcome outcome = feed(wire, 2);
    EXPECT_FALSE(outcome.done) << wire;
    EXPECT_FALSE(outcome.failure) << wire;
    EXPECT_EQ(outcome.used, wire.size());
  }
}

}  // namespace
}  // namespace iwakan::http

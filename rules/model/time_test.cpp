// Goal: times and durations survive the spellings senders and people use, and nothing else passes.
#include "model/time.hpp"

#include <gtest/gtest.h>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

TEST(Time, ReadsEverySpellingOfOneMoment) {
  const TimePoint moment = *parse_time("2026-09-01T00:05:01.25Z");
  for (const char* text :
       {"2026-09-01T09:05:01.250+09:00", "2026-09-01T00:05:01.250+0000", "2026-09-01t00:05:01.250000000z",
        "2026-08-31T19:05:01.25-05:00", "2026-09-01 00:05:01.25Z"}) {
    const auto parsed = parse_time(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, moment) << text;
  }
}

TEST(Time, PrintsWhatItReads) {
  for (const char* text : {"2026-09-01T00:05:01Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.000000001Z",
                           "1999-12-31T12:00:00.120Z", "1960-05-05T05:05:05.000001Z"}) {
    EXPECT_EQ(format_time(*parse_time(text)), text);
  }
}

TEST(Time, KeepsTheGoZeroTimeApart) {
  EXPECT_EQ(*parse_time("0001-01-01T00:00:00Z"), kZeroTime);
  EXPECT_EQ(*parse_time("0001-01-01T00:00:00.000Z"), kZeroTime);
  EXPECT_EQ(format_time(kZeroTime), "0001-01-01T00:00:00Z");
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-09-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-09-01T24:00:00Z",
        "2026-09-01T00:00:00", "2026-09-01T00:00:00.Z", "2026-09-01T00:00:00.1234567890Z", "2026-09-01T00:00:00Zx",
        "2026-09-01T00:00:00+9", "0999-01-01T00:00:00Z", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Duration, ReadsAndPrints) {
  EXPECT_EQ(*parse_duration("1h30m"), 90min);
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("2w"), 14 * 24h);
  for (const char* text : {"0s", "1h30m", "1d", "1w", "250ms", "1s500ms"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
  for (const char* text : {"", "5", "m", "1x", "-1s", "1h 30m", "99999999999999w", "999999999999w"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace iwakan

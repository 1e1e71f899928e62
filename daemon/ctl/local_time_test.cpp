// Goal: times are read and shown as on the clock of the person at the terminal.
// Method: a table in a zone away from UTC, and one in a zone with summer time.

#include "ctl/local_time.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace iwakan::ctl {
namespace {

void live_in(const char* zone_name) {
  setenv("TZ", zone_name, 1);
  tzset();
}

TEST(LocalTime, ReadsWhatPeopleType) {
  live_in("Asia/Tokyo");
  const TimePoint now = *parse_time("2026-11-24T10:30:00+09:00");
  struct Case {
    const char* typed;
    const char* means;  // empty: refused
  };
  const Case cases[] = {
      {"10:26", "2026-11-24T01:26:00Z"},
      {"10:30", "2026-11-24T01:30:00Z"},
      {"9:05", "2026-11-24T00:05:00Z"},
      {"10:29:59", "2026-11-24T01:29:59Z"},
      {"23:50", "2026-11-23T14:50:00Z"},  // not yet today, so it was yesterday
      {"10:31", "2026-11-23T01:31:00Z"},
      {"2026-11-24T10:26:00+09:00", "2026-11-24T01:26:00Z"},
      {"2026-11-24T01:26:00.5Z", "2026-11-24T01:26:00.500Z"},
      {"", ""},
      {"10", ""},
      {"10:", ""},
      {"10:26:", ""},
      {"10:26x", ""},
      {"10:26:00x", ""},
      {"24:00", ""},
      {"10:60", ""},
      {"yesterday", ""},
  };
  for (const Case& c : cases) {
    const Result<TimePoint> time = time_typed(c.typed, now);
    EXPECT_EQ(time ? format_time(*time) : "", c.means) << c.typed;
  }
}

TEST(LocalTime, KeepsToTheClockOnTheWallWhenItIsSet) {
  live_in("Europe/Berlin");
  // Summer time ended at 03:00 on this day.
  const TimePoint now = *parse_time("2026-10-25T12:00:00+01:00");
  EXPECT_EQ(format_time(*time_typed("11:00", now)), "2026-10-25T10:00:00Z");
  EXPECT_EQ(format_time(*time_typed("13:00", now)), "2026-10-24T11:00:00Z");
}

TEST(LocalTime, ShowsTheZoneOfTheTerminal) {
  live_in("Asia/Tokyo");
  const TimePoint time = *parse_time("2026-11-23T18:16:12.201Z");
  EXPECT_EQ(date_and_clock(time), "2026-11-24 03:16:12");
  EXPECT_EQ(clock(time), "03:16:12");
  EXPECT_EQ(zone(time), "JST");
  EXPECT_EQ(date_and_clock(kZeroTime), "-");
  EXPECT_EQ(clock(kZeroTime), "-");
}

}  // namespace
}  // namespace iwakan::ctl

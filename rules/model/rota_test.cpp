// Goal: at every moment the right person is on duty, and at no moment nobody: across midnight, the end of a week, a
// clock that is set forward (a local time that never comes) and back (one that comes twice), and by an override.
// Method: tables of moments with a zone that changes as New York does in 2031; a walk by minutes over the changes.
#include "model/rota.hpp"

#include <gtest/gtest.h>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

TimePoint at(const char* text) {
  return *parse_time(text);
}

// 9 March, 02:00 becomes 03:00 (07:00Z); 2 November, 02:00 becomes 01:00 (06:00Z).
Offsets new_york() {
  return Offsets({{TimePoint::min(), -5h}, {at("2031-03-09T07:00:00Z"), -4h}, {at("2031-11-02T06:00:00Z"), -5h}});
}

LocalTime local(int year, unsigned month, unsigned day, int hour, int minute) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  return LocalDay{date} + std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::string who(const Rota& rota, TimePoint time) {
  std::string names;
  for (const Shift& shift : on_duty(rota, time)) names += (names.empty() ? "" : " ") + shift.person;
  return names;
}

const Weekdays kEveryDay{0, 1, 2, 3, 4, 5, 6};
const Weekdays kWorkdays{1, 2, 3, 4, 5};

TEST(Offsets, LocalTimesAreFound) {
  const Offsets zone = new_york();
  EXPECT_EQ(zone.utc(local(2031, 1, 1, 9, 0)), at("2031-01-01T14:00:00Z"));
  EXPECT_EQ(zone.utc(local(2031, 7, 1, 9, 0)), at("2031-07-01T13:00:00Z"));
  EXPECT_EQ(zone.local(at("2031-07-01T13:00:00Z")), local(2031, 7, 1, 9, 0));
  // A time that is skipped: as if the clock had not been set forward yet.
  EXPECT_EQ(zone.utc(local(2031, 3, 9, 1, 59)), at("2031-03-09T06:59:00Z"));
  EXPECT_EQ(zone.utc(local(2031, 3, 9, 2, 30)), at("2031-03-09T07:30:00Z"));
  EXPECT_EQ(zone.utc(local(2031, 3, 9, 3, 0)), at("2031-03-09T07:00:00Z"));
  // A time that comes twice: the first.
  EXPECT_EQ(zone.utc(local(2031, 11, 2, 1, 30)), at("2031-11-02T05:30:00Z"));
  EXPECT_EQ(zone.utc(local(2031, 11, 2, 2, 0)), at("2031-11-02T07:00:00Z"));
  EXPECT_EQ(zone.local(at("2031-11-02T05:30:00Z")), zone.local(at("2031-11-02T06:30:00Z")));
}

TEST(Rota, AcrossMidnightAndTheEndOfAWeek) {
  Rota rota;
  rota.weekly = {{"fujii", kWorkdays, 9h, 21h}, {"hara", kWorkdays, 21h, 9h}, {"mori", {6, 0}, 9h, 9h}};
  EXPECT_EQ(who(rota, at("2031-05-14T08:59:59Z")), "hara");  // a Wednesday
  EXPECT_EQ(who(rota, at("2031-05-14T09:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-14T21:00:00Z")), "hara");
  EXPECT_EQ(who(rota, at("2031-05-17T08:59:00Z")), "hara");  // Saturday: the shift of Friday night
  EXPECT_EQ(who(rota, at("2031-05-17T09:00:00Z")), "mori");
  EXPECT_EQ(who(rota, at("2031-05-19T08:59:00Z")), "mori");  // Monday
  EXPECT_EQ(who(rota, at("2031-05-19T09:00:00Z")), "fujii");
}

TEST(Rota, AWholeDayEndsAtMidnight) {
  Rota rota;
  rota.weekly = {{"fujii", {1}, 0h, 24h}, {"hara", {2}, 0min, 0min}};
  EXPECT_EQ(who(rota, at("2031-05-12T23:59:59Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-13T00:00:00Z")), "hara");
  EXPECT_EQ(who(rota, at("2031-05-14T00:00:00Z")), "");
}

// A handover at a time which the clock skips, or shows twice, leaves nobody out and nobody double.
TEST(Rota, HandoversMeetWhenClocksChange) {
  for (const auto handover : {1h + 30min, 2h + 0min, 2h + 30min, 3h + 0min}) {
    Rota rota;
    rota.zone = new_york();
    rota.weekly = {{"day", kEveryDay, handover, 14h}, {"night", kEveryDay, 14h, handover}};
    for (const char* night : {"2031-03-08T12:00:00Z", "2031-11-01T12:00:00Z"}) {
      std::size_t changes = 0;
      std::string last = who(rota, at(night));
      for (TimePoint time = at(night); time < at(night) + 30h; time += 1min) {
        const std::string now = who(rota, time);
        ASSERT_TRUE(now == "day" || now == "night") << now << " at " << format_time(time);
        changes += now != last ? 1U : 0U;
        last = now;
      }
      EXPECT_EQ(changes, 2U) << night;
    }
  }
}

TEST(Rota, OverridesGoFirst) {
  Rota rota;
  rota.weekly = {{"fujii", kEveryDay, 0h, 24h}};
  rota.overrides = {{"nishi", at("2031-05-14T09:00:00Z"), at("2031-05-14T12:00:00Z")}};
  EXPECT_EQ(who(rota, at("2031-05-14T08:59:59Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-14T09:00:00Z")), "nishi");
  EXPECT_EQ(who(rota, at("2031-05-14T12:00:00Z")), "fujii");
  const auto shifts = on_duty(rota, at("2031-05-14T10:00:00Z"));
  ASSERT_EQ(shifts.size(), 1U);
  EXPECT_EQ(shifts[0].to, at("2031-05-14T12:00:00Z"));
}

TEST(Rota, SeveralAreNamedOnceInTheOrderWritten) {
  Rota rota;
  rota.weekly = {{"hara", kEveryDay, 0h, 24h}, {"fujii", kEveryDay, 9h, 12h}, {"hara", kEveryDay, 9h, 12h}};
  EXPECT_EQ(who(rota, at("2031-05-14T10:00:00Z")), "hara fujii");
}

TEST(Rota, ACalendarComesAgain) {
  Rota rota;
  CalendarShift event{"fujii", new_york(), local(2031, 5, 12, 21, 0), local(2031, 5, 13, 9, 0), Recurrence{}, {}};
  event.again->interval = 2;
  event.again->days = {1, 3};
  event.left_out = {at("2031-05-27T01:00:00Z")};  // 26 May, 21:00 there
  rota.calendar = {event};
  EXPECT_EQ(who(rota, at("2031-05-13T00:59:59Z")), "");
  EXPECT_EQ(who(rota, at("2031-05-13T01:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-15T05:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-20T05:00:00Z")), "");  // the week between
  EXPECT_EQ(who(rota, at("2031-05-27T05:00:00Z")), "");  // left out
  EXPECT_EQ(who(rota, at("2031-05-29T05:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2035-12-11T05:00:00Z")), "");  // 239 weeks on
  EXPECT_EQ(who(rota, at("2035-12-18T05:00:00Z")), "fujii");
}

TEST(Rota, ACalendarEnds) {
  Rota rota;
  CalendarShift event{"fujii", {}, local(2031, 5, 12, 9, 0), local(2031, 5, 12, 21, 0), Recurrence{}, {}};
  event.again->every = Recurrence::Every::day;
  event.again->count = 3;
  rota.calendar = {event};
  EXPECT_EQ(who(rota, at("2031-05-14T10:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-15T10:00:00Z")), "");
  rota.calendar[0].again->count.reset();
  rota.calendar[0].again->until = at("2031-05-13T09:00:00Z");
  EXPECT_EQ(who(rota, at("2031-05-13T10:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-14T10:00:00Z")), "");
  rota.calendar[0].again.reset();
  EXPECT_EQ(who(rota, at("2031-05-12T10:00:00Z")), "fujii");
  EXPECT_EQ(who(rota, at("2031-05-13T10:00:00Z")), "");
}

}  // namespace
}  // namespace iwakan

// Rota: who is on duty, for which role, at which time. A weekly pattern or a calendar, and dated overrides above
// either. Local times are kept with their zone, so that asking is pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/offsets.hpp"
#include "model/role.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

// One stretch of duty of one person. `to` is no longer part of it.
struct Shift {
  std::string person;
  TimePoint from{};
  TimePoint to{};

  friend bool operator==(const Shift&, const Shift&) = default;
};

using Weekdays = std::set<unsigned>;  // as std::chrono::weekday: 0 is Sunday

// Every week, on these days. When `to` is not after `from`, the shift ends on the next day.
struct WeeklyShift {
  std::string person;
  Weekdays days;
  std::chrono::minutes from{};  // after local midnight
  std::chrono::minutes to{};    // at most 24 hours
};

// How a calendar event comes again (RRULE of RFC 5545, of which these are the parts on-call tools write).
struct Recurrence {
  enum class Every : std::uint8_t { day, week };
  Every every = Every::week;
  unsigned interval = 1;
  Weekdays days;  // BYDAY; empty: the day it began on (weekly), every day (daily)
  std::chrono::weekday week_starts{std::chrono::Monday};
  std::optional<TimePoint> until;  // the last that may begin
  std::optional<unsigned> count;
};

inline constexpr std::chrono::days kRecurringLongest{31};

struct CalendarShift {
  std::string person;
  Offsets zone;
  LocalTime from{};
  LocalTime to{};
  std::optional<Recurrence> again;  // then the shift lasts kRecurringLongest at most
  std::set<TimePoint> left_out;     // EXDATE: beginnings that do not take place
};

struct Rota {
  std::string id;
  std::optional<RoleKind> role = RoleKind::command;  // of whoever is on duty; none: for a department's `duty` only
  Sentence does;                                     // in words; empty: the word of the role
  Offsets zone;                                      // of the weekly shifts
  std::vector<WeeklyShift> weekly;
  std::vector<CalendarShift> calendar;
  std::vector<Shift> overrides;
};

// Who is on duty at `at`, in the order of the configuration, each once: by the overrides that hold then, or else
// by the pattern or the calendar. Empty: nobody.
std::vector<Shift> on_duty(const Rota& rota, TimePoint at);

}  // namespace iwakan

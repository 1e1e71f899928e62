#include "model/rota.hpp"

#include <algorithm>

namespace iwakan {
namespace {

using std::chrono::days;
using std::chrono::weekday;

// What comes again lasts no longer than kRecurringLongest.
constexpr days kLookBack = kRecurringLongest + days{2};

void add(std::vector<Shift>& found, Shift shift, TimePoint at) {
  const bool holds = shift.from <= at && at < shift.to;
  const bool new_here =
      std::none_of(found.begin(), found.end(), [&shift](const Shift& other) { return other.person == shift.person; });
  if (holds && new_here) found.push_back(std::move(shift));
}

// The shift of this pattern that begins on `day`, if there is one.
std::optional<Shift> shift_on(const WeeklyShift& weekly, const Offsets& zone, LocalDay day) {
  if (!weekly.days.contains(weekday{day}.c_encoding())) return std::nullopt;
  const LocalDay end = weekly.to <= weekly.from ? day + days{1} : day;
  return Shift{weekly.person, zone.utc(day + weekly.from), zone.utc(end + weekly.to)};
}

bool comes_on(const Recurrence& again, LocalDay first, LocalDay day) {
  const bool wanted = again.days.empty() || again.days.contains(weekday{day}.c_encoding());
  if (again.every == Recurrence::Every::day) return wanted && (day - first).count() % again.interval == 0;
  if (again.days.empty() && weekday{day} != weekday{first}) return false;
  const auto week_of = [&again](LocalDay one) { return one - (weekday{one} - again.week_starts); };
  return wanted && (week_of(day) - week_of(first)).count() / 7 % again.interval == 0;
}

void add_calendar_shifts(std::vector<Shift>& found, const CalendarShift& event, TimePoint at) {
  const auto length = event.to - event.from;
  const auto instance = [&event, length](LocalTime from) {
    return Shift{event.person, event.zone.utc(from), event.zone.utc(from + length)};
  };
  const auto takes_place = [&event](const Shift& shift) { return !event.left_out.contains(shift.from); };
  if (!event.again) {
    if (const Shift shift = instance(event.from); takes_place(shift)) add(found, shift, at);
    return;
  }
  const LocalDay first = std::chrono::floor<days>(event.from);
  const auto in_day = event.from - first;
  const LocalDay last = std::chrono::floor<days>(event.zone.local(at)) + days{1};
  // A count is counted from the beginning; without one only what may still last needs to be looked at.
  LocalDay day = first;
  if (!event.again->count) day = std::max(first, last - kLookBack);
  for (unsigned number = 0; day <= last; day += days{1}) {
    if (!comes_on(*event.again, first, day)) continue;
    if (event.again->count && ++number > *event.again->count) return;
    const Shift shift = instance(day + in_day);
    if (event.again->until && shift.from > *event.again->until) return;
    if (takes_place(shift)) add(found, shift, at);
  }
}

}  // namespace

std::vector<Shift> on_duty(const Rota& rota, TimePoint at) {
  std::vector<Shift> found;
  for (const Shift& shift : rota.overrides) add(found, shift, at);
  if (!found.empty()) return found;
  const LocalDay today = std::chrono::floor<days>(rota.zone.local(at));
  for (const WeeklyShift& weekly : rota.weekly) {
    for (const LocalDay day : {today - days{1}, today, today + days{1}}) {
      if (auto shift = shift_on(weekly, rota.zone, day)) add(found, *std::move(shift), at);
    }
  }
  for (const CalendarShift& event : rota.calendar) add_calendar_shifts(found, event, at);
  return found;
}

}  // namespace iwakan

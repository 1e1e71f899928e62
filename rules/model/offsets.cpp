#include "model/offsets.hpp"

#include <algorithm>

#include "model/assert.hpp"

namespace iwakan {

using namespace std::chrono_literals;

Offsets::Offsets() : changes_{{TimePoint::min(), 0s}} {}

Offsets::Offsets(std::vector<Change> changes) : changes_(std::move(changes)) {
  IWAKAN_ASSERT(!changes_.empty());
}

LocalTime Offsets::local(TimePoint at) const {
  const auto after = std::upper_bound(changes_.begin() + 1, changes_.end(), at,
                                      [](TimePoint time, const Change& change) { return time < change.at; });
  return LocalTime{std::chrono::floor<std::chrono::seconds>(at).time_since_epoch() + (after - 1)->offset};
}

TimePoint Offsets::utc(LocalTime local) const {
  const auto with = [local](const Change& change) { return TimePoint{local.time_since_epoch() - change.offset}; };
  // The first stretch whose end the clock had not reached: it shows this time, or skips it where it ends. No zone
  // is a day and a bit away from UTC.
  const TimePoint near = TimePoint{local.time_since_epoch()} - 30h;
  auto stretch = std::upper_bound(changes_.begin() + 1, changes_.end(), near,
                                  [](TimePoint time, const Change& change) { return time < change.at; }) -
                 1;
  for (; stretch + 1 != changes_.end(); ++stretch) {
    const Change& next = *(stretch + 1);
    if (with(*stretch) < next.at || with(next) < next.at) return with(*stretch);
  }
  return with(changes_.back());
}

std::string local_text(const Offsets& zone, TimePoint at) {
  const LocalTime local = zone.local(at);
  const std::chrono::seconds offset =
      local.time_since_epoch() - std::chrono::floor<std::chrono::seconds>(at).time_since_epoch();
  const std::string clock = format_time(TimePoint{local.time_since_epoch()});  // 2026-11-24T10:26:00Z
  const auto minutes = std::chrono::abs(std::chrono::duration_cast<std::chrono::minutes>(offset)).count();
  const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return clock.substr(0, 10) + " " + clock.substr(11, 5) + (offset.count() < 0 ? " -" : " +") + two(minutes / 60) +
         ":" + two(minutes % 60);
}

Result<Offsets> only_utc(std::string_view name) {
  if (name == "UTC") return Offsets{};
  return Failure{Reason::unknown_name, "only the time zone UTC is known here", {}};
}

}  // namespace iwakan

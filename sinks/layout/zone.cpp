#include "sinks/layout/zone.hpp"

#include <date/tz.h>

#include <array>
#include <cstdio>
#include <exception>

namespace iwakan::sinks {
namespace {

struct Local {
  int year, month, day, hour, minute;
  unsigned weekday;  // 0: Sunday
};

Local local_time(const date::time_zone* zone, TimePoint time) {
  const auto local = zone->to_local(std::chrono::floor<std::chrono::seconds>(time));
  const auto days = date::floor<date::days>(local);
  const date::year_month_day date{days};
  const auto in_day = date::hh_mm_ss<std::chrono::seconds>{local - days};
  return {int(date.year()),
          static_cast<int>(unsigned(date.month())),
          static_cast<int>(unsigned(date.day())),
          static_cast<int>(in_day.hours().count()),
          static_cast<int>(in_day.minutes().count()),
          date::weekday{days}.c_encoding()};
}

}  // namespace

Result<Zone> Zone::named(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return Failure{
        Reason::unknown_name,
        "there is no time zone \"" + std::string(name.substr(0, 64)) + "\"; write a name like Asia/Tokyo or UTC",
        "time_zone"};
  }
}

std::string Zone::clock(TimePoint time) const {
  const Local local = local_time(zone_, time);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", local.hour, local.minute);
  return text.data();
}

std::string Zone::date(TimePoint time) const {
  const Local local = local_time(zone_, time);
  std::array<char, 48> date{};
  std::snprintf(date.data(), date.size(), "%04d-%02d-%02d", local.year, local.month, local.day);
  return date.data();
}

unsigned Zone::weekday(TimePoint time) const {
  return local_time(zone_, time).weekday;
}

std::string Zone::abbreviation(TimePoint time) const {
  return zone_->get_info(std::chrono::floor<std::chrono::seconds>(time)).abbrev;
}

Offsets Zone::offsets() const {
  constexpr date::sys_seconds kFirst{date::sys_days{date::year{1970} / 1 / 1}};
  constexpr date::sys_seconds kLast{date::sys_days{date::year{2100} / 1 / 1}};
  std::vector<Offsets::Change> changes;
  for (date::sys_seconds at = kFirst; at < kLast;) {
    const date::sys_info info = zone_->get_info(at);
    if (changes.empty()) {
      changes.push_back({TimePoint::min(), info.offset});
    } else if (info.offset != changes.back().offset) {
      changes.push_back({at, info.offset});
    }
    at = info.end;
  }
  return Offsets(std::move(changes));
}

bool Zone::same_day(TimePoint a, TimePoint b) const {
  return date(a) == date(b);
}

}  // namespace iwakan::sinks

#include "ctl/local_time.hpp"

#include <fmt/chrono.h>

#include <cstdio>
#include <ctime>

namespace iwakan::ctl {
namespace {

std::tm local(TimePoint time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return parts;
}

// The latest time before or at `now` at which a clock on the wall shows these hands.
TimePoint latest(int hour, int minute, int second, TimePoint now) {
  std::tm parts = local(now);
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  parts.tm_isdst = -1;
  std::tm today = parts;
  const TimePoint time{std::chrono::seconds(std::mktime(&today))};
  if (time <= now) return time;
  --parts.tm_mday;
  return TimePoint{std::chrono::seconds(std::mktime(&parts))};
}

}  // namespace

std::string date_and_clock(TimePoint time) {
  return time == kZeroTime ? "-" : fmt::format("{:%Y-%m-%d %H:%M:%S}", local(time));
}

std::string clock(TimePoint time) {
  return time == kZeroTime ? "-" : fmt::format("{:%H:%M:%S}", local(time));
}

std::string zone(TimePoint time) {
  return local(time).tm_zone;
}

Result<TimePoint> time_typed(std::string_view text, TimePoint now) {
  const std::string typed(text);
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  int read = 0;
  int read_with_seconds = 0;
  const int fields = std::sscanf(typed.c_str(), "%2u:%2u%n:%2u%n", &hour, &minute, &read, &second, &read_with_seconds);
  const bool whole = (fields == 2 && typed.size() == static_cast<std::size_t>(read)) ||
                     (fields == 3 && typed.size() == static_cast<std::size_t>(read_with_seconds));
  if (whole && hour < 24 && minute < 60 && second < 60) {
    return latest(static_cast<int>(hour), static_cast<int>(minute), static_cast<int>(second), now);
  }
  const Result<TimePoint> time = parse_time(text);
  if (time) return *time;
  return Failure{Reason::malformed,
                 "\"" + typed + "\" is no time: write it like 10:26, or like 2026-11-24T10:26:00+09:00", ""};
}

}  // namespace iwakan::ctl

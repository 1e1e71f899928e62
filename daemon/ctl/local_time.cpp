#include "ctl/local_time.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <charconv>
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

Result<TimePoint> end_of_day(std::string_view day) {
  const auto noon = parse_time(std::string(day) + "T12:00:00Z");
  if (!noon) return Failure{Reason::malformed, "\"" + std::string(day) + "\" is no day: write it like 2026-11-24", ""};
  using namespace std::chrono_literals;
  TimePoint end = latest(23, 59, 59, *noon + 48h);  // somewhere on earth the day has ended only now
  while (date_and_clock(end).substr(0, 10) > day) end = latest(23, 59, 59, end - 1s);
  return end;
}

Result<TimePoint> time_typed(std::string_view text, TimePoint now) {
  // "9:05", "09:05" or "09:05:30": today's, or yesterday's when that is still to come.
  std::array<int, 3> parts{0, 0, 0};  // hour, minute, second
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (; count < parts.size(); ++count) {
    const char* const most = at + std::min<std::ptrdiff_t>(2, end - at);
    const auto [after, error] = std::from_chars(at, most, parts[count]);
    if (error != std::errc{} || parts[count] < 0) break;
    at = after;
    if (at == end || *at != ':') {
      ++count;
      break;
    }
    ++at;
  }
  if (count >= 2 && at == end && text.back() != ':' && parts[0] < 24 && parts[1] < 60 && parts[2] < 60) {
    return latest(parts[0], parts[1], parts[2], now);
  }
  const Result<TimePoint> time = parse_time(text);
  if (time) return *time;
  return Failure{Reason::malformed,
                 "\"" + std::string(text) + "\" is no time: write it like 10:26, or like 2026-11-24T10:26:00+09:00",
                 ""};
}

}  // namespace iwakan::ctl

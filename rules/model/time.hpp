// Time as iwakan writes it down: UTC, nanoseconds since the Unix epoch. The pure rooms never ask a
// clock; time reaches them inside events.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace iwakan {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::sys_time<Duration>;

// The Go zero time (0001-01-01T00:00:00Z), by which Alertmanager says "no time". It is outside the
// range of TimePoint, so it has a stand-in.
inline constexpr TimePoint kZeroTime = TimePoint::min();

// RFC 3339 with 0 to 9 fractional digits and `Z` or an offset with or without its colon (CloudWatch
// writes +0000). Years before 1678 and after 2261 other than the zero time: out_of_range.
Result<TimePoint> parse_time(std::string_view text);

// RFC 3339 in UTC with as many fractional digits as needed of 0, 3, 6 or 9.
std::string format_time(TimePoint time);

// "90s", "5m", "1h30m", "2d", "1w", "250ms": the spelling of durations in the configuration.
Result<Duration> parse_duration(std::string_view text);

// The inverse, in the largest units that divide: "1h30m". Zero is "0s".
std::string format_duration(Duration duration);

}  // namespace iwakan

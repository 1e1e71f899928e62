// Times as the person at the terminal reads and types them: in the zone of the terminal (TZ).
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::ctl {

// "2026-11-24 10:26:05"; the zone is the terminal's. The zero time is "-".
std::string date_and_clock(TimePoint time);

// "10:26:05".
std::string clock(TimePoint time);

// "JST": of the terminal, at that time.
std::string zone(TimePoint time);

// The last moment of a day of the local calendar: "2026-11-24".
Result<TimePoint> end_of_day(std::string_view day);

// RFC 3339, or the latest "10:26" or "10:26:05" that is not after `now`.
Result<TimePoint> time_typed(std::string_view text, TimePoint now);

}  // namespace iwakan::ctl

// How senders write times, beside RFC 3339 (model/time).
#pragma once

#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::sources {

// "Wed, 31 Jan 2024 02:00:00 GMT" (RFC 1123): the day's name may be missing or wrong, the zone is GMT, UTC or
// an offset like +0900.
Result<TimePoint> parse_rfc1123(std::string_view text);

// A number since 1970, in units of `unit`, perhaps with a fraction: "1790000000", "1790000000.25".
Result<TimePoint> parse_epoch(std::string_view text, Duration unit);

}  // namespace iwakan::sources

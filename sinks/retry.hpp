// Retry: when a delivery is tried again. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/time.hpp"

namespace iwakan::sinks {

// After the attempt number `attempt` (from 1): one second, doubled each time up to five minutes, of which
// `jitter` in 0..1 leaves between half and the whole, so that a crowd that failed together does not come
// back together. What the peer asked for is honoured up to an hour.
Duration retry_delay(std::uint32_t attempt, double jitter, std::optional<Duration> retry_after);

// Retry-After (RFC 9110, 10.2.3): seconds, also with a fraction as Discord sends them, or an HTTP date.
// More than a day of seconds counts as a day.
std::optional<Duration> parse_retry_after(std::string_view value, TimePoint now);

}  // namespace iwakan::sinks

// What the decoders of JSON share: places of failures, and the bounds on text that comes from outside.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace iwakan::sources {

inline constexpr std::size_t kTextBytesMax = std::size_t{64} * 1024;  // of one string
inline constexpr std::size_t kLabelsMax = 256;                        // of one alert
inline constexpr std::size_t kAlertsMax = 10'000;                     // of one request
inline constexpr std::size_t kDepthMax = 32;

Failure malformed_json(std::string path, simdjson::error_code error);
Failure wrong_type(std::string path, std::string_view wanted);
Failure missing(std::string path, std::string_view what);

// Nothing wrong, or why this text is not taken: too long, or a control character other than tab and line
// ends in it (they forge lines and colour terminals).
const char* problem_of_text(std::string_view text);

// A JSON pointer of a member name: "~" and "/" escaped, cut, controls taken out.
std::string pointer_part(std::string_view name);

// http and https only: anything else would run, or be fetched, where a person clicks.
std::string_view safe_link(std::string_view link);

}  // namespace iwakan::sources

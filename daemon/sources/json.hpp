// What the decoders of JSON share: reading it strictly, places of failures, and the bounds on text that comes
// from outside.
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

// The whole text as one JSON value, at most 32 levels deep, in which no object has a member twice: of two
// members of one name, who checked and who acted might each see another. `path`: where the text stood. The
// value lives as long as the parser, until it parses again.
Result<simdjson::dom::element> parse_json(simdjson::dom::parser& parser, std::string_view text,
                                          const std::string& path);

// Strings as they are, numbers in the shortest form that reads back the same, true and false; empty for null,
// absent and all else.
std::string text_of(simdjson::dom::element element);
std::string text_of(simdjson::simdjson_result<simdjson::dom::element> found);
std::string text_of(double number);

// Nothing wrong, or why this text is not taken: too long, or a control character other than tab and line
// ends in it (they forge lines and colour terminals).
const char* problem_of_text(std::string_view text);

// The text with blanks where such control characters stood, and not longer: for text that anybody may have
// written into an alert that must be heard all the same.
std::string cleaned(std::string_view text);

// Its beginning, up to so many bytes, no character cut in two.
std::string_view beginning(std::string_view text, std::size_t bytes_max);

// A JSON pointer of a member name: "~" and "/" escaped, cut, controls taken out.
std::string pointer_part(std::string_view name);

// http and https only: anything else would run, or be fetched, where a person clicks.
std::string_view safe_link(std::string_view link);

}  // namespace iwakan::sources

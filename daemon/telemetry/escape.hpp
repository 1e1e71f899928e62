// Escaping of log values: whatever an alert, a peer or a person wrote stays text within one line, and
// moves no terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace iwakan::telemetry {

inline constexpr std::size_t kValueBytesMax = 2048;

// `text` as a value of logfmt, appended to `line`: bare when it is plain, else in double quotes.
// Backslash, quote, controls (C0, DEL, C1), line and paragraph separators, and characters that change
// the direction of writing become \n, \t, \", \\ or \u{202e}; bytes that are no UTF-8 become \xff.
// What exceeds kValueBytesMax is cut off, and an ellipsis says so.
void append_value(std::string& line, std::string_view text);

}  // namespace iwakan::telemetry

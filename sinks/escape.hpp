// Escapes that several sinks and iwakanctl share. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace iwakan::sinks {

// Text that moves no terminal and stays on its line: line ends and tabs become blanks; other controls (C0,
// DEL, C1), line and paragraph separators, characters that change the direction of writing, and bytes that
// are no UTF-8 become U+FFFD.
std::string escape_terminal(std::string_view text);

// `text` inside an element or a quoted attribute of HTML: &, <, > and both quotes become entities, and controls are
// as in escape_terminal.
std::string escape_html(std::string_view text);

// `text`, with U+FFFD for each byte that is no UTF-8. JSON from which machines read needs it.
std::string valid_utf8(std::string_view text);

// At most `bytes`, cut between code points, with an ellipsis when something was cut.
std::string truncated(std::string_view text, std::size_t bytes);

// No CR, LF or NUL: may stand in a header.
bool is_header_safe(std::string_view text);

// The length of the UTF-8 sequence at the beginning of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace iwakan::sinks

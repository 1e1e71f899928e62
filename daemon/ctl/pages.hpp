// Pages: what the daemon answered, as text for the person at the terminal. Pure but for the zone of
// the terminal. Everything that came over the wire is untrusted and leaves harmless for a terminal.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "ctl/command.hpp"

namespace iwakan::ctl {

struct Style {
  std::string language = "en";
  bool colour = false;

  std::string_view words(std::string_view ja, std::string_view en) const { return language == "ja" ? ja : en; }
};

enum class Colour { none, bold, dim, red, yellow, green };

// `text` in a colour, when the style has colours.
std::string painted(std::string_view text, Colour colour, const Style& style);

// Text of unknown origin, on one line.
std::string plain(std::string_view untrusted);

// The answer as a page, ending in a line break.
std::string page(View view, const boost::json::value& answer, const Style& style);

// Of what is held back: the lists, and the answer to a silence that was set.
std::string silences_page(const boost::json::value& answer, const Style& style);
std::string silence_set_page(const boost::json::value& answer, const Style& style);
std::string maintenance_page(const boost::json::value& answer, const Style& style);

// The answer as JSON lines: each item of a list is one. Control characters and those that turn the
// direction of writing are spelled as escapes, so that a terminal shows the lines as they are.
std::string json_lines(View view, const boost::json::value& answer);
std::string json_line(const boost::json::value& value);

// What the daemon said when it refused: "not_found /path: detail (404)".
std::string refusal(int status, std::string_view body);

}  // namespace iwakan::ctl

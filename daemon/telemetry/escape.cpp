#include "telemetry/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace iwakan::telemetry {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;  // in bytes; 0: no UTF-8 begins here
};

// Well-formed UTF-8 (Unicode, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
Character next_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint32_t code = lead & (0xffu >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(at) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
  return {code, length};
}

struct Range {
  std::uint32_t first, last;
};
// Controls, then what Unicode calls bidirectional controls, separators, and what cannot be seen at all.
constexpr std::array<Range, 10> kDangerous{{{0x00, 0x1f},
                                            {0x7f, 0x9f},
                                            {0xad, 0xad},
                                            {0x61c, 0x61c},
                                            {0x200b, 0x200f},
                                            {0x2028, 0x202e},
                                            {0x2060, 0x2069},
                                            {0xfeff, 0xfeff},
                                            {0xfff9, 0xfffb},
                                            {0xe0000, 0xe007f}}};

bool dangerous(std::uint32_t code) {
  return std::any_of(kDangerous.begin(), kDangerous.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

bool plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-_./:+@%,").find(c) != std::string_view::npos;
}

void append_byte(std::string& line, char byte) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\x%02x", static_cast<std::uint8_t>(byte));
  line += buffer.data();
}

void append_code(std::string& line, std::uint32_t code) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\u{%x}", code);
  line += buffer.data();
}

void append_escaped(std::string& line, std::uint32_t code) {
  switch (code) {
    case '\n': line += "\\n"; return;
    case '\r': line += "\\r"; return;
    case '\t': line += "\\t"; return;
    default: append_code(line, code); return;
  }
}

}  // namespace

void append_value(std::string& line, std::string_view text) {
  if (!text.empty() && text.size() <= kValueBytesMax && std::all_of(text.begin(), text.end(), plain)) {
    line += text;
    return;
  }
  line += '"';
  std::size_t at = 0;
  while (at < text.size() && at < kValueBytesMax) {
    const Character character = next_character(text.substr(at));
    if (character.length == 0) {
      append_byte(line, text[at]);
    } else if (dangerous(character.code)) {
      append_escaped(line, character.code);
    } else {
      if (text[at] == '"' || text[at] == '\\') line += '\\';
      line += text.substr(at, character.length);
    }
    at += std::max<std::size_t>(character.length, 1);
  }
  line += at < text.size() ? "…\"" : "\"";
}

}  // namespace iwakan::telemetry

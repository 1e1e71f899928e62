// ASCII: letters without regard to case, in text that machines wrote: names of headers, hosts, members. The locale has
// no say, and bytes beyond ASCII stay as they are. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace iwakan {

constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string ascii_lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = ascii_lower(c);
  return small;
}

constexpr bool same_in_any_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

}  // namespace iwakan

#include <algorithm>

#include "sources/source.hpp"

namespace iwakan::sources {

std::string_view Request::header(std::string_view wanted) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& [name, value] : headers) {
    const bool same = std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                                 [lower](char a, char b) { return lower(a) == lower(b); });
    if (same) return value;
  }
  return {};
}

}  // namespace iwakan::sources

// How much of a text the desk keeps: what comes from outside may be long.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/sentence.hpp"

namespace iwakan::desk {

inline constexpr std::size_t kSummaryBytesMax = 300;
inline constexpr std::size_t kPersonBytesMax = 64;
inline constexpr std::size_t kNoteBytesMax = std::size_t{8} * 1024;
inline constexpr std::size_t kTextBytesMax = std::size_t{2} * 1024;  // of one text in a report

// Cut on a character boundary of UTF-8.
inline std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string(text.substr(0, bytes)) + "…";
}

inline Sentence cut(const Sentence& text, std::size_t bytes = kTextBytesMax) {
  return {cut(text.ja, bytes), cut(text.en, bytes)};
}

}  // namespace iwakan::desk

// Sentence: one thing said, in every language iwakan speaks. Rules and desk write sentences; sinks
// pick the language of the reader.
#pragma once

#include <string>
#include <string_view>

namespace iwakan {

struct Sentence {
  std::string ja;
  std::string en;

  // The sentence in `language` ("ja" or "en"), or in the other one rather than nothing.
  const std::string& in(std::string_view language) const {
    const std::string& wanted = language == "ja" ? ja : en;
    if (!wanted.empty()) return wanted;
    return language == "ja" ? en : ja;
  }
  bool empty() const { return ja.empty() && en.empty(); }

  friend bool operator==(const Sentence&, const Sentence&) = default;
};

// The same words in every language: names, numbers, quoted labels.
inline Sentence same_in_all(const std::string& text) {
  return {text, text};
}

}  // namespace iwakan

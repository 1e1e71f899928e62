// Suggestion: words in a text for reports that a reader may take ill or cannot use, and what to write instead.
// Never a refusal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/sentence.hpp"

namespace iwakan {

enum class WordingFlaw : std::uint8_t {
  blame,      // a person or a team as the cause
  certainty,  // "definitely", 絶対に
  estimate,   // when it will be over, without a named person who says so
  urgency,    // adverbs of urgency, "!!"
  shouting,   // all capitals
  jargon,     // host names, addresses, stack traces
  long_text,  // a sentence of more than 60 characters (ja) or 25 words (en)
  no_unit,    // a number that does not say of what
};

std::string_view name(WordingFlaw flaw);

struct Suggestion {
  WordingFlaw flaw = WordingFlaw::blame;
  std::string language;  // "ja" or "en"
  std::string words;     // as they stand in the text. Untrusted
  Sentence instead;      // a neutral form, or how to come to one

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

}  // namespace iwakan

// Wording: what in a text for reports may hurt, alarm or mislead its readers. Reference practice, section 2.5. Pure;
// fixed word lists, no locale.
#pragma once

#include <string_view>
#include <vector>

#include "model/suggestion.hpp"

namespace iwakan::desk {

// In the order in which they stand, at most one of each flaw for each language.
std::vector<Suggestion> suggestions_for(const Sentence& text);

// The same for a text in one language, "ja" or "en".
std::vector<Suggestion> suggestions_for(std::string_view text, std::string_view language);

}  // namespace iwakan::desk

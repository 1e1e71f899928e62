// Whether what somebody asks is known already. Simple on purpose, so that it can be explained: a text is the
// set of its terms, and two texts speak of the same when they share enough of them.
//
// A term is a word of letters and digits without its ending (payments, payment; checking, check), words that
// carry no meaning left out; in Japanese two neighbouring characters that are no hiragana (支払, カー), or one
// that stands alone between hiragana. No dictionary, no learning.
//
// Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/question.hpp"
#include "model/report.hpp"

namespace iwakan::desk {

using Terms = std::set<std::string>;

Terms terms_of(std::string_view text);

// How much of what is asked a text speaks of: 0 to 1.
double covered(const Terms& asked, const Terms& by);

// Whether two questions ask the same: at least 0.7 of all their terms (Dice's coefficient), or the same words.
bool asks_the_same(std::string_view one, std::string_view other);

// What a report that would be written now says to the question: the known fact and the open point that cover
// at least half of what is asked. For "when will it be over?" and for a question without terms ("how is it
// going?") the time of the next report, since iwakan gives no estimates. Empty: a person has to answer.
std::vector<Answer> known_answers(std::string_view question, const Report& report);

}  // namespace iwakan::desk

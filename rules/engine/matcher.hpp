// Matcher: one condition on a label, in the spelling of Alertmanager: severity="critical",
// service=~"check.*", zone!="test", "label in quotes"!~"…". Expressions are anchored, as there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/label_condition.hpp"
#include "model/result.hpp"
#include "model/setting.hpp"

namespace re2 {
class RE2;
}

namespace iwakan::engine {

class Matcher {
 public:
  // A Failure says what is wrong with the text, and how a matcher is written. Refuses expressions whose
  // program is large enough to be slow on hostile labels (reference trust, section 2).
  static Result<Matcher> parse(std::string_view text);
  static Result<Matcher> make(LabelCondition condition);

  // An absent label has the empty value. An expression looks at the first 4 KiB of a value.
  bool matches(const Alert& alert) const;

  // Whether a label of this value would do.
  bool matches(std::string_view value) const;

  const std::string& text() const { return text_; }
  const LabelCondition& condition() const { return condition_; }

 private:
  std::string text_;
  LabelCondition condition_;
  std::shared_ptr<const re2::RE2> expression_;  // set when the value is an expression
};

bool all_match(const std::vector<Matcher>& matchers, const Alert& alert);

// Whether every alert of the subject would match, where nothing is known of it but its name: the matchers speak of one
// label only, and that is one of those that name subjects.
bool all_match_subject(const std::vector<Matcher>& matchers, std::string_view subject,
                       const std::vector<std::string>& subject_labels);

// As the configuration writes them, separated by commas.
std::string text_of(const std::vector<Matcher>& matchers);

// Reads `match`, a list of matchers or one; complains of what is wrong, and when there is none.
std::vector<Matcher> parse_matchers(Fields& fields);

}  // namespace iwakan::engine

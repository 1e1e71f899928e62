// Matcher: one condition on a label, in the spelling of Alertmanager: severity="critical",
// service=~"check.*", zone!="test", name!~"…". Expressions are anchored, as there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
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

  // An absent label has the empty value. An expression looks at the first 4 KiB of a value.
  bool matches(const Alert& alert) const;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string label_;
  std::string value_;
  bool negated_ = false;
  std::shared_ptr<const re2::RE2> expression_;  // set: value_ is an expression
};

bool all_match(const std::vector<Matcher>& matchers, const Alert& alert);

// As the configuration writes them, separated by commas.
std::string text_of(const std::vector<Matcher>& matchers);

// Reads `match`, a list of matchers or one; complains of what is wrong, and when there is none.
std::vector<Matcher> parse_matchers(Fields& fields);

}  // namespace iwakan::engine

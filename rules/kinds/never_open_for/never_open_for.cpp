#include "kinds/never_open_for/never_open_for.hpp"

#include <algorithm>
#include <string>

#include "engine/matcher.hpp"

namespace iwakan::kinds::never_open_for {
namespace {

using engine::Matcher;
using engine::Transition;

struct Statement {
  std::vector<Matcher> match;  // all of them
  Sentence says;               // why; empty: made from the matchers
};

class NeverOpenFor final : public engine::Rule {
 public:
  explicit NeverOpenFor(std::vector<Statement> statements) : statements_(std::move(statements)) {}

  void observe(const Transition& transition, bool, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind) || transition.alert == nullptr) return;
    auto why = watches(*transition.alert);
    if (!why) return;
    Evidence found;
    found.rule = "never_open_for";
    found.subject = transition.subject;
    found.at = transition.at;
    found.since = transition.at;
    found.statement = iwakan::Statement{Impact::unknown, 0, true};
    found.sentence = *std::move(why);
    evidence.push_back(std::move(found));
  }

  std::optional<Sentence> watches(const Alert& alert) const override {
    for (const Statement& statement : statements_) {
      if (!engine::all_match(statement.match, alert)) continue;
      if (!statement.says.empty()) return statement.says;
      const std::string conditions = engine::text_of(statement.match);
      return Sentence{"取り決めにより、見守るだけのアラートです（" + conditions + "）",
                      "Agreed to be only watched (" + conditions + ")"};
    }
    return std::nullopt;
  }

  bool sees_withheld() const override { return true; }
  void save(std::vector<Row>&, Extent) override {}
  Result<void> restore(std::string_view, std::string_view) override { return {}; }

 private:
  std::vector<Statement> statements_;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  std::vector<Statement> statements;
  for (const Setting& item : fields.list("statements")) {
    Fields own(item, fields.complaints());
    Statement statement;
    statement.match = engine::parse_matchers(own);
    statement.says = own.sentence("says");
    own.finish();
    statements.push_back(std::move(statement));
  }
  return [statements = std::move(statements)] { return std::make_unique<NeverOpenFor>(statements); };
}

}  // namespace iwakan::kinds::never_open_for

#include "kinds/open_when/open_when.hpp"

#include <algorithm>
#include <utility>

#include "engine/matcher.hpp"

namespace iwakan::kinds::open_when {
namespace {

using engine::Matcher;
using engine::Transition;

struct Opening {
  std::vector<Matcher> match;  // all of them
  Statement statement;
  Sentence says;  // in people's words; empty: made from the matchers
};

struct Params {
  std::string impact_label;  // label or annotation that speaks of customer impact
  std::vector<Opening> openings;
};

Sentence impact_sentence(Impact impact, std::string_view said_by) {
  const std::string by(said_by);
  if (impact == Impact::confirmed) {
    return {"お客さまへの影響があります（" + by + "）", "Customers are affected (" + by + ")"};
  }
  return {"お客さまへの影響の可能性があります（" + by + "）", "Customers may be affected (" + by + ")"};
}

class OpenWhen final : public engine::Rule {
 public:
  explicit OpenWhen(Params params) : params_(std::move(params)) {}

  void observe(const Transition& transition, bool, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind) || transition.alert == nullptr) return;
    const Alert& alert = *transition.alert;
    if (const auto impact = spoken_impact(alert)) {
      const std::string_view who = transition.alert_name;
      add(transition, {*impact, 0, false}, impact_sentence(*impact, who), evidence);
    }
    for (const Opening& opening : params_.openings) {
      if (engine::all_match(opening.match, alert)) {
        add(transition, opening.statement, sentence_of(opening), evidence);
      }
    }
  }

  bool sees_withheld() const override { return true; }
  void save(std::vector<Row>&, Extent) override {}
  Result<void> restore(std::string_view, std::string_view) override { return {}; }

 private:
  std::optional<Impact> spoken_impact(const Alert& alert) const {
    std::string_view text = alert.label(params_.impact_label);
    if (text.empty()) text = alert.annotation(params_.impact_label);
    const auto impact = impact_named(text);
    const bool opens = impact == Impact::possible || impact == Impact::confirmed;
    return opens ? impact : std::nullopt;
  }

  static Sentence sentence_of(const Opening& opening) {
    if (!opening.says.empty()) return opening.says;
    const std::string conditions = engine::text_of(opening.match);
    const bool impact = opening.statement.impact == Impact::possible || opening.statement.impact == Impact::confirmed;
    if (impact) return impact_sentence(opening.statement.impact, conditions);
    return {"取り決めにより、すぐに知らせるアラートです（" + conditions + "）",
            "Agreed to be told at once (" + conditions + ")"};
  }

  static void add(const Transition& transition, Statement statement, Sentence sentence,
                  std::vector<Evidence>& evidence) {
    Evidence found;
    found.rule = "open_when";
    found.subject = transition.subject;
    found.at = transition.at;
    found.since = transition.at;
    found.statement = statement;
    found.sentence = std::move(sentence);
    evidence.push_back(std::move(found));
  }

  Params params_;
};

Opening parse_opening(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Opening opening;
  opening.match = engine::parse_matchers(fields);
  const std::string impact = fields.one_of("impact", "unknown", {"unknown", "possible", "confirmed"});
  opening.statement.impact = *impact_named(impact);
  opening.statement.level = static_cast<int>(fields.integer("level", 0, 0, 9));
  opening.says = fields.sentence("says");
  fields.finish();
  return opening;
}

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.impact_label = fields.text("impact_label", "customer_impact");
  for (const Setting& item : fields.list("statements")) {
    params.openings.push_back(parse_opening(item, fields.complaints()));
  }
  return [params = std::move(params)] { return std::make_unique<OpenWhen>(params); };
}

}  // namespace iwakan::kinds::open_when

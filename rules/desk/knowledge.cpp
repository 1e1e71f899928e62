// What people know and do not know: facts, unknowns, the fields of the second report, asks.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "desk/facts.hpp"
#include "desk/reporter.hpp"
#include "desk/wording.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kFactsMax = 200;
constexpr std::size_t kUnknownsMax = 100;

Sentence with(std::string_view ja, std::string_view en, const Sentence& text) {
  return {std::string(ja) + text.in("ja"), std::string(en) + text.in("en")};
}

Failure still_to_come() {
  return {Reason::out_of_range, "a fact is of the past; this time is still to come", "/at"};
}

Fact* standing_fact(Incident& incident, std::uint32_t number, Effects& effects) {
  const auto found = std::find_if(incident.facts.begin(), incident.facts.end(),
                                  [number](const Fact& fact) { return fact.number == number && fact.stands(); });
  if (found != incident.facts.end()) return &*found;
  effects.refusal = Failure{Reason::not_found,
                            incident.id + " has no fact " + std::to_string(number) +
                                " that stands; `iwakanctl incident show " + incident.id + "` lists them",
                            "/fact"};
  return nullptr;
}

Unknown* open_unknown(Incident& incident, const std::string& id, Effects& effects) {
  std::string open;
  for (Unknown& unknown : incident.unknowns) {
    if (!is_open(unknown, incident.impact)) continue;
    if (unknown.id == id) return &unknown;
    open += (open.empty() ? "" : ", ") + unknown.id;
  }
  effects.refusal = Failure{
      Reason::not_found, "no open question \"" + desk::cut(id, 64) + "\"; open are: " + (open.empty() ? "none" : open),
      "/unknown"};
  return nullptr;
}

}  // namespace

void Desk::heed_words(Incident& incident, const PersonActed& acted, const Sentence& text, Effects& effects) {
  std::vector<Suggestion> suggestions = suggestions_for(text);
  if (suggestions.empty()) return;
  Sentence kept{"言い回しの提案がありましたが、書かれたとおりに残します：",
                "Kept as it was written, with suggestions about its words: "};
  for (std::size_t i = 0; i < suggestions.size(); ++i) {
    kept.ja += (i > 0 ? "、" : "") + ("「" + suggestions[i].words + "」→ " + suggestions[i].instead.ja);
    kept.en += (i > 0 ? "; " : "") + ("\"" + suggestions[i].words + "\" -> " + suggestions[i].instead.en);
  }
  say(incident, acted.at, "wording", std::move(kept), effects, acted.actor);
  effects.suggestions.insert(effects.suggestions.end(), std::make_move_iterator(suggestions.begin()),
                             std::make_move_iterator(suggestions.end()));
}

void Desk::act_on(const PersonActed& acted, const act::AddFact& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (what.what.empty()) {
    effects.refusal = needed("what", "say what is known");
  } else if (what.at.value_or(acted.at) > acted.at) {
    effects.refusal = still_to_come();
  } else if (what.since && *what.since > what.at.value_or(acted.at)) {
    effects.refusal =
        Failure{Reason::out_of_range, "what was measured began before it ended; move since or at", "/since"};
  } else if (incident->facts.size() >= kFactsMax) {
    effects.refusal = Failure{
        Reason::conflict,
        incident->id + " holds " + std::to_string(kFactsMax) + " facts already; correct or withdraw one, or add a note",
        {}};
  }
  if (effects.refusal) return;
  act_upon(*incident);
  Fact fact;
  fact.number = static_cast<std::uint32_t>(incident->facts.size() + 1);
  fact.kind = what.kind;
  fact.what = cut(what.what);
  fact.since = what.since;
  fact.at = what.at.value_or(acted.at);
  fact.source = cut(what.source, kSummaryBytesMax);
  fact.by = desk::cut(acted.actor, kPersonBytesMax);
  fact.recorded_at = acted.at;
  incident->facts.push_back(fact);
  say(*incident, acted.at, "fact",
      fact.source.empty() ? with("未確認の情報：", "Not confirmed: ", fact.what)
                          : Sentence{"分かったこと：" + fact.what.in("ja") + "（" + fact.source.in("ja") + "）",
                                     "Known: " + fact.what.in("en") + " (" + fact.source.in("en") + ")"},
      effects, acted.actor, fact.at);
  heed_words(*incident, acted, fact.what, effects);
}

void Desk::act_on(const PersonActed& acted, const act::CorrectFact& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  Fact* wrong = incident == nullptr ? nullptr : standing_fact(*incident, what.fact, effects);
  if (wrong == nullptr) return;
  if (what.what.empty()) {
    effects.refusal = needed("what", "say what is right instead; to take it back, withdraw it");
  } else if (what.at && *what.at > acted.at) {
    effects.refusal = still_to_come();
  }
  if (effects.refusal) return;
  act_upon(*incident);
  Fact right = *wrong;
  right.number = static_cast<std::uint32_t>(incident->facts.size() + 1);
  right.what = cut(what.what);
  if (!what.source.empty()) right.source = cut(what.source, kSummaryBytesMax);
  if (what.at) right.at = *what.at;
  if (right.since) right.since = std::min(*right.since, right.at);
  right.by = desk::cut(acted.actor, kPersonBytesMax);
  right.recorded_at = acted.at;
  right.replaces = wrong->number;
  wrong->withdrawn_at = acted.at;
  wrong->withdrawn_why = desk::cut(what.why, kTextBytesMax);
  const Fact was = *wrong;  // what follows may move it
  const Sentence changed = put_right(was, &right);
  incident->facts.push_back(right);
  say(*incident, acted.at, "fact", with_reason(with("訂正：", "Put right: ", changed), what.why), effects, acted.actor,
      right.at);
  heed_words(*incident, acted, right.what, effects);
  put_readers_right(*incident, was, &right, acted, effects);
}

void Desk::act_on(const PersonActed& acted, const act::WithdrawFact& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  Fact* wrong = incident == nullptr ? nullptr : standing_fact(*incident, what.fact, effects);
  if (wrong == nullptr) return;
  act_upon(*incident);
  wrong->withdrawn_at = acted.at;
  wrong->withdrawn_why = desk::cut(what.why, kTextBytesMax);
  say(*incident, acted.at, "fact", with_reason(put_right(*wrong, nullptr), what.why), effects, acted.actor);
  const Fact was = *wrong;
  put_readers_right(*incident, was, nullptr, acted, effects);
}

// At once, and to exactly those who were told; what nobody has read yet is simply right in the next report.
void Desk::put_readers_right(Incident& incident, const Fact& wrong, const Fact* right, const PersonActed& acted,
                             Effects& effects) {
  const bool told = !incident.told.empty() && wrong.recorded_at <= incident.told_until;
  if (!told || incident.status == IncidentStatus::merged) return;
  report(incident, ReportKind::correction, acted.at, effects, acted.actor, put_right(wrong, right));
}

void Desk::act_on(const PersonActed& acted, const act::AddUnknown& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (what.what.empty()) {
    effects.refusal = needed("what", "say what is not known");
  } else if (what.checker.empty()) {
    effects.refusal = needed("checker", "say who finds it out, or who is waited for");
  } else if (what.due && *what.due <= acted.at) {
    effects.refusal =
        Failure{Reason::out_of_range, "by when more is said is still to come; this time has passed", "/due"};
  } else if (incident->unknowns.size() >= kUnknownsMax) {
    effects.refusal =
        Failure{Reason::conflict, incident->id + " holds " + std::to_string(kUnknownsMax) + " questions already", {}};
  }
  if (effects.refusal) return;
  act_upon(*incident);
  Unknown unknown;
  unknown.id = fresh_unknown_id(*incident);
  unknown.what = cut(what.what);
  unknown.checker = cut(what.checker, kSummaryBytesMax);
  unknown.no_estimate = !what.due;
  unknown.due = what.due.value_or(TimePoint{});
  unknown.asked_at = acted.at;
  incident->unknowns.push_back(unknown);
  say(*incident, acted.at, "unknown",
      {"まだ分かっていないこと：" + unknown.what.in("ja") + "（" + unknown.checker.in("ja") + "）",
       "Not yet known: " + unknown.what.in("en") + " (" + unknown.checker.in("en") + ")"},
      effects, acted.actor);
  heed_words(*incident, acted, unknown.what, effects);
}

void Desk::act_on(const PersonActed& acted, const act::AnswerUnknown& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  Unknown* unknown = incident == nullptr ? nullptr : open_unknown(*incident, what.unknown, effects);
  if (unknown == nullptr) return;
  if (what.answer.empty()) {
    effects.refusal = needed("answer", "say what was found out");
  } else if (what.source.empty()) {
    effects.refusal = needed("source", "say who or what confirms it; until then the question stays open");
  }
  if (effects.refusal) return;
  const FactKind kind = unknown->until_impact_known ? FactKind::impact : FactKind::observation;
  act_on(acted, act::AddFact{what.incident, kind, what.answer, what.source, {}, what.at}, effects);
  if (effects.refusal) return;
  unknown->answered_at = acted.at;
  unknown->answered_by = desk::cut(acted.actor, kPersonBytesMax);
  say(*incident, acted.at, "unknown", with("分かりました：", "Found out: ", unknown->what), effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::MoveUnknown& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  Unknown* unknown = incident == nullptr ? nullptr : open_unknown(*incident, what.unknown, effects);
  if (unknown == nullptr) return;
  if (what.due <= acted.at) {
    effects.refusal = Failure{Reason::out_of_range, "the new time is still to come; this one has passed", "/due"};
  } else if (what.why.empty()) {
    effects.refusal = needed("why", "readers were promised a time: say why it moves");
  }
  if (effects.refusal) return;
  act_upon(*incident);
  if (!unknown->no_estimate) unknown->moved_from = unknown->due;
  unknown->no_estimate = false;
  unknown->due = what.due;
  unknown->moved_why = desk::cut(what.why, kTextBytesMax);
  say(*incident, acted.at, "unknown",
      with_reason(with("お知らせの時刻を改めました：", "The time is moved: ", unknown->what), unknown->moved_why),
      effects, acted.actor);
  heed_words(*incident, acted, same_in_all(unknown->moved_why), effects);
}

void Desk::act_on(const PersonActed& acted, const act::State& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (what.text.empty()) {
    effects.refusal = needed("text", "say it in a sentence or two");
    return;
  }
  act_upon(*incident);
  const Stated stated{cut(what.text), acted.at, desk::cut(acted.actor, kPersonBytesMax)};
  incident->summary[what.field] = stated;
  if (what.field == SummaryField::title) incident->title = stated.text;
  const Sentence field = word(what.field);
  say(*incident, acted.at, "stated", with(field.ja + "：", field.en + ": ", stated.text), effects, acted.actor);
  heed_words(*incident, acted, stated.text, effects);
}

void Desk::act_on(const PersonActed& acted, const act::AskDepartment& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const auto department = std::find_if(organisation_->departments.begin(), organisation_->departments.end(),
                                       [&what](const Department& one) { return one.id == what.department; });
  if (department == organisation_->departments.end()) {
    std::string all;
    for (const Department& one : organisation_->departments) all += (all.empty() ? "" : ", ") + one.id;
    effects.refusal =
        Failure{Reason::not_found,
                "no department \"" + desk::cut(what.department, 64) + "\"; there are: " + (all.empty() ? "none" : all),
                "/department"};
    return;
  }
  act_upon(*incident);
  if (what.what.empty()) {
    incident->asks.erase(department->id);
    say(*incident, acted.at, "ask",
        {department->name.in("ja") + "へのお願いを通常に戻しました",
         "What is asked of " + department->name.in("en") + " is the usual again"},
        effects, acted.actor);
    return;
  }
  const Sentence ask = cut(what.what);
  incident->asks[department->id] = ask;
  say(*incident, acted.at, "ask",
      {department->name.in("ja") + "へのお願い：" + ask.in("ja"),
       "Asked of " + department->name.in("en") + ": " + ask.in("en")},
      effects, acted.actor);
  heed_words(*incident, acted, ask, effects);
}

}  // namespace iwakan::desk

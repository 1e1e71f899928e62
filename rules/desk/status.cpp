// How people move an incident through its life: status, judgement, impact, level, origin, reports.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/desk.hpp"
#include "desk/load.hpp"
#include "desk/notices.hpp"
#include "desk/reporter.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

// Where an incident can go from a status, by a person's word.
std::vector<IncidentStatus> moves_from(IncidentStatus status) {
  using enum IncidentStatus;
  switch (status) {
    case watch: return {open, closed, false_alarm};
    case open: return {identified, mitigated, recovered, false_alarm};
    case identified: return {open, mitigated, recovered, false_alarm};
    case mitigated: return {open, identified, recovered, false_alarm};
    case recovered: return {open, closed, false_alarm};
    case closed: return {open, false_alarm};
    case false_alarm: return {open};
    case merged: return {};
  }
  return {};
}

std::string says_where(const Incident& incident) {
  if (incident.status == IncidentStatus::merged) {
    return incident.id + " goes on as " + incident.merged_into + "; work on that one";
  }
  std::string moves;
  for (const IncidentStatus status : moves_from(incident.status)) {
    moves += (moves.empty() ? "" : ", ") + std::string(name(status));
  }
  return incident.id + " is " + std::string(name(incident.status)) + ", and can become: " + moves;
}

Sentence both(const Sentence& one, const Sentence& other) {
  if (one.empty() || other.empty() || one == other) return one.empty() ? other : one;
  return {one.in("ja") + "／" + other.in("ja"), one.in("en") + " / " + other.in("en")};
}

// What waits for approval and what is to be told besides: one report that says both. A correction goes with whatever
// waits, and the end of an incident is not put off by an update.
Draft both(const Draft& waiting, Draft fresh, bool recovered) {
  const bool end_waits = recovered && waiting.kind == ReportKind::second;
  if (end_waits || fresh.kind == ReportKind::correction) fresh.kind = waiting.kind;
  fresh.corrects = both(waiting.corrects, fresh.corrects);
  return fresh;
}

}  // namespace

// --- moves

bool Desk::refused_move(const Incident& incident, IncidentStatus to, Effects& effects) const {
  const std::vector<IncidentStatus> moves = moves_from(incident.status);
  if (std::find(moves.begin(), moves.end(), to) == moves.end()) {
    effects.refusal = at_odds("it cannot become " + std::string(name(to)) + ": " + says_where(incident));
    return true;
  }
  if (is_live(incident.status) || !is_live(to)) return false;
  for (const std::string& subject : incident.subjects) {
    const Incident* other = live_incident(subject);
    if (other == nullptr) continue;
    effects.refusal = at_odds("the subject \"" + cut(subject, 64) + "\" has a newer open incident, " + other->id +
                              "; work on that one");
    return true;
  }
  return false;
}

// REQUIRES: no other live incident holds its subjects.
void Desk::enter(Incident& incident, IncidentStatus status, TimePoint at) {
  incident.status = status;
  incident.reached[status] = at;
  incident.due.erase(Due::load);
  if (is_live(status) && status != IncidentStatus::watch) incident.due[Due::load] = at + kLoadEvery;
  for (const std::string& subject : incident.subjects) {
    const auto holder = live_.find(subject);
    if (is_live(status)) {
      live_[subject] = incident.number;
    } else if (holder != live_.end() && holder->second == incident.number) {
      live_.erase(holder);
    }
  }
  change(incident, at);
}

void Desk::act_on(const PersonActed& acted, const act::SetStatus& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->status == what.status) return;
  const bool over = !is_live(incident->status);
  if (what.status == IncidentStatus::recovered) {
    return act_on(acted, act::DeclareRecovery{what.incident, {}}, effects);
  }
  if (what.status == IncidentStatus::open && over) return act_on(acted, act::Reopen{what.incident, what.why}, effects);
  if (refused_move(*incident, what.status, effects)) return;
  if (incident->status == IncidentStatus::watch) return settle_watch(*incident, acted, what, effects);
  const bool left_said = incident->summary.contains(SummaryField::left) || !what.why.empty();
  if (what.status == IncidentStatus::closed && !left_said) {
    effects.refusal = needed("why", "say what remains to be done, be it nothing, before it is closed");
    return;
  }
  if (what.status == IncidentStatus::false_alarm) {
    incident->judgement = Judgement::dismissed;
    return dismiss(*incident, acted, what.why, effects);
  }
  act_upon(*incident);
  enter(*incident, what.status, acted.at);
  const std::string status(name(what.status));
  say(*incident, acted.at, "status", with_reason({"状態：" + status, "Status: " + status}, what.why), effects,
      acted.actor);
}

// It was no incident. Those who heard of it wait for a word, and get one.
void Desk::dismiss(Incident& incident, const PersonActed& acted, const std::string& why, Effects& effects) {
  const bool waited_for = is_live(incident.status) && !incident.told.empty();
  incident.draft.reset();
  enter(incident, IncidentStatus::false_alarm, acted.at);
  const Sentence said = with_reason({"インシデントではないと判断しました", "Found to be no incident"}, why);
  say(incident, acted.at, "status", said, effects, acted.actor);
  incident.due.clear();
  if (!waited_for) return end_promise(incident);
  learn(incident, said, acted.at, acted.actor);
  report(incident, ReportKind::update, acted.at, effects, acted.actor);
  if (incident.draft) end_promise(incident);
}

// Confirming, dismissing, and taking either back. A dismissed incident is over; taking that back opens it.
void Desk::act_on(const PersonActed& acted, const act::Judge& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->judgement == what.judgement) return;
  const bool dismissed = incident->status == IncidentStatus::false_alarm;
  if (what.judgement == Judgement::dismissed) {
    if (!dismissed && refused_move(*incident, IncidentStatus::false_alarm, effects)) return;
    incident->judgement = what.judgement;
    if (!dismissed) dismiss(*incident, acted, what.why, effects);
    return;
  }
  if (dismissed && refused_move(*incident, IncidentStatus::open, effects)) return;
  incident->judgement = what.judgement;
  const Sentence said = what.judgement == Judgement::confirmed
                            ? Sentence{"インシデントと確認しました", "Confirmed to be an incident"}
                            : Sentence{"判断を取り消しました", "The judgement was taken back"};
  say(*incident, acted.at, "judged", with_reason(said, what.why), effects, acted.actor);
  if (dismissed) reopen(*incident, acted.at, with_reason(said, what.why), effects, acted.actor);
}

// --- reopening

const Incident* Desk::recently_over(std::string_view subject, TimePoint at) const {
  const auto may_reopen = [&](const auto& due) {
    const Incident& incident = incidents_.at(due.first);
    const auto settled = incident.due.find(Due::settled);
    if (settled == incident.due.end() || settled->second < at || is_live(incident.status)) return false;
    const auto& subjects = incident.subjects;
    const bool free =
        std::none_of(subjects.begin(), subjects.end(), [this](const std::string& one) { return live_.contains(one); });
    return free && std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
  };
  const auto latest = std::find_if(due_.rbegin(), due_.rend(), may_reopen);
  return latest == due_.rend() ? nullptr : &incidents_.at(latest->first);
}

void Desk::reopen(const Incident& over, TimePoint at, const Sentence& why, Effects& effects, std::string_view actor) {
  Incident& incident = incidents_.at(over.number);
  incident.due.erase(Due::settled);
  incident.recovery.reset();
  enter(incident, IncidentStatus::open, at);
  // A watch that was let go comes back as an incident: people said that it matters.
  if (incident.level == kWatchLevel) begin(incident, known_level(level_for(incident.impact)), at);
  say(incident, at, "status", {"再び開きました：" + why.ja, "Reopened: " + why.en}, effects, actor);
  learn(incident, {"再び開きました：" + why.ja, "Reopened: " + why.en}, at, actor);
  const bool asked = std::any_of(incident.questions.begin(), incident.questions.end(),
                                 [](const Question& question) { return question.state == QuestionState::waiting; });
  if (asked) incident.due.try_emplace(Due::questions, at + level_of(incident).questions_every);
  report(incident, ReportKind::update, at, effects, actor);
}

void Desk::act_on(const PersonActed& acted, const act::Reopen& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (is_live(incident->status)) {
    effects.refusal = at_odds(says_where(*incident));
    return;
  }
  if (refused_move(*incident, IncidentStatus::open, effects)) return;
  const bool near_miss = incident->reports_issued == 0;
  if (incident->status != IncidentStatus::false_alarm && !incident->due.contains(Due::settled)) {
    effects.refusal =
        at_odds(incident->id + (near_miss ? " was a watch that came to nothing" : " has been over for long") +
                "; declare a new one, which may name it");
    return;
  }
  if (incident->judgement == Judgement::dismissed) incident->judgement = Judgement::none;
  reopen(*incident, acted.at, with_reason({"まだ続いています", "it is not over"}, what.why), effects, acted.actor);
}

// --- impact, level, origin

void Desk::act_on(const PersonActed& acted, const act::SetImpact& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  // How it is noticed is a fact, for the reports to come.
  if (!what.what.empty() && what.impact != Impact::unknown) {
    const Sentence said = said_of(what.impact);
    const Sentence fact{said.ja + "：" + what.what, said.en + ": " + what.what};
    act_on(acted, act::AddFact{what.incident, FactKind::impact, fact, called(acted.actor, *organisation_), {}, {}},
           effects);
    if (effects.refusal) return;
  }
  act_upon(*incident);
  incident->impact = what.impact;
  incident->impact_at = acted.at;
  const std::string impact(name(what.impact));
  say(*incident, acted.at, "impact", {"お客さまへの影響：" + impact, "Customer impact: " + impact}, effects,
      acted.actor);
  if (incident->status == IncidentStatus::watch) return answer_watch(*incident, acted.at, effects, acted.actor);
  raise(*incident, level_for(what.impact), {"お客さまへの影響のため", "because of its customer impact"}, acted.at,
        effects, acted.actor);
}

// The highest level that such an impact asks for; 0: none.
int Desk::level_for(Impact impact) const {
  int level = 0;
  for (const auto& [number, procedure] : organisation_->levels) {
    if (procedure.from_impact != Impact::unknown && impact >= procedure.from_impact) level = number;
  }
  return level;
}

// Raising is at once: the waves are planned anew, the next report comes sooner, and those who know are told.
void Desk::raise(Incident& incident, int level, const Sentence& why, TimePoint at, Effects& effects,
                 std::string_view actor) {
  const bool at_work = is_live(incident.status) && incident.status != IncidentStatus::watch;
  if (!at_work || level <= incident.level) return;
  set_level(incident, level, why, at, effects, actor);
  if (incident.reports_issued > 0) plan_waves(incident, at);
  report(incident, ReportKind::update, at, effects, actor);
}

void Desk::set_level(Incident& incident, int level, const Sentence& why, TimePoint at, Effects& effects,
                     std::string_view actor) {
  const std::string from = std::to_string(incident.level);
  const std::string to = std::to_string(level);
  incident.level = level;
  name_vacancies(incident, at, effects);
  Sentence said{"レベルを " + from + " から " + to + " にしました", "Level changed from " + from + " to " + to};
  if (!why.empty()) said = {said.ja + "（" + why.ja + "）", said.en + " (" + why.en + ")"};
  say(incident, at, "level", said, effects, actor);
  learn(incident, said, at, actor);
}

void Desk::act_on(const PersonActed& acted, const act::SetLevel& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->level == what.level) return;
  if (what.level == kWatchLevel || !organisation_->levels.contains(what.level)) {
    std::string known;
    for (const auto& [number, procedure] : organisation_->levels) {
      if (number != kWatchLevel) known += (known.empty() ? "" : ", ") + std::to_string(number);
    }
    effects.refusal = Failure{Reason::unknown_name, "the configuration has the levels " + known, "/level"};
    return;
  }
  if (!is_live(incident->status) || incident->status == IncidentStatus::watch) {
    effects.refusal = at_odds("a level is that of an incident at work. " + says_where(*incident));
    return;
  }
  const Sentence why = what.why.empty() ? Sentence{} : same_in_all(cut(what.why, kNoteBytesMax));
  if (what.level < incident->level && why.empty()) {
    effects.refusal = needed("why", "lowering a level wants a reason; unsure between two, take the higher");
    return;
  }
  act_upon(*incident);
  if (what.level > incident->level) return raise(*incident, what.level, why, acted.at, effects, acted.actor);
  set_level(*incident, what.level, why, acted.at, effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::SetOrigin& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->origin == what.origin) return;
  act_upon(*incident);
  incident->origin = what.origin;
  const std::string origin(name(what.origin));
  say(*incident, acted.at, "origin", with_reason({"発生元：" + origin, "Origin: " + origin}, what.why), effects,
      acted.actor);
}

// --- reports by a person's word

// As the level has it: at once, or when a person approves, or when nobody has by then.
void Desk::report(Incident& incident, ReportKind kind, TimePoint now, Effects& effects, std::string_view by,
                  const Sentence& corrects) {
  if (incident.reports_issued == 0) kind = ReportKind::first;
  const auto approval = level_of(incident).approval_within;
  Draft draft{kind, corrects, now, cut(by, kPersonBytesMax)};
  if (incident.draft) draft = both(*incident.draft, draft, incident.recovery.has_value());
  if (!approval) return issue(incident, draft.kind, now, effects, draft.corrects, by);
  TimePoint by_then = now + *approval;
  if (draft.kind == ReportKind::first)
    by_then = std::min(by_then, incident.opened_at + level_of(incident).within(kSupervisors));
  if (incident.draft) by_then = std::min(by_then, incident.due.at(Due::approval));
  if (by_then <= now) return issue(incident, draft.kind, now, effects, draft.corrects, by);
  const bool asked = incident.draft && incident.draft->kind == draft.kind;
  incident.draft = draft;
  incident.due[Due::approval] = by_then;
  say(incident, now, "report",
      {"報告は承認を待っています。承認がなくても " + format_duration(by_then - now) + " 後に送ります",
       "A report waits for approval, and goes in " + format_duration(by_then - now) + " all the same"},
      effects, by);
  if (asked) return;
  notify(incident, draft.kind, {NoticeKind::approval, by_then, {}}, those_who_approve(incident, *organisation_, now),
         now, effects);
}

void Desk::act_on(const PersonActed& acted, const act::IssueReport& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (incident->status == IncidentStatus::merged || incident->status == IncidentStatus::watch) {
    effects.refusal = at_odds("nobody is told of it. " + says_where(*incident));
  } else if (incident->reports_issued == 0) {
    effects.refusal = at_odds(incident->draft ? "the first report waits for approval: approve it"
                                              : "nobody was told of it: reopen it first");
  } else if (what.kind == ReportKind::first) {
    effects.refusal = at_odds("it has its first report: send an update, the second report or a correction");
  } else if (what.kind == ReportKind::correction && what.corrects.empty()) {
    effects.refusal = needed("corrects", "a correction says what it changes");
  }
  if (effects.refusal) return;
  act_upon(*incident);
  incident->missed_in_a_row = 0;
  const Sentence corrects =
      what.kind == ReportKind::correction ? same_in_all(cut(what.corrects, kNoteBytesMax)) : Sentence{};
  report(*incident, what.kind, acted.at, effects, acted.actor, corrects);
}

void Desk::act_on(const PersonActed& acted, const act::ApproveReport& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (!incident->draft) {
    effects.refusal = at_odds("no report of " + incident->id + " waits for approval");
    return;
  }
  act_upon(*incident);
  say(*incident, acted.at, "report", {"報告を承認しました", "The report was approved"}, effects, acted.actor);
  const Draft draft = *incident->draft;
  issue(*incident, draft.kind, acted.at, effects, draft.corrects);
}

// What the desk itself knows about the incident, for the reports to come.
void Desk::learn(Incident& incident, const Sentence& what, TimePoint at, std::string_view source) {
  Fact fact;
  fact.number = static_cast<std::uint32_t>(incident.facts.size()) + 1;
  fact.what = what;
  fact.at = at;
  fact.source = same_in_all(cut(source, kPersonBytesMax));
  fact.by = "iwakan";
  fact.recorded_at = at;
  incident.facts.push_back(std::move(fact));
}

}  // namespace iwakan::desk

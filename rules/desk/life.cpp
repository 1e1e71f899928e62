// The life of an incident as alerts shape it: opened, joined by alerts, reaching further.
#include <algorithm>

#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "desk/facts.hpp"
#include "desk/reporter.hpp"
#include "desk/roles.hpp"
#include "model/assert.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;
using engine::Transition;
using engine::TransitionKind;

constexpr std::size_t kEvidenceMax = 20;

MemberState member_state(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::fired:
    case TransitionKind::superseded:
    case TransitionKind::unsilenced:
    case TransitionKind::returned: return MemberState::firing;
    case TransitionKind::silenced: return MemberState::silenced;
    case TransitionKind::resolved:
    case TransitionKind::unseen: return MemberState::resolved;
    case TransitionKind::expired: return MemberState::expired;
    case TransitionKind::source_lost: return MemberState::source_lost;
  }
  return MemberState::firing;
}

}  // namespace

Sentence alert_line(const Transition& transition) {
  const std::string alert_name(transition.alert_name);
  switch (transition.kind) {
    case TransitionKind::fired: return {"アラート発生：" + alert_name, "Alert fired: " + alert_name};
    case TransitionKind::superseded: return {"アラートが再び発生：" + alert_name, "Alert fired anew: " + alert_name};
    case TransitionKind::returned: return {"アラートの続報：" + alert_name, "Alert reported again: " + alert_name};
    case TransitionKind::resolved:
    case TransitionKind::unseen: return {"アラート解消：" + alert_name, "Alert resolved: " + alert_name};
    case TransitionKind::expired:
      return {"アラートの続報がなくなりました（解消とは限りません）：" + alert_name,
              "Alert no longer reported (that is no recovery): " + alert_name};
    case TransitionKind::source_lost:
      return {"監視元からの連絡が途絶えました（状態は不明）：" + alert_name,
              "Its monitoring fell silent (state not known): " + alert_name};
    case TransitionKind::silenced:
      return {"アラート発生（お知らせは抑止中）：" + alert_name, "Alert fired, and is held back: " + alert_name};
    case TransitionKind::unsilenced:
      return {"抑止が終わりましたが、アラートは続いています：" + alert_name,
              "No longer held back, and still firing: " + alert_name};
  }
  return {};
}

// Keeps what a rule found in an open incident. Of a probability the latest word counts (a burst goes on: 14
// alerts, 15, 16 …), of a statement each different one.
void keep_evidence(Incident& incident, const Evidence& evidence) {
  const auto supersedes = [&evidence](const Evidence& other) {
    return other.rule == evidence.rule && (!evidence.statement || other.sentence == evidence.sentence);
  };
  const auto& first = incident.decision.evidence;
  const bool said = evidence.statement && std::any_of(first.begin(), first.end(), supersedes);
  if (said) return;
  const auto found = std::find_if(incident.evidence.begin(), incident.evidence.end(), supersedes);
  if (found != incident.evidence.end()) {
    *found = evidence;
  } else if (incident.evidence.size() < kEvidenceMax) {
    incident.evidence.push_back(evidence);
  }
}

// Adds or updates the alert among the members; false when there was nothing new in it.
bool Desk::add_member(Incident& incident, const Transition& transition) {
  const MemberState state = member_state(transition.kind);
  for (Member& member : incident.members) {
    if (member.fingerprint != transition.fingerprint || member.source != transition.source) continue;
    if (member.state == state && member.starts_at == transition.starts_at) return false;
    member.state = state;
    member.starts_at = transition.starts_at;
    member.changed_at = transition.at;
    return true;
  }
  if (!is_firing(state)) return false;
  if (incident.members.size() >= kMembersMax) {
    ++incident.members_left_out;
    change(incident, transition.at);  // counted; a line each would bury the timeline in a storm
    return false;
  }
  Member member{.source = std::string(transition.source),
                .fingerprint = transition.fingerprint,
                .subject = std::string(transition.subject),
                .starts_at = transition.starts_at,
                .state = state,
                .changed_at = transition.at,
                .alert_name = cut(transition.alert_name, kSummaryBytesMax),
                .summary = {},
                .link = {}};
  if (transition.alert != nullptr) {
    std::string_view summary = transition.alert->annotation("summary");
    if (summary.empty()) summary = transition.alert->annotation("description");
    member.summary = cut(summary, kSummaryBytesMax);
    member.link = cut(transition.alert->link, 2 * kSummaryBytesMax);
  }
  incident.members.push_back(std::move(member));
  return true;
}

Incident& Desk::create(Decision& decision, Impact impact, int level, TimePoint began_at, Sentence title) {
  const std::uint64_t number = ++last_number_;
  Incident& incident = incidents_[number];
  incident.number = number;
  incident.id = std::string(kIncidentPrefix) + std::to_string(number);
  decision.incident = incident.id;
  incident.level = known_level(level);
  incident.impact = impact;
  incident.impact_at = decision.at;
  incident.title = std::move(title);
  incident.subjects = {decision.subject};
  incident.began_at = began_at;
  incident.opened_at = decision.at;
  incident.decision = decision;
  incident.roles = roles_at_opening(*organisation_, decision.at);
  incident.unknowns = opening_unknowns(*organisation_, decision.at);
  enter(incident, IncidentStatus::open, decision.at);
  return incident;
}

const Incident& Desk::open(Decision& decision, const Opening& opening, Effects& effects) {
  Incident& incident = opened(decision, opening);
  incident.began_at = std::min(incident.began_at, opening.began_at);
  for (const Evidence& evidence : decision.evidence) {
    for (const std::string& subject : evidence.also) hold(incident, subject);
  }
  if (incident.subjects.size() > 1) incident.title = title_of_many(incident.subjects);
  for (const Transition& member : opening.members) {
    if (add_member(incident, member)) {
      say(incident, decision.at, "alert", alert_line(member), effects, member.source, member.starts_at);
    }
  }
  say(incident, decision.at, "opened",
      {"インシデントを開きました：" + incident.title.ja, "Incident opened: " + incident.title.en}, effects);
  report(incident, ReportKind::first, decision.at, effects, "iwakan");
  return incident;
}

// The watch that holds the subject, or a new incident.
Incident& Desk::opened(Decision& decision, const Opening& opening) {
  const int level = std::max(opening.level, level_for(opening.impact));
  const auto held = live_.find(decision.subject);
  if (held == live_.end()) {
    return create(decision, opening.impact, level, decision.at, title_of(decision.subject, opening.impact));
  }
  Incident& watch = incidents_.at(held->second);
  IWAKAN_ASSERT(watch.status == IncidentStatus::watch);
  for (const Evidence& hunch : watch.decision.evidence) keep_evidence(watch, hunch);
  decision.incident = watch.id;
  watch.decision = decision;
  if (opening.impact > watch.impact) watch.impact_at = decision.at;
  watch.impact = std::max(watch.impact, opening.impact);
  watch.title = title_of(decision.subject, watch.impact);
  begin(watch, known_level(level), decision.at);
  return watch;
}

int Desk::known_level(int level) const {
  return level != kWatchLevel && organisation_->levels.contains(level) ? level : organisation_->level_default;
}

// A subject belongs to one live incident: the one that was first to hold it.
void Desk::hold(Incident& incident, const std::string& subject) {
  if (!live_.emplace(subject, incident.number).second) return;
  incident.subjects.push_back(subject);
}

void Desk::extend(const Incident& extended, const Evidence& evidence, std::span<const Transition> members,
                  Effects& effects) {
  Incident& incident = incidents_.at(extended.number);
  const std::size_t before = incident.subjects.size();
  hold(incident, evidence.subject);
  for (const std::string& subject : evidence.also) hold(incident, subject);
  keep_evidence(incident, evidence);
  if (incident.subjects.size() > before) {
    say(incident, evidence.at, "reach", evidence.sentence, effects);
    incident.title = title_of_many(incident.subjects);
  }
  for (const Transition& member : members) {
    if (add_member(incident, member)) change(incident, evidence.at);
  }
}

void Desk::join(const Incident& joined, TimePoint at, const Transition* transition,
                const std::vector<Evidence>& evidence, Effects& effects) {
  Incident& incident = incidents_.at(joined.number);
  for (const Evidence& one : evidence) {
    keep_evidence(incident, one);
    change(incident, at);
    if (one.statement && one.statement->impact > incident.impact) {
      incident.impact = one.statement->impact;
      incident.impact_at = at;
      say(incident, at, "impact", one.sentence, effects);
    }
    if (!one.statement) continue;
    const int level = std::max(one.statement->level, level_for(one.statement->impact));
    if (organisation_->levels.contains(level)) raise(incident, level, one.sentence, at, effects);
  }
  if (transition == nullptr || !add_member(incident, *transition)) return;
  say(incident, at, "alert", alert_line(*transition), effects, transition->source,
      member_state(transition->kind) == MemberState::firing ? transition->starts_at : transition->ended_at);
}

void Desk::hold_member(const Incident& held, const Transition& transition, Effects& effects) {
  Incident& incident = incidents_.at(held.number);
  Transition silenced = transition;
  silenced.kind = TransitionKind::silenced;
  if (!add_member(incident, silenced)) return;
  if (!begins(transition.kind)) return change(incident, transition.at);
  say(incident, transition.at, "alert", alert_line(silenced), effects, transition.source, transition.starts_at);
}

void Desk::remark(const Incident& about, TimePoint at, Sentence text, Effects& effects, std::string_view actor) {
  say(incidents_.at(about.number), at, "silence", std::move(text), effects, actor.empty() ? "iwakan" : actor);
}

void Desk::member_changed(const Transition& transition, Effects& effects) {
  const auto found = live_.find(transition.subject);
  if (found == live_.end()) return;
  Incident& incident = incidents_.at(found->second);
  if (!add_member(incident, transition)) return;
  say(incident, transition.at, "alert", alert_line(transition), effects, transition.source,
      member_state(transition.kind) == MemberState::firing ? transition.starts_at : transition.ended_at);
  const bool all_resolved = incident.members_left_out == 0 &&
                            std::all_of(incident.members.begin(), incident.members.end(),
                                        [](const Member& member) { return member.state == MemberState::resolved; });
  if (all_resolved) {
    say(incident, transition.at, "alert",
        {"すべてのアラートが解消しました。復旧宣言は人が行います",
         "All alerts have resolved. Recovery is declared by a person"},
        effects);
  }
}

// An alert of an incident that was over a moment ago: it was not over.
void Desk::came_back(const Transition& transition, Effects& effects) {
  const Incident* over = recently_over(transition.subject, transition.at);
  if (over == nullptr) return;
  const bool member = std::any_of(over->members.begin(), over->members.end(), [&](const Member& other) {
    return other.fingerprint == transition.fingerprint && other.source == transition.source;
  });
  if (member) reopen(*over, transition.at, alert_line(transition), effects);
}

}  // namespace iwakan::desk

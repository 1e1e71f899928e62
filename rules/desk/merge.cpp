// Two incidents that are one, and one that is two.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/desk.hpp"
#include "desk/facts.hpp"
#include "desk/reporter.hpp"
#include "desk/roles.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

bool has_member(const Incident& incident, const Member& member) {
  return std::any_of(incident.members.begin(), incident.members.end(), [&](const Member& other) {
    return other.fingerprint == member.fingerprint && other.source == member.source;
  });
}

// Facts and questions are numbered within their incident.
template <class Numbered>
void append(std::vector<Numbered>& to, const std::vector<Numbered>& from, std::uint32_t Numbered::*refers) {
  const auto offset = static_cast<std::uint32_t>(to.size());
  for (Numbered item : from) {
    item.number += offset;
    if (item.*refers != 0) item.*refers += offset;
    to.push_back(std::move(item));
  }
}

void move_members(const Incident& from, Incident& into) {
  into.members_left_out += from.members_left_out;
  for (const Member& member : from.members) {
    if (has_member(into, member)) continue;
    if (into.members.size() < kMembersMax) {
      into.members.push_back(member);
    } else {
      ++into.members_left_out;
    }
  }
}

// What is known of the one is known of the other: questions, roles, and who was told.
void move_knowledge(const Incident& from, Incident& into, const Organisation& organisation) {
  append(into.facts, from.facts, &Fact::replaces);
  append(into.questions, from.questions, &Question::merged_into);
  for (FollowUp follow_up : from.follow_ups) {
    follow_up.number = static_cast<std::uint32_t>(into.follow_ups.size() + 1);
    into.follow_ups.push_back(std::move(follow_up));
  }
  for (Unknown unknown : from.unknowns) {
    const auto same = [&](const Unknown& other) { return other.id == unknown.id && other.what == unknown.what; };
    if (std::any_of(into.unknowns.begin(), into.unknowns.end(), same)) continue;
    if (is_taken(into, unknown.id)) unknown.id = fresh_unknown_id(into);
    into.unknowns.push_back(std::move(unknown));
  }
  for (const RoleHolder& role : from.roles) add_role(into.roles, role, organisation);
  for (const auto& [id, told] : from.told) into.told.try_emplace(id, Told{told.recipient, 0, 0});
  for (const auto& [person, acknowledgement] : from.acknowledged) into.acknowledged.emplace(person, acknowledgement);
  into.began_at = std::min(into.began_at, from.began_at);
  if (from.impact > into.impact) into.impact_at = from.impact_at;
  into.impact = std::max(into.impact, from.impact);
}

}  // namespace

void Desk::act_on(const PersonActed& acted, const act::Merge& what, Effects& effects) {
  Incident* into = incident_or_refuse(what.into, effects);
  Incident* from = into == nullptr ? nullptr : incident_or_refuse(what.incident, effects);
  if (from == nullptr) return;
  effects.incident = into->id;
  if (from == into) {
    effects.refusal = at_odds("it cannot be merged with itself");
  } else if (!is_live(from->status) || !is_live(into->status)) {
    const Incident& over = is_live(from->status) ? *into : *from;
    effects.refusal =
        at_odds(over.id + " is " + std::string(name(over.status)) + "; only what is at work can be merged");
  } else if (into->status == IncidentStatus::watch && from->status != IncidentStatus::watch) {
    effects.refusal = at_odds(into->id + " is a watch: merge it into " + from->id + ", not the other way round");
  } else if (into->reports_issued == 0 && from->reports_issued > 0) {
    effects.refusal = at_odds("nobody has been told of " + into->id + " yet: merge it into " + from->id +
                              ", not the other way round");
  }
  if (effects.refusal) return;
  const bool told = !from->told.empty();
  move_members(*from, *into);
  move_knowledge(*from, *into, *organisation_);
  for (const Evidence& evidence : from->decision.evidence) keep_evidence(*into, evidence);
  for (const Evidence& evidence : from->evidence) keep_evidence(*into, evidence);
  if (const auto asked = from->due.find(Due::questions); asked != from->due.end()) {
    TimePoint& round = into->due.try_emplace(Due::questions, asked->second).first->second;
    round = std::min(round, asked->second);
  }
  end_promise(*from);
  from->draft.reset();
  from->due.clear();
  from->merged_into = into->id;
  act_upon(*from);
  act_upon(*into);
  enter(*from, IncidentStatus::merged, acted.at);
  for (const std::string& subject : from->subjects) hold(*into, subject);
  say(*from, acted.at, "merged",
      with_reason(
          {into->id + " と同じ件なので、そちらで続けます", "The same matter as " + into->id + ": it goes on there"},
          what.why),
      effects, acted.actor);
  const Sentence said = with_reason(
      {from->id + " は同じ件なので、ここで続けます", from->id + " is the same matter, and goes on here"}, what.why);
  say(*into, acted.at, "merged", said, effects, acted.actor);
  if (into->status == IncidentStatus::watch) return;
  learn(*into, said, acted.at, acted.actor);
  if (from->level > into->level) {
    return raise(*into, from->level, {from->id + " のレベル", "the level of " + from->id}, acted.at, effects,
                 acted.actor);
  }
  if (told) report(*into, ReportKind::update, acted.at, effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::Split& what, Effects& effects) {
  Incident* whole = incident_or_refuse(what.incident, effects);
  if (whole == nullptr) return;
  const auto is_its = [whole](const std::string& subject) {
    return std::find(whole->subjects.begin(), whole->subjects.end(), subject) != whole->subjects.end();
  };
  const std::set<std::string> parted(what.subjects.begin(), what.subjects.end());
  std::string all;
  for (const std::string& subject : whole->subjects) all += (all.empty() ? "" : ", ") + cut(subject, 64);
  if (!is_live(whole->status) || whole->status == IncidentStatus::watch) {
    effects.refusal =
        at_odds(whole->id + " is " + std::string(name(whole->status)) + "; only what is at work can be split");
  } else if (parted.empty() || !std::all_of(parted.begin(), parted.end(), is_its)) {
    effects.refusal = Failure{Reason::unknown_name, "name subjects of " + whole->id + ": " + all, "/subjects"};
  } else if (parted.size() == whole->subjects.size()) {
    effects.refusal = at_odds("something must stay in " + whole->id + ": " + all);
  }
  if (effects.refusal) return;

  std::erase_if(whole->subjects, [&](const std::string& subject) { return parted.contains(subject); });
  for (const std::string& subject : parted) live_.erase(subject);
  Decision decision;
  decision.reason = DecisionReason::opened_by_person;
  decision.subject = *parted.begin();
  decision.at = acted.at;
  Incident& part = create(decision, whole->impact, whole->level, acted.at, title_of(decision.subject, whole->impact));
  for (const std::string& subject : parted) hold(part, subject);
  if (parted.size() > 1) part.title = title_of_many(part.subjects);
  if (!what.title.empty()) part.title = same_in_all(cut(what.title, kSummaryBytesMax));
  part.split_from = whole->id;
  part.touched_at = acted.at;
  for (const Member& member : whole->members) {
    if (!parted.contains(member.subject)) continue;
    part.members.push_back(member);
    part.began_at = std::min(part.began_at, member.starts_at);
  }
  std::erase_if(whole->members, [&](const Member& member) { return parted.contains(member.subject); });
  act_upon(*whole);
  effects.incident = part.id;
  say(*whole, acted.at, "split",
      with_reason({part.id + " を別の件として分けました", part.id + " is another matter, and goes on by itself"},
                  what.why),
      effects, acted.actor);
  say(part, acted.at, "opened",
      with_reason({whole->id + " から分けました：" + part.title.ja, "Split from " + whole->id + ": " + part.title.en},
                  what.why),
      effects, acted.actor);
  report(part, ReportKind::first, acted.at, effects, acted.actor);
  effects.decisions.push_back(std::move(decision));
}

}  // namespace iwakan::desk

#include "engine/testing/invariants.hpp"

#include <algorithm>
#include <set>

#include "desk/reporter.hpp"
#include "desk/testing/report_flaws.hpp"
#include "desk/timeline.hpp"
#include "engine/fields.hpp"
#include "model/codec.hpp"

namespace iwakan::engine::testing {
namespace {

using Incidents = std::map<std::uint64_t, Incident>;

void need(Flaws& flaws, bool holds, const std::string& flaw) {
  if (!holds) flaws.push_back(flaw);
}

std::string at(TimePoint time) {
  return " (" + format_time(time) + ")";
}

bool at_work(const Incident& incident) {
  return is_live(incident.status) && incident.status != IncidentStatus::watch;
}

const Incident* incident_in(const Incidents& incidents, const std::string& id) {
  const auto found =
      std::find_if(incidents.begin(), incidents.end(), [&id](const auto& item) { return item.second.id == id; });
  return found == incidents.end() ? nullptr : &found->second;
}

// What was not told before: neither what a restart takes up again, nor a dead letter's second chance.
std::vector<const Intent*> fresh_intents(const Moment& moment) {
  if (std::holds_alternative<Started>(moment.event)) {
    std::vector<const Intent*> fresh;
    for (const Intent& intent : moment.effects.intents) {
      if (!moment.rows.contains({Table::outbox, intent.delivery.id})) fresh.push_back(&intent);
    }
    return fresh;
  }
  const auto* acted = std::get_if<PersonActed>(&moment.event);
  if (acted != nullptr && std::holds_alternative<act::Redeliver>(acted->act)) return {};
  std::vector<const Intent*> fresh;
  for (const Intent& intent : moment.effects.intents) fresh.push_back(&intent);
  return fresh;
}

// Who is reached by several names at one place hears once.
std::string place_of(const Recipient& recipient) {
  return recipient.sink + " " + recipient.address;
}

template <class Item, class Same>
bool holds(const std::vector<Item>& items, Same same) {
  return std::any_of(items.begin(), items.end(), same);
}

bool has_member(const Incident& incident, const Member& member) {
  return holds(incident.members, [&](const Member& other) {
    return other.fingerprint == member.fingerprint && other.source == member.source;
  });
}

// Written by a person; those that every incident begins with come and go with what it is.
bool is_persons(const Unknown& unknown) {
  return unknown.id.size() > 1 && unknown.id[0] == 'u' && unknown.id[1] >= '0' && unknown.id[1] <= '9';
}

}  // namespace

Flaws deadlines_lie_ahead(const Engine& engine, TimePoint now) {
  Flaws flaws;
  for (const auto& [number, incident] : engine.desk().incidents()) {
    for (const auto& [kind, due] : incident.due) {
      const std::string what = incident.id + ": due " + std::to_string(static_cast<int>(kind)) + at(due);
      need(flaws, due > now, what + " is over, and nothing was done" + at(now));
      need(flaws, engine.next_deadline(now) <= std::max(due, now), what + ": the engine would wake later");
    }
  }
  return flaws;
}

Flaws what_is_due_is_wanted(const Engine& engine) {
  Flaws flaws;
  for (const auto& [number, one] : engine.desk().incidents()) {
    const Incident& incident = one;  // for lambdas to see
    const auto is_due = [&incident](Due kind) { return incident.due.contains(kind); };
    const auto want = [&](bool holds, const char* flaw) { need(flaws, holds, incident.id + ": " + flaw); };
    const bool told = incident.reports_issued > 0;
    const bool over_for_all =
        incident.status == IncidentStatus::false_alarm || incident.status == IncidentStatus::merged;
    want((incident.status == IncidentStatus::watch) == is_due(Due::answer), "a watch waits for an answer, else none");
    want(incident.draft.has_value() == is_due(Due::approval), "a draft has a time by which it goes, else none");
    want(!at_work(incident) || told || incident.draft, "it is at work, and nobody will hear of it");
    want(!(at_work(incident) && told) || incident.next_report_at || incident.draft,
         "it is at work, and no report is promised");
    want(!at_work(incident) || incident.next_report_at.has_value() == is_due(Due::promise),
         "what is promised is due, else nothing");
    want(!is_live(incident.status) || !is_due(Due::settled), "it is at work, and would settle");
    const bool waits = holds(incident.waves, [](const Wave& wave) { return wave.state == WaveState::waiting; });
    want(incident.draft || (told && waits && !over_for_all) == is_due(Due::wave),
         "a wave that waits has its time, else none");
    want(!told || incident.waves.size() >= 2, "it was told, and has no waves");
  }
  return flaws;
}

Flaws subjects_have_one_home(const Engine& engine) {
  Flaws flaws;
  std::map<std::string, std::string> homes;
  for (const auto& [number, incident] : engine.desk().incidents()) {
    need(flaws, !incident.subjects.empty(), incident.id + " is about nothing");
    if (!is_live(incident.status)) continue;
    for (const std::string& subject : incident.subjects) {
      const auto [home, is_new] = homes.emplace(subject, incident.id);
      need(flaws, is_new, incident.id + " and " + home->second + " both hold " + subject);
      const Incident* found = engine.desk().live_incident(subject);
      need(flaws, found == &incident, incident.id + " is not found by its subject " + subject);
    }
    for (const Member& member : incident.members) {
      need(flaws, holds(incident.subjects, [&member](const std::string& one) { return one == member.subject; }),
           incident.id + " has an alert of " + member.subject + ", which it does not hold");
    }
  }
  return flaws;
}

Flaws roles_stand_apart(const Engine& engine) {
  Flaws flaws;
  const bool alone = engine.settings().organisation.people.size() <= 1;
  for (const auto& [number, incident] : engine.desk().incidents()) {
    std::map<RoleKind, std::size_t> count;
    for (const RoleHolder& one : incident.roles) {
      ++count[one.kind];
      for (const RoleHolder& other : incident.roles) {
        const bool both = one.kind == RoleKind::contact && other.kind == RoleKind::hands_on && one.name == other.name;
        need(flaws, alone || !both, incident.id + ": " + one.name.en + " takes questions with their hands in it");
      }
    }
    for (const auto& [kind, holders] : count) {
      const bool several = kind == RoleKind::hands_on || kind == RoleKind::customers;
      need(flaws, several || holders == 1,
           incident.id + ": " + std::to_string(holders) + " hold the role " + std::string(name(kind)));
    }
  }
  return flaws;
}

Flaws names_are_unique(const Engine& engine) {
  Flaws flaws;
  for (const auto& [number, incident] : engine.desk().incidents()) {
    std::set<std::uint32_t> facts;
    std::set<std::uint32_t> questions;
    std::set<std::string> unknowns;
    for (const Fact& fact : incident.facts) {
      need(flaws, facts.insert(fact.number).second, incident.id + ": two facts " + std::to_string(fact.number));
      need(flaws, fact.replaces == 0 || facts.contains(fact.replaces), incident.id + ": a fact replaces none");
    }
    for (const Unknown& unknown : incident.unknowns) {
      need(flaws, unknowns.insert(unknown.id).second, incident.id + ": two unknowns " + unknown.id);
    }
    for (const Question& question : incident.questions) {
      need(flaws, questions.insert(question.number).second, incident.id + ": two questions of one number");
    }
  }
  return flaws;
}

Flaws status_is_true(const Engine& engine) {
  Flaws flaws;
  for (const auto& [number, one] : engine.desk().incidents()) {
    const Incident& incident = one;  // for lambdas to see
    const auto want = [&](bool holds, const char* flaw) { need(flaws, holds, incident.id + ": " + flaw); };
    const bool merged = incident.status == IncidentStatus::merged;
    want(merged != incident.merged_into.empty(), "merged, and not said where to, or the other way round");
    want(!merged || (incident.merged_into != incident.id && engine.desk().find(incident.merged_into) != nullptr),
         "merged into what is not there");
    want(incident.status != IncidentStatus::recovered || incident.recovery, "recovered, and nobody declared it");
    want(!is_live(incident.status) || !incident.recovery, "at work, and declared to be over");
    want(!incident.recovery || (!incident.recovery->grounds.empty() && !incident.recovery->by.empty()),
         "recovered without grounds or name");
    want(!at_work(incident) || incident.level != kWatchLevel, "at work at the level of a watch");
  }
  return flaws;
}

Flaws knows_who_was_not_reached(const Engine& engine, const Rows& rows) {
  struct Last {
    TimePoint at{};
    bool dead = false;
  };
  std::map<std::pair<std::string, std::string>, Last> last;
  std::set<std::pair<std::string, std::string>> unclear;  // two answers at once
  for (const auto& [key, value] : rows) {
    if (key.first != Table::ledger) continue;
    const auto delivery = decode<Delivery>(value);
    if (!delivery || !delivery->answered_at) return {"a row of the ledger without an answer: " + key.second};
    if (delivery->edition.starts_with(desk::kNotice)) continue;  // reaches somebody at work, not a reader
    const std::pair who{delivery->incident, delivery->recipient.id};
    const Last word{*delivery->answered_at, delivery->state == DeliveryState::dead};
    const auto [known, is_new] = last.emplace(who, word);
    if (is_new) continue;
    if (word.at == known->second.at && word.dead != known->second.dead) unclear.insert(who);
    if (word.at >= known->second.at) known->second = word;
  }
  Flaws flaws;
  for (const auto& item : last) {
    const auto& who = item.first;
    const Last& word = item.second;
    const Incident* incident = engine.desk().find(who.first);
    if (incident == nullptr || unclear.contains(who)) continue;
    const bool said = incident->not_reached.contains(who.second);
    const bool tries_again = std::any_of(engine.desk().outbox().begin(), engine.desk().outbox().end(), [&](auto& one) {
      return one.second.incident == who.first && one.second.recipient.id == who.second;
    });
    need(flaws, said == word.dead || tries_again,
         who.first + ": " + who.second + (word.dead ? " was not reached, and it does not say so" : " was reached"));
  }
  return flaws;
}

Flaws timelines_are_chained(const Engine& engine, const Rows& rows) {
  Flaws flaws;
  std::map<std::string, desk::ChainCheck> checks;  // by the incident's part of the key
  for (const auto& [number, incident] : engine.desk().incidents()) {
    checks.emplace(ordered_key(number), desk::ChainCheck(incident.id));
  }
  for (const auto& [key, value] : rows) {
    if (key.first != Table::timeline) continue;
    const auto check = checks.find(key.second.substr(0, ordered_key(0).size()));
    const auto entry = decode<TimelineEntry>(value);
    const bool holds = check != checks.end() && entry && check->second.add(*entry);
    if (!holds) return {"a line of a timeline is not what was written"};
  }
  for (const auto& [number, incident] : engine.desk().incidents()) {
    const desk::ChainCheck& check = checks.at(ordered_key(number));
    need(flaws, check.head() == incident.timeline_head && check.entries() == incident.timeline_length,
         incident.id + ": its timeline does not end where it says");
  }
  return flaws;
}

Flaws questions_have_their_way(const Engine& engine) {
  Flaws flaws;
  for (const auto& [number, one] : engine.desk().incidents()) {
    const Incident& incident = one;  // for lambdas to see
    for (const Question& question : incident.questions) {
      const auto want = [&](bool is_so, const char* flaw) {
        need(flaws, is_so, incident.id + " question " + std::to_string(question.number) + ": " + flaw);
      };
      const bool waits = question.state == QuestionState::waiting;
      want(!waits || !is_live(incident.status) || incident.due.contains(Due::questions), "no round will take it");
      want(question.state != QuestionState::answered || !question.answers.empty(), "answered without an answer");
      want((question.state == QuestionState::merged) == (question.merged_into != 0), "merged, and not said into which");
      if (question.merged_into == 0) continue;
      const bool is_there =
          question.merged_into <= incident.questions.size() && question.merged_into != question.number;
      want(is_there, "merged into none");
      if (!is_there) continue;
      const Question& into = incident.questions[question.merged_into - 1];
      for (const Asker& asker : question.askers) {
        want(holds(into.askers, [&asker](const Asker& other) { return other.person == asker.person; }) ||
                 into.state == QuestionState::merged,
             "merged, and who asked it will not hear");
      }
    }
  }
  return flaws;
}

Flaws a_restart_gives_the_same(const Engine& engine, const Rows& rows, std::shared_ptr<const Settings> settings) {
  Engine restored(std::move(settings));
  Flaws flaws;
  for (const auto& [key, value] : rows) {
    need(flaws, restored.restore(key.first, key.second, value).has_value(),
         "a row of " + std::string(name(key.first)) + " does not restore");
  }
  const desk::Desk& desk = engine.desk();
  for (const auto& [number, incident] : desk.incidents()) {
    const Incident* same = restored.desk().find(incident.id);
    need(flaws, same != nullptr && *same == incident, incident.id + " is another after a restart");
  }
  need(flaws, restored.desk().incidents().size() == desk.incidents().size(), "a restart makes up incidents");
  need(flaws, restored.desk().outbox() == desk.outbox(), "the outbox is another after a restart");
  need(flaws, restored.desk().dead_letters() == desk.dead_letters(), "the dead letters are others after a restart");
  need(flaws, restored.desk().next_deadline() == desk.next_deadline(), "the deadline is another after a restart");
  need(flaws, restored.suspicions().size() == engine.suspicions().size(), "the suspicions are others after a restart");
  const auto silences = engine.silences().all();
  for (const Silence* silence : silences) {
    const Silence* same = restored.silences().find(silence->id);
    need(flaws, same != nullptr && *same == *silence, "the silence " + silence->id + " is another after a restart");
  }
  need(flaws, restored.silences().all().size() == silences.size(), "the silences are others after a restart");
  return flaws;
}

// --- of one step

Flaws a_refusal_changes_nothing(const Moment& moment) {
  Flaws flaws;
  if (!moment.effects.refusal) return flaws;
  const std::string act = "refused (" + moment.effects.refusal->detail + "), and yet ";
  need(flaws, !moment.effects.writes(), act + "something is written");
  need(flaws, moment.effects.intents.empty(), act + "something is sent");
  need(flaws, !moment.effects.refusal->detail.empty(), "refused without a word");
  need(flaws, moment.engine.desk().incidents() == moment.before, act + "an incident changed");
  return flaws;
}

Flaws what_is_written_stays(const Moment& moment) {
  Flaws flaws;
  std::set<std::string> timeline;
  for (const Row& row : moment.effects.rows) {
    const auto known = moment.rows.find({row.table, row.key});
    const bool is_known = known != moment.rows.end();
    if (row.table == Table::timeline) {
      need(flaws, !is_known && row.value && timeline.insert(row.key).second, "a line of a timeline is written twice");
    } else if (row.table == Table::reports && is_known) {
      need(flaws, row.value == known->second, "a report that was issued is written anew");
    } else if (row.table == Table::ledger && is_known) {
      const auto delivery = decode<Delivery>(known->second);
      need(flaws, delivery && delivery->state == DeliveryState::dead, "what was delivered is forgotten");
    } else if (row.table == Table::incidents) {
      need(flaws, row.value.has_value(), "an incident is forgotten");
    }
  }
  for (const auto& [number, incident] : moment.engine.desk().incidents()) {
    const auto before = moment.before.find(number);
    const std::uint32_t length = before == moment.before.end() ? 0 : before->second.timeline_length;
    for (std::uint32_t line = length + 1; line <= incident.timeline_length; ++line) {
      need(flaws, timeline.contains(ordered_key(number, line)), incident.id + ": a line of its timeline is missing");
    }
  }
  return flaws;
}

Flaws nothing_known_is_lost(const Moment& moment) {
  Flaws flaws;
  const Incidents& after = moment.engine.desk().incidents();
  for (const auto& [number, one] : moment.before) {
    const Incident& before = one;  // for lambdas to see
    const auto found = after.find(number);
    if (found == after.end()) {
      flaws.push_back(before.id + " is gone");
      continue;
    }
    const Incident& incident = found->second;
    const auto want = [&](bool holds, const std::string& what) { need(flaws, holds, before.id + " lost " + what); };
    const bool just_merged = incident.status == IncidentStatus::merged && before.status != IncidentStatus::merged;
    const Incident* goes_on = just_merged ? moment.engine.desk().find(incident.merged_into) : &incident;
    if (goes_on == nullptr) continue;
    for (const Fact& fact : before.facts) {
      want(holds(goes_on->facts, [&](const Fact& other) { return other.what == fact.what; }),
           "the fact \"" + fact.what.en + "\"");
    }
    for (const Unknown& unknown : before.unknowns) {
      if (!is_persons(unknown)) continue;
      want(holds(goes_on->unknowns, [&](const Unknown& other) { return other.what == unknown.what; }),
           "the unknown \"" + unknown.what.en + "\"");
    }
    for (const Question& question : before.questions) {
      want(holds(goes_on->questions, [&](const Question& other) { return other.text == question.text; }), "a question");
    }
    for (const Member& member : before.members) {
      const bool parted = std::any_of(after.begin(), after.end(), [&](const auto& item) {
        return item.second.split_from == before.id && has_member(item.second, member);
      });
      want(parted || goes_on->members_left_out > 0 || has_member(*goes_on, member), "the alert " + member.alert_name);
    }
    for (const auto& [person, acknowledged] : before.acknowledged) {
      want(goes_on->acknowledged.contains(person), "the acknowledgement of " + person);
    }
    for (const auto& [recipient, told] : before.told) {
      want(goes_on->told.contains(recipient), "that " + recipient + " was told");
    }
  }
  return flaws;
}

Flaws acts_stand_in_the_timeline(const Moment& moment) {
  Flaws flaws;
  const auto* acted = std::get_if<PersonActed>(&moment.event);
  if (acted == nullptr || moment.effects.refusal) return flaws;
  const Incident* after = moment.engine.desk().find(moment.effects.incident);
  if (after == nullptr) return flaws;
  Incident shown = *after;
  if (const Incident* before = incident_in(moment.before, after->id)) {
    shown.touched_at = before->touched_at;
    shown.changed_at = before->changed_at;
    shown.judgement = before->judgement;
    if (shown == *before) return flaws;
  }
  for (const Row& row : moment.effects.rows) {
    if (row.table != Table::timeline || !row.value) continue;
    const auto entry = decode<TimelineEntry>(*row.value);
    if (entry && entry->actor == acted->actor && row.key.starts_with(ordered_key(after->number))) return flaws;
  }
  flaws.push_back(after->id + ": " + acted->actor + " changed it, and the timeline does not say so");
  return flaws;
}

Flaws supervisors_hear_first(const Moment& moment) {
  Flaws flaws;
  const Organisation& organisation = moment.engine.settings().organisation;
  const auto unacknowledged = [&](const Incident& incident) {
    return !desk::unconfirmed_departments(incident, organisation).empty();
  };
  for (const auto& [number, incident] : moment.engine.desk().incidents()) {
    const auto before = moment.before.find(number);
    for (const Wave& wave : incident.waves) {
      if (wave.state != WaveState::sent || wave.audience == kSupervisors) continue;
      const bool is_new = before == moment.before.end() || !holds(before->second.waves, [&](const Wave& other) {
                            return other.audience == wave.audience && other.state == WaveState::sent;
                          });
      if (!is_new) continue;
      need(flaws, incident.supervisors_told_at.has_value(), incident.id + ": " + wave.audience + " heard first");
      need(flaws, wave.deadline <= moment.now || !unacknowledged(incident),
           incident.id + ": " + wave.audience + " heard before time, and the supervisors had not acknowledged");
    }
  }
  std::set<std::pair<std::string, std::string>> told;  // incident, place
  for (const auto& [number, incident] : moment.before) {
    for (const auto& [id, before] : incident.told) told.emplace(incident.id, place_of(before.recipient));
  }
  for (const Intent* intent : fresh_intents(moment)) {
    const std::string& incident = intent->delivery.incident;
    told.emplace(incident, place_of(intent->delivery.recipient));
    if (intent->delivery.wave == 0) continue;
    for (const Department& department : organisation.departments) {
      for (const Recipient& recipient : department.recipients) {
        need(flaws, told.contains({incident, place_of(recipient)}),
             intent->delivery.id + " goes before " + recipient.id + " was told");
      }
    }
  }
  return flaws;
}

Flaws recovery_is_told_to_the_told(const Moment& moment) {
  std::map<std::string, std::set<std::string>> recipients;
  for (const Intent* intent : fresh_intents(moment)) {
    const bool declares = intent->report->outcome && intent->report->outcome->recovered && !intent->report->notice;
    // Nor to a deputy, who begins with it.
    const bool to_all =
        intent->delivery.wave == 0 && intent->report->issued_at == moment.now && !intent->report->individual;
    if (declares && to_all) recipients[intent->delivery.incident].insert(place_of(intent->delivery.recipient));
  }
  Flaws flaws;
  for (const auto& [id, told_now] : recipients) {
    const Incident* before = incident_in(moment.before, id);
    if (before == nullptr) continue;
    for (const auto& [recipient, told] : before->told) {
      need(flaws, told_now.contains(place_of(told.recipient)),
           id + ": " + recipient + " was told of it, and not that it is over");
    }
  }
  return flaws;
}

Flaws drafts_are_kept(const Moment& moment) {
  Flaws flaws;
  for (const auto& [number, before] : moment.before) {
    const Incident* after = moment.engine.desk().find(before.id);
    if (!before.draft || after == nullptr || !is_live(after->status)) continue;
    const bool went = after->reports_issued > before.reports_issued || after->report_version != before.report_version;
    if (went) continue;
    need(flaws, after->draft.has_value(), before.id + ": a report that waited for approval is forgotten");
    if (!after->draft) continue;
    const bool says_it = after->draft->corrects.en.find(before.draft->corrects.en) != std::string::npos;
    need(flaws, says_it, before.id + ": what was to be put right is forgotten");
    need(flaws, after->due.at(Due::approval) <= before.due.at(Due::approval),
         before.id + ": a report that waited for approval waits longer");
  }
  for (const auto& [number, after] : moment.engine.desk().incidents()) {
    const auto before = moment.before.find(number);
    const bool waited = before != moment.before.end() && before->second.draft && after.draft;
    if (!waited || !before->second.recovery || !after.recovery) continue;
    const bool was_to_end = before->second.draft->kind == ReportKind::second;
    need(flaws, !was_to_end || after.draft->kind == ReportKind::second,
         after.id + ": nobody will hear that it is over");
  }
  return flaws;
}

Flaws a_false_alarm_is_told_to_the_told(const Moment& moment) {
  Flaws flaws;
  std::set<std::pair<std::string, std::string>> told_now;
  for (const Intent* intent : fresh_intents(moment)) {
    told_now.emplace(intent->delivery.incident, place_of(intent->delivery.recipient));
  }
  for (const auto& [number, before] : moment.before) {
    const Incident* after = moment.engine.desk().find(before.id);
    const bool dismissed = after != nullptr && after->status == IncidentStatus::false_alarm && is_live(before.status);
    if (!dismissed || after->draft) continue;
    for (const auto& [recipient, told] : before.told) {
      need(flaws, told_now.contains({before.id, place_of(told.recipient)}),
           before.id + ": " + recipient + " waits for a word");
    }
  }
  return flaws;
}

Flaws reports_are_sound(const Moment& moment) {
  Flaws flaws;
  std::set<const Report*> seen;
  for (const Intent* intent : fresh_intents(moment)) {
    const Report& report = *intent->report;
    const Incident* about = moment.engine.desk().find(report.incident);
    if (report.issued_at != moment.now || about == nullptr || !seen.insert(&report).second) continue;
    for (std::string& flaw : desk::testing::report_flaws(report, *about)) flaws.push_back(std::move(flaw));
  }
  return flaws;
}

}  // namespace iwakan::engine::testing

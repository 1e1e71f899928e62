#include "desk/desk.hpp"

#include <algorithm>
#include <charconv>

#include "desk/cut.hpp"
#include "desk/reporter.hpp"
#include "engine/fields.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;
using engine::Transition;
using engine::TransitionKind;

constexpr std::size_t kMembersMax = 200;
constexpr std::size_t kEvidenceMax = 20;
constexpr std::uint32_t kSupervisors = 0;
constexpr std::uint32_t kEverybody = 1;
constexpr std::string_view kIdPrefix = "INC-";
constexpr std::string_view kEverybodyEdition = "everybody";

std::string report_key(std::uint64_t incident, std::uint32_t report, std::string_view edition) {
  return ordered_key(incident, report) + std::string(edition);
}

MemberState member_state(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::fired:
    case TransitionKind::superseded:
    case TransitionKind::returned: return MemberState::firing;
    case TransitionKind::resolved:
    case TransitionKind::unseen: return MemberState::resolved;
    case TransitionKind::expired: return MemberState::expired;
    case TransitionKind::source_lost: return MemberState::source_lost;
  }
  return MemberState::firing;
}

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

}  // namespace

// --- reading

const Incident* Desk::find(std::string_view id) const {
  if (!id.starts_with(kIdPrefix)) return nullptr;
  id.remove_prefix(kIdPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const auto found = incidents_.find(number);
  const bool whole = error == std::errc{} && end == id.data() + id.size() && !id.starts_with('0');
  return whole && found != incidents_.end() ? &found->second : nullptr;
}

Incident* Desk::find_mutable(std::string_view id) {
  const Incident* found = find(id);
  return found == nullptr ? nullptr : &incidents_.at(found->number);
}

const Incident* Desk::live_incident(std::string_view subject) const {
  const auto found = live_.find(subject);
  return found == live_.end() ? nullptr : &incidents_.at(found->second);
}

// --- writing things down

void Desk::change(Incident& incident, TimePoint at) {
  incident.changed_at = at;
  changed_.insert(incident.number);
}

void Desk::say(Incident& incident, TimePoint at, std::string kind, Sentence text, Effects& effects,
               std::string_view actor, std::optional<TimePoint> occurred_at) {
  TimelineEntry entry{.number = ++incident.timeline_length,
                      .occurred_at = occurred_at.value_or(at),
                      .recorded_at = at,
                      .actor = std::string(actor),
                      .kind = std::move(kind),
                      .text = std::move(text)};
  rows_.push_back({Table::timeline, ordered_key(incident.number, entry.number), encode(entry)});
  effects.happened.push_back({incident.id, entry.kind, entry.text});
  change(incident, at);
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
  if (state != MemberState::firing) return false;
  if (incident.members.size() >= kMembersMax) {
    ++incident.members_left_out;
    change(incident, transition.at);  // counted; a line each would bury the timeline in a storm
    return false;
  }
  Member member{.source = std::string(transition.source),
                .fingerprint = transition.fingerprint,
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

// --- life

Incident& Desk::create(Decision& decision, Impact impact, int level, TimePoint began_at, Sentence title) {
  const std::uint64_t number = ++last_number_;
  Incident& incident = incidents_[number];
  incident.number = number;
  incident.id = std::string(kIdPrefix) + std::to_string(number);
  decision.incident = incident.id;
  if (!organisation_->levels.contains(level)) level = organisation_->level_default;
  incident.level = level;
  incident.impact = impact;
  incident.title = std::move(title);
  incident.subjects = {decision.subject};
  incident.began_at = began_at;
  incident.opened_at = decision.at;
  incident.decision = decision;
  live_[decision.subject] = number;
  return incident;
}

const Incident& Desk::open(Decision& decision, const Opening& opening, Effects& effects) {
  Incident& incident = create(decision, opening.impact, opening.level, std::min(opening.began_at, decision.at),
                              title_of(decision.subject, opening.impact));
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
  start_first_report(incident, decision.at, effects);
  return incident;
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
      say(incident, at, "impact", one.sentence, effects);
    }
  }
  if (transition == nullptr || !add_member(incident, *transition)) return;
  say(incident, at, "alert", alert_line(*transition), effects, transition->source,
      member_state(transition->kind) == MemberState::firing ? transition->starts_at : transition->ended_at);
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

// --- reports and waves

void Desk::start_first_report(Incident& incident, TimePoint now, Effects& effects) {
  const LevelProcedure& level = organisation_->levels.at(incident.level);
  incident.reports_issued = 1;
  incident.next_report_at = now + level.next_report_within;
  const TimePoint everybody_at = now + level.everybody_within;
  incident.waves = {Wave{WaveState::waiting, now, {}}, Wave{WaveState::waiting, everybody_at, {}}};

  const Report report = first_report(incident, *organisation_, now);
  for (const Department& department : organisation_->departments) {
    send(incident, kSupervisors, department.id,
         std::make_shared<const Report>(individual_edition(report, department, everybody_at)), department.recipients,
         effects);
  }
  incident.waves[kSupervisors].state = WaveState::sent;
  incident.waves[kSupervisors].sent_at = now;
  mind_the_wave(incident);
  if (organisation_->departments.empty()) return tell_everybody(incident, now, effects);
  const std::string count = std::to_string(organisation_->departments.size());
  say(incident, now, "wave",
      {"第一報を部署の監督者 " + count + " 名へ個別に送ります",
       "First report goes to " + count + " supervisors, one by one"},
      effects);
}

void Desk::tell_everybody(Incident& incident, TimePoint now, Effects& effects) {
  Wave& wave = incident.waves[kEverybody];
  IWAKAN_ASSERT(incident.waves[kSupervisors].state == WaveState::sent);
  wave.state = WaveState::sent;
  wave.sent_at = now;
  mind_the_wave(incident);
  Report report = first_report(incident, *organisation_, now);
  report.unconfirmed = unconfirmed_departments(incident, *organisation_);
  const bool confirmed = report.unconfirmed.empty();
  send(incident, kEverybody, std::string(kEverybodyEdition), std::make_shared<const Report>(std::move(report)),
       organisation_->everybody, effects);
  say(incident, now, "wave",
      confirmed ? Sentence{"第一報を全体へ送ります", "First report goes to everybody"}
                : Sentence{"期限になったので、未確認の部署を添えて第一報を全体へ送ります",
                           "The deadline has come: first report goes to everybody, with the departments unconfirmed"},
      effects);
}

void Desk::send(Incident& incident, std::uint32_t wave, const std::string& edition,
                const std::shared_ptr<const Report>& report, const std::vector<Recipient>& recipients,
                Effects& effects) {
  const std::string key = report_key(incident.number, report->number, edition);
  rows_.push_back({Table::reports, key, encode(*report)});
  if (!recipients.empty()) reports_[key] = report;
  for (const Recipient& recipient : recipients) {
    Delivery delivery{.id = incident.id + "." + std::to_string(report->number) + "." + recipient.id,
                      .incident = incident.id,
                      .report = report->number,
                      .edition = edition,
                      .wave = wave,
                      .recipient = recipient,
                      .state = DeliveryState::pending,
                      .attempts = 0,
                      .maybe_sent = false,
                      .queued_at = report->issued_at,
                      .answered_at = {},
                      .reason = DeliveryReason::accepted,
                      .detail = {}};
    rows_.push_back({Table::outbox, delivery.id, encode(delivery)});
    effects.intents.push_back({delivery, report});
    outbox_.emplace(delivery.id, std::move(delivery));
  }
}

bool Desk::all_acknowledged(const Incident& incident) const {
  return unconfirmed_departments(incident, *organisation_).empty();
}

bool Desk::time_reached(TimePoint now, Effects& effects) {
  bool any = false;
  const std::set<std::uint64_t> waiting = waiting_;
  for (const std::uint64_t number : waiting) {
    Incident& incident = incidents_.at(number);
    if (incident.waves[kEverybody].deadline > now) continue;
    tell_everybody(incident, now, effects);
    any = true;
  }
  return any;
}

std::optional<TimePoint> Desk::next_deadline() const {
  std::optional<TimePoint> next;
  for (const std::uint64_t number : waiting_) {
    const TimePoint deadline = incidents_.at(number).waves[kEverybody].deadline;
    if (!next || deadline < *next) next = deadline;
  }
  return next;
}

// A false alarm is not told to everybody; whatever else became of the incident, they are told.
void Desk::mind_the_wave(const Incident& incident) {
  const bool waits = incident.waves.size() > kEverybody && incident.waves[kEverybody].state == WaveState::waiting &&
                     incident.status != IncidentStatus::false_alarm;
  if (waits) {
    waiting_.insert(incident.number);
  } else {
    waiting_.erase(incident.number);
  }
}

// --- deliveries

void Desk::delivery_started(const DeliveryStarted& started, Effects&) {
  const auto found = outbox_.find(started.delivery);
  if (found == outbox_.end()) return;
  ++found->second.attempts;
  rows_.push_back({Table::outbox, started.delivery, encode(found->second)});
}

void Desk::settle(Delivery& delivery, const DeliveryAnswered& answered, Effects& effects) {
  const bool delivered = answered.answer.verdict == DeliveryVerdict::delivered;
  delivery.state = delivered ? DeliveryState::delivered : DeliveryState::dead;
  rows_.push_back({Table::outbox, delivery.id, std::nullopt});
  rows_.push_back({Table::ledger, delivery.id, encode(delivery)});
  if (Incident* incident = find_mutable(delivery.incident)) {
    const std::string& to = delivery.recipient.id;
    say(*incident, answered.at, "delivery",
        delivered ? Sentence{"届けました：" + to, "Delivered: " + to}
                  : Sentence{"届けられませんでした：" + to + "（" + std::string(name(delivery.reason)) + "）",
                             "Not delivered: " + to + " (" + std::string(name(delivery.reason)) + ")"},
        effects);
  }
  if (!delivered) dead_[delivery.id] = delivery;
}

void Desk::delivery_answered(const DeliveryAnswered& answered, Effects& effects) {
  const auto found = outbox_.find(answered.delivery);
  if (found == outbox_.end()) return;
  Delivery& delivery = found->second;
  delivery.answered_at = answered.at;
  delivery.reason = answered.answer.reason;
  delivery.detail = cut(answered.answer.detail, kSummaryBytesMax);
  delivery.maybe_sent = delivery.maybe_sent || answered.answer.outcome_unknown;
  if (answered.answer.verdict == DeliveryVerdict::retry_later) {
    rows_.push_back({Table::outbox, delivery.id, encode(delivery)});
    return;
  }
  settle(delivery, answered, effects);
  outbox_.erase(found);
  drop_unneeded_reports();
}

std::string Desk::report_key_of(const Delivery& delivery) const {
  const Incident* incident = find(delivery.incident);
  IWAKAN_ASSERT(incident != nullptr);
  return report_key(incident->number, delivery.report, delivery.edition);
}

// Reports stay in the store for ever, and in memory as long as a delivery may still need them.
void Desk::drop_unneeded_reports() {
  std::set<std::string> needed;
  for (const auto& [id, delivery] : outbox_) needed.insert(report_key_of(delivery));
  for (const auto& [id, delivery] : dead_) needed.insert(report_key_of(delivery));
  std::erase_if(reports_, [&needed](const auto& report) { return !needed.contains(report.first); });
}

void Desk::resume(TimePoint now, Effects& effects) {
  for (auto& [id, delivery] : outbox_) {
    // Started and not answered since: the process ended in between.
    const bool under_way = delivery.attempts > 0 && !delivery.answered_at;
    if (under_way && !delivery.maybe_sent) {
      delivery.maybe_sent = true;
      rows_.push_back({Table::outbox, id, encode(delivery)});
    }
    effects.intents.push_back({delivery, reports_.at(report_key_of(delivery))});
  }
  drop_unneeded_reports();
  time_reached(now, effects);
}

// --- rows

void Desk::take_rows(std::vector<Row>& rows) {
  for (const std::uint64_t number : changed_) {
    rows.push_back({Table::incidents, ordered_key(number), encode(incidents_.at(number))});
  }
  changed_.clear();
  std::move(rows_.begin(), rows_.end(), std::back_inserter(rows));
  rows_.clear();
}

Result<void> Desk::restore(Table table, std::string_view key, std::string_view value) {
  const Failure corrupted{Reason::corrupted, "a stored row of " + std::string(name(table)) + " does not decode",
                          std::string(name(table))};
  if (table == Table::incidents) {
    auto incident = decode<Incident>(value);
    if (!incident || incident->waves.size() != 2) return corrupted;
    last_number_ = std::max(last_number_, incident->number);
    if (is_live(incident->status)) {
      for (const std::string& subject : incident->subjects) live_[subject] = incident->number;
    }
    const std::uint64_t number = incident->number;
    mind_the_wave(incidents_[number] = *std::move(incident));
  } else if (table == Table::reports) {
    auto report = decode<Report>(value);
    if (!report) return corrupted;
    reports_[std::string(key)] = std::make_shared<const Report>(*std::move(report));
  } else if (table == Table::outbox || table == Table::ledger) {
    auto delivery = decode<Delivery>(value);
    if (!delivery) return corrupted;
    const std::string id = delivery->id;
    if (table == Table::outbox) {
      outbox_[id] = *std::move(delivery);
    } else if (delivery->state == DeliveryState::dead) {
      dead_[id] = *std::move(delivery);
    }
  }
  return {};
}

}  // namespace iwakan::desk

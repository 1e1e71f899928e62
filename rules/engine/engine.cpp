#include "engine/engine.hpp"

#include <algorithm>
#include <cmath>

#include "engine/fields.hpp"
#include "engine/journal.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::engine {

template <class Archive, class Value>
requires Of<Suspicion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.subject, v.first_at, v.last_at, v.decision);
}

namespace {

using namespace std::chrono_literals;

constexpr Duration kForgetAfter = 26h;  // an ended alert: beyond any late copy (SNS retries for an hour, we keep a day)
constexpr Duration kLookEvery = 60s;    // for alerts whose sender fell silent
constexpr Duration kSweepEvery = 10min;  // for ended alerts that can be forgotten
constexpr Duration kSuspicionLasts = 24h;
constexpr std::size_t kSuspicionsMax = 1'000;
constexpr double kFiredMemory = 14 * 86400.;  // seconds: two weeks
constexpr double kFiredPerWeekLeast = 100;    // the budget is never spread over fewer tests
constexpr std::string_view kCountersKey = "engine";

std::string alert_key(std::string_view source, Fingerprint fingerprint) {
  std::string key(source);
  key.push_back('\0');
  return key + ordered_key(fingerprint);
}

double seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

// Whether the transition says that something began.
bool began(TransitionKind kind) {
  return kind == TransitionKind::fired || kind == TransitionKind::superseded;
}

bool is_old(const AlertEntry& entry, TimePoint now) {
  return entry.state != MemberState::firing && entry.changed_at + kForgetAfter <= now;
}

MemberState state_after(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::fired:
    case TransitionKind::returned:
    case TransitionKind::superseded: return MemberState::firing;
    case TransitionKind::resolved:
    case TransitionKind::unseen: return MemberState::resolved;
    case TransitionKind::expired: return MemberState::expired;
    case TransitionKind::source_lost: return MemberState::source_lost;
  }
  return MemberState::firing;
}

}  // namespace

Engine::Engine(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {
  make_rules();
  desk_.set_organisation({settings_, &settings_->organisation});
}

void Engine::make_rules() {
  for (const ConfiguredRule& rule : settings_->rules) rules_.push_back(rule.make());
}

// The rules' memory moves from the old rules to the new ones by way of their rows, as in a restart.
void Engine::configure(std::shared_ptr<const Settings> settings) {
  std::vector<Row> memory;
  for (const auto& rule : rules_) rule->save(memory, Rule::Extent::all);
  rules_.clear();
  settings_ = std::move(settings);
  make_rules();
  desk_.set_organisation({settings_, &settings_->organisation});
  for (const Row& row : memory) {
    const Result<void> restored = restore(row.table, row.key, *row.value);
    IWAKAN_ASSERT(restored.has_value());
  }
}

// --- restart

Result<void> Engine::restore(Table table, std::string_view key, std::string_view value) {
  const Failure corrupted{Reason::corrupted, "a stored row of " + std::string(name(table)) + " does not decode",
                          std::string(name(table))};
  if (table == Table::meta) {
    if (key != kCountersKey) return {};
    Decoder decoder(value);
    decoder(fired_, fired_at_, fired_since_);
    if (!decoder.done()) return corrupted;
  } else if (table == Table::alerts) {
    const auto row = decode_alert_row(value);
    if (!row) return corrupted;
    AlertEntry entry{.fingerprint = row->fingerprint,
                     .starts_at = row->starts_at,
                     .changed_at = row->changed_at,
                     .ended_at = row->ended_at,
                     .heard_at = row->changed_at,
                     .subject = {},
                     .alert_name = {},
                     .source = alerts_.source_id(row->source),
                     .state = row->state};
    if (alerts_.find(entry.source, entry.fingerprint) != nullptr) return corrupted;
    alerts_.insert(entry, row->subject, row->alert_name);
  } else if (table == Table::rules) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const std::string& rule = settings_->rules[i].name;
      if (key.starts_with(rule) && key.substr(rule.size()).starts_with('/')) return rules_[i]->restore(key, value);
    }
  } else if (table == Table::suspicions) {
    auto suspicion = decode<Suspicion>(value);
    if (!suspicion) return corrupted;
    const std::string subject = suspicion->subject;
    suspicions_[subject] = *std::move(suspicion);
  } else {
    return desk_.restore(table, key, value);
  }
  return {};
}

// --- steps

Effects Engine::step(const Event& event) {
  Effects effects;
  const auto record = [&] { effects.records.push_back(encode_record(event)); };
  if (const auto* alerts = std::get_if<AlertsReceived>(&event)) {
    received(*alerts, effects);
  } else if (const auto* time = std::get_if<TimeReached>(&event)) {
    reached(time->at, effects);
  } else if (const auto* withdrawal = std::get_if<SourceWithdrawn>(&event)) {
    record();
    withdrawn(*withdrawal, effects);
  } else if (const auto* started = std::get_if<Started>(&event)) {
    record();
    // What senders last said is unknown: each gets its whole time to speak again.
    for (AlertEntry& entry : alerts_.entries()) entry.heard_at = std::max(entry.heard_at, started->at);
    desk_.resume(started->at, effects);
  } else if (const auto* acted = std::get_if<PersonActed>(&event)) {
    desk_.person_acted(*acted, effects);
    if (!effects.refusal) record();
  } else if (const auto* delivery = std::get_if<DeliveryStarted>(&event)) {
    record();
    desk_.delivery_started(*delivery, effects);
  } else if (const auto* answer = std::get_if<DeliveryAnswered>(&event)) {
    record();
    desk_.delivery_answered(*answer, effects);
  } else {
    record();
  }
  finish(effects);
  return effects;
}

Result<Effects> Engine::replay(std::string_view bytes) {
  const std::optional<Record> record = decode_record(bytes);
  if (!record) return Failure{Reason::corrupted, "a record of the journal does not decode", {}};
  if (const auto* event = std::get_if<Event>(&*record)) {
    const auto* time = std::get_if<TimeReached>(event);
    if (time == nullptr && !std::holds_alternative<SourceWithdrawn>(*event)) return step(*event);
    // What was concluded from silence stands in records of its own.
    Effects effects;
    effects.records.emplace_back(bytes);
    if (time != nullptr) pass_time(time->at, effects);
    finish(effects);
    return effects;
  }
  const auto& seen = std::get<TransitionsSeen>(*record);
  Effects effects;
  effects.records.emplace_back(bytes);
  for (const Transition& transition : seen.transitions) apply(transition, effects);
  finish(effects);
  return effects;
}

void Engine::finish(Effects& effects) {
  for (const auto& rule : rules_) rule->save(rows_, Rule::Extent::changed);
  if (counters_changed_) {
    Encoder counters;
    counters(fired_, fired_at_, fired_since_);
    rows_.push_back({Table::meta, std::string(kCountersKey), counters.take()});
    counters_changed_ = false;
  }
  desk_.take_rows(rows_);
  effects.rows = std::move(rows_);
  rows_.clear();
}

// --- alerts

std::string_view Engine::subject_of(const Alert& alert) const {
  for (const std::string& label : settings_->subject_labels) {
    if (const std::string_view value = alert.label(label); !value.empty()) return value;
  }
  return "unknown";
}

void Engine::received(const AlertsReceived& event, Effects& effects) {
  const SourceId source = alerts_.source_id(event.source);
  const std::string_view source_name = alerts_.source_name(source);
  heard_.insert_or_assign(event.source, event.at);
  std::vector<Transition> transitions;
  for (const Alert& alert : event.batch.alerts()) {
    AlertEntry* entry = alerts_.find(source, alert.fingerprint);
    const auto kind = classify(entry, alert, event.at);
    if (!kind) {
      if (entry != nullptr && alert.state == AlertState::firing) entry->heard_at = event.at;
      ++effects.refreshes;
      continue;
    }
    Transition transition{.kind = *kind,
                          .at = event.at,
                          .source = source_name,
                          .fingerprint = alert.fingerprint,
                          .starts_at = alert.starts_at,
                          .ended_at = alert.ends_at.value_or(event.at),
                          .subject = subject_of(alert),
                          .alert_name = alert.label("alertname"),
                          .alert = &alert};
    if (transition.starts_at == kZeroTime) {
      transition.starts_at = entry != nullptr ? entry->starts_at : transition.ended_at;
    }
    if (transition.kind == TransitionKind::returned) transition.starts_at = entry->starts_at;
    if (transition.kind == TransitionKind::source_lost) transition.ended_at = entry->heard_at;
    apply(transition, effects);
    transitions.push_back(transition);
  }
  if (!transitions.empty()) effects.records.push_back(encode_record(event.at, source_name, transitions));
}

void Engine::apply(const Transition& transition, Effects& effects) {
  ++effects.transitions;
  const SourceId source = alerts_.source_id(transition.source);
  AlertEntry* entry = alerts_.find(source, transition.fingerprint);
  const MemberState state = state_after(transition.kind);
  if (entry == nullptr) {
    AlertEntry fresh;
    fresh.fingerprint = transition.fingerprint;
    fresh.source = source;
    fresh.state = state;
    entry = &alerts_.insert(fresh, transition.subject, transition.alert_name);
  } else {
    alerts_.set_state(*entry, state);
    alerts_.rename(*entry, transition.subject, transition.alert_name);
  }
  entry->starts_at = transition.starts_at;
  entry->changed_at = transition.at;
  entry->ended_at = state == MemberState::firing ? TimePoint{} : transition.ended_at;
  entry->heard_at = transition.at;
  store_entry(*entry);
  if (transition.alert != nullptr) {
    rows_.push_back({Table::alert_texts, alert_key(transition.source, transition.fingerprint),
                     encode_alert_text(*transition.alert)});
  }

  const Incident* incident = desk_.live_incident(transition.subject);
  std::vector<Evidence> evidence;
  for (const auto& rule : rules_) rule->observe(transition, incident != nullptr, evidence);
  if (began(transition.kind)) {
    count_fired(transition.at);
    if (incident != nullptr) {
      desk_.join(*incident, transition, evidence, effects);
    } else if (!evidence.empty()) {
      decide(transition, std::move(evidence), effects);
    }
  } else {
    desk_.member_changed(transition, effects);
  }
}

void Engine::store_entry(const AlertEntry& entry) {
  rows_.push_back({Table::alerts, alert_key(alerts_.source_name(entry.source), entry.fingerprint),
                   encode_alert_row(alerts_, entry)});
}

// --- deciding

void Engine::count_fired(TimePoint at) {
  if (!fired_since_) fired_since_ = at;
  if (fired_at_) fired_ *= std::exp(-std::max(0.0, seconds_between(*fired_at_, at)) / kFiredMemory);
  fired_ += 1;
  fired_at_ = at;
  counters_changed_ = true;
}

double Engine::fired_per_week(TimePoint now) const {
  if (!fired_since_) return kFiredPerWeekLeast;
  // What a steady rate of one a second would have left by now.
  const double age = std::max(seconds_between(*fired_since_, now), 3600.0);
  const double weight = kFiredMemory * (1 - std::exp(-age / kFiredMemory));
  return std::max(kFiredPerWeekLeast, fired_ / weight * 7 * 86400);
}

// Every episode that begins is one test of each rule, so a rule that may give `share` of the budget in
// false reports a week may believe a p-value of that, divided by the tests of a week (union bound).
double Engine::threshold(const Evidence& evidence) const {
  for (const ConfiguredRule& rule : settings_->rules) {
    if (rule.name == evidence.rule) return settings_->budget_per_week * rule.share / fired_per_week(evidence.at);
  }
  return 0;
}

void Engine::decide(const Transition& transition, std::vector<Evidence> evidence, Effects& effects) {
  Decision decision;
  decision.subject = transition.subject;
  decision.at = transition.at;
  decision.reason = DecisionReason::within_budget;
  Impact impact = Impact::unknown;
  int level = settings_->organisation.level_default;
  bool opens = false;
  int stated_level = 0;
  for (const Evidence& one : evidence) {
    if (one.statement) {
      const bool by_impact = one.statement->impact == Impact::possible || one.statement->impact == Impact::confirmed;
      if (by_impact || !opens) {
        decision.reason = by_impact ? DecisionReason::opened_by_impact : DecisionReason::opened_by_statement;
      }
      opens = true;
      impact = std::max(impact, one.statement->impact);
      stated_level = std::max(stated_level, one.statement->level);
      continue;
    }
    const double limit = threshold(one);
    decision.threshold = std::max(decision.threshold, limit);
    if (opens || one.p_value > limit) continue;
    opens = !one.learning;
    decision.reason = one.learning ? DecisionReason::learning : DecisionReason::opened_by_evidence;
  }
  if (stated_level > 0) level = stated_level;
  decision.evidence = std::move(evidence);
  if (!opens) return effects.decisions.push_back(decision), remember_miss(std::move(decision));

  desk_.open(decision, impact, level, transition, effects);
  if (const auto found = suspicions_.find(decision.subject); found != suspicions_.end()) {
    rows_.push_back({Table::suspicions, found->first, std::nullopt});
    suspicions_.erase(found);
  }
  effects.decisions.push_back(std::move(decision));
}

// Keeps the nearest miss of a subject: the most surprising evidence of its last day.
void Engine::remember_miss(Decision decision) {
  const auto least_p = [](const Decision& of) {
    double least = 1;
    for (const Evidence& one : of.evidence) least = std::min(least, one.p_value);
    return least;
  };
  auto found = suspicions_.find(decision.subject);
  if (found == suspicions_.end()) {
    if (suspicions_.size() >= kSuspicionsMax) return;
    Suspicion fresh{decision.subject, decision.at, decision.at, decision};
    found = suspicions_.emplace(decision.subject, std::move(fresh)).first;
  }
  Suspicion& suspicion = found->second;
  suspicion.last_at = decision.at;
  if (least_p(decision) <= least_p(suspicion.decision)) suspicion.decision = std::move(decision);
  rows_.push_back({Table::suspicions, suspicion.subject, encode(suspicion)});
}

// --- time

TimePoint Engine::next_deadline(TimePoint now) const {
  const TimePoint look = std::max(now, looked_at_ + kLookEvery);
  const auto wave = desk_.next_deadline();
  return wave ? std::min(look, *wave) : look;
}

void Engine::reached(TimePoint now, Effects& effects) {
  conclude_from_silence(now, effects);
  const auto wave = desk_.next_deadline();
  const bool sweep = now >= swept_at_ + kSweepEvery;
  if (sweep) swept_at_ = now;
  if ((!wave || *wave > now) && !(sweep && has_old(now))) return;
  effects.records.push_back(encode_record(TimeReached{now}));
  pass_time(now, effects);
}

// What a recorded TimeReached does, live and replayed.
void Engine::pass_time(TimePoint now, Effects& effects) {
  desk_.time_reached(now, effects);
  forget_old(now);
}

void Engine::conclude_from_silence(TimePoint now, Effects& effects) {
  if (now < looked_at_ + kLookEvery) return;
  looked_at_ = now;
  for (const auto& [source, expire_after] : settings_->expire_after) {
    const SourceId id = alerts_.source_id(source);
    std::vector<AlertEntry> due;
    for (const AlertEntry& entry : alerts_.entries()) {
      const bool silent =
          entry.source == id && entry.state == MemberState::firing && entry.heard_at + expire_after <= now;
      if (silent) due.push_back(entry);
    }
    if (due.empty()) continue;
    // A source that has lately spoken of other things has dropped the alert; one that has not is lost.
    const auto heard = heard_.find(source);
    const bool speaks = heard != heard_.end() && heard->second + expire_after / 2 > now;
    lose(std::move(due), speaks ? TransitionKind::expired : TransitionKind::source_lost, now, effects);
  }
}

void Engine::withdrawn(const SourceWithdrawn& event, Effects& effects) {
  const SourceId id = alerts_.source_id(event.source);
  std::vector<AlertEntry> firing;
  for (const AlertEntry& entry : alerts_.entries()) {
    if (entry.source == id && entry.state == MemberState::firing) firing.push_back(entry);
  }
  effects.happened.push_back({{},
                              "source_withdrawn",
                              {"監視元 " + event.source + " からの購読が解除されました：" + event.detail,
                               "The source " + event.source + " will not speak again: " + event.detail}});
  lose(std::move(firing), TransitionKind::source_lost, event.at, effects);
}

void Engine::lose(std::vector<AlertEntry> lost, TransitionKind kind, TimePoint at, Effects& effects) {
  if (lost.empty()) return;
  std::sort(lost.begin(), lost.end(),
            [](const AlertEntry& a, const AlertEntry& b) { return a.fingerprint < b.fingerprint; });
  const std::string_view source = alerts_.source_name(lost.front().source);
  std::vector<std::string> texts;
  texts.reserve(2 * lost.size());
  std::vector<Transition> transitions;
  for (const AlertEntry& entry : lost) {
    const std::string_view subject = texts.emplace_back(alerts_.subject(entry));
    const std::string_view alert_name = texts.emplace_back(alerts_.alert_name(entry));
    transitions.push_back({.kind = kind,
                           .at = at,
                           .source = source,
                           .fingerprint = entry.fingerprint,
                           .starts_at = entry.starts_at,
                           .ended_at = entry.heard_at,
                           .subject = subject,
                           .alert_name = alert_name,
                           .alert = nullptr});
    apply(transitions.back(), effects);
  }
  effects.records.push_back(encode_record(at, source, transitions));
}

bool Engine::has_old(TimePoint now) const {
  const auto alerts = alerts_.entries();
  return std::any_of(alerts.begin(), alerts.end(), [now](const AlertEntry& entry) { return is_old(entry, now); }) ||
         std::any_of(suspicions_.begin(), suspicions_.end(),
                     [now](const auto& item) { return item.second.last_at + kSuspicionLasts <= now; });
}

void Engine::forget_old(TimePoint now) {
  std::vector<AlertEntry> old;
  for (const AlertEntry& entry : alerts_.entries()) {
    if (is_old(entry, now)) old.push_back(entry);
  }
  for (const AlertEntry& entry : old) {
    const std::string key = alert_key(alerts_.source_name(entry.source), entry.fingerprint);
    rows_.push_back({Table::alerts, key, std::nullopt});
    rows_.push_back({Table::alert_texts, key, std::nullopt});
    alerts_.erase(entry.source, entry.fingerprint);
  }
  std::erase_if(suspicions_, [&](const auto& item) {
    const bool gone = item.second.last_at + kSuspicionLasts <= now;
    if (gone) rows_.push_back({Table::suspicions, item.first, std::nullopt});
    return gone;
  });
}

}  // namespace iwakan::engine

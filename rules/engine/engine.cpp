#include "engine/engine.hpp"

#include <algorithm>
#include <cmath>
#include <list>
#include <set>
#include <tuple>

#include "engine/fields.hpp"
#include "engine/journal.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::engine {

namespace {

using namespace std::chrono_literals;

constexpr Duration kForgetAfter = 26h;  // an ended alert: beyond any late copy (SNS retries for an hour, we keep a day)
constexpr Duration kLookEvery = 60s;    // for alerts whose sender fell silent, at most …
constexpr Duration kLookAtLeastEvery = 10min;  // … and at least
constexpr Duration kSweepEvery = 10min;        // for ended alerts that can be forgotten
constexpr Duration kSpeaksAgain = 1min;        // a source is noted to speak so often at most
constexpr Duration kExcludedAtMost = 24h;      // from learning, while an incident is open

bool is_old(const AlertEntry& entry, TimePoint now) {
  return !is_firing(entry.state) && entry.changed_at + kForgetAfter <= now;
}

// What a request says all at once has no order of its own: the same alerts mean the same, however a sender
// happened to list them.
void put_in_order(std::span<const Alert> alerts, std::vector<const Alert*>& ordered) {
  ordered.clear();
  for (const Alert& alert : alerts) ordered.push_back(&alert);
  if (ordered.size() < 2) return;
  std::stable_sort(ordered.begin(), ordered.end(), [](const Alert* a, const Alert* b) {
    return std::tie(a->starts_at, a->fingerprint) < std::tie(b->starts_at, b->fingerprint);
  });
}

// A sender that does not say when its alert began means the episode that is known, or one that begins now.
Alert with_start(const Alert& alert, const AlertEntry* entry, TimePoint at) {
  Alert begun = alert;
  begun.starts_at = entry != nullptr && is_firing(entry->state) ? entry->starts_at : at;
  return begun;
}

MemberState state_after(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::fired:
    case TransitionKind::returned:
    case TransitionKind::unsilenced:
    case TransitionKind::superseded: return MemberState::firing;
    case TransitionKind::silenced: return MemberState::silenced;
    case TransitionKind::resolved:
    case TransitionKind::unseen: return MemberState::resolved;
    case TransitionKind::expired: return MemberState::expired;
    case TransitionKind::source_lost: return MemberState::source_lost;
  }
  return MemberState::firing;
}

}  // namespace

Engine::Engine(std::shared_ptr<const Settings> settings, Keeping keeping)
    : settings_(std::move(settings)), keeping_(keeping) {
  make_rules();
  decider_.configure(settings_);
  decider_.keep_rows(keeping == Keeping::everything);
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
  decider_.configure(settings_);
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
  if (const auto restored = decider_.restore(table, key, value)) {
    if (!*restored) return corrupted;
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
                     .state = row->state,
                     .watched = row->watched};
    if (alerts_.find(entry.source, entry.fingerprint) != nullptr) return corrupted;
    alerts_.hold(alerts_.insert(entry, row->subject, row->alert_name), row->held_by);
  } else if (table == Table::silences) {
    if (!silences_.restore(value)) return corrupted;
  } else if (table == Table::rules && Specimens::owns(key)) {
    if (!specimens_.restore(key, value)) return corrupted;
  } else if (table == Table::rules && Clockwork::owns(key)) {
    if (!clockwork_.restore(key, value)) return corrupted;
  } else if (table == Table::rules) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const std::string& rule = settings_->rules[i].name;
      if (key.starts_with(rule) && key.substr(rule.size()).starts_with('/')) return rules_[i]->restore(key, value);
    }
  } else {
    return desk_.restore(table, key, value);
  }
  return {};
}

// --- steps

void Engine::keep_record(Effects& effects, const Event& event) const {
  if (keeping_ == Keeping::everything) effects.records.push_back(encode_record(event));
}

void Engine::keep_transitions(Effects& effects, TimePoint at, std::string_view source,
                              const std::vector<Transition>& transitions) const {
  if (transitions.empty() || keeping_ == Keeping::nothing) return;
  effects.records.push_back(encode_record(at, source, transitions));
}

Effects Engine::step(const Event& event) {
  Effects effects;
  const auto record = [&] { keep_record(effects, event); };
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
    pass_holds(started->at, effects);
    effects.recall = true;  // what the process ended in the middle of
  } else if (const auto* person = std::get_if<PersonActed>(&event)) {
    acted(*person, effects);
    if (!effects.refusal) record();
  } else if (const auto* recall = std::get_if<AlertsRecalled>(&event)) {
    recalled(*recall, effects);
  } else if (const auto* speaks = std::get_if<SourceSpoke>(&event)) {
    record();
    spoke(speaks->source, speaks->at);
  } else if (const auto* delivery = std::get_if<DeliveryStarted>(&event)) {
    record();
    desk_.delivery_started(*delivery, effects);
  } else if (const auto* answer = std::get_if<DeliveryAnswered>(&event)) {
    record();
    desk_.delivery_answered(*answer, effects);
  } else if (const auto* replaced = std::get_if<ConfigurationReplaced>(&event)) {
    record();
    pass_holds(replaced->at, effects);
    effects.recall = true;  // there may be other maintenance now
  }
  finish(effects);
  return effects;
}

void Engine::acted(const PersonActed& event, Effects& effects) {
  const bool silences =
      std::holds_alternative<act::SetSilence>(event.act) || std::holds_alternative<act::ExpireSilence>(event.act);
  if (silences) return silence(event, effects);
  desk_.person_acted(event, around(event.act), effects);
  if (effects.refusal) return;
  const auto heed = [this](std::string_view id) {
    if (const Incident* incident = desk_.find(id)) decider_.heed(*incident);
  };
  heed(effects.incident);
  // What was merged, or split, is another one than the one that goes on.
  if (const auto* merge = std::get_if<act::Merge>(&event.act)) heed(merge->incident);
  if (const auto* split = std::get_if<act::Split>(&event.act)) heed(split->incident);
}

// What a person may not know who speaks of a subject.
desk::Around Engine::around(const Act& act) const {
  if (const auto* hunch = std::get_if<act::Hunch>(&act)) return decider_.around(hunch->subject);
  if (const auto* declare = std::get_if<act::Declare>(&act)) return decider_.around(declare->subject);
  return {};
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
  Effects effects = observe(std::get<TransitionsSeen>(*record));
  effects.records.emplace_back(bytes);
  return effects;
}

Effects Engine::observe(const TransitionsSeen& seen) {
  Effects effects;
  for (const Transition& transition : seen.transitions) apply(transition, effects);
  finish(effects);
  return effects;
}

void Engine::finish(Effects& effects) {
  const bool keeps = keeping_ == Keeping::everything;
  for (const auto& rule : rules_) rule->save(rows_, keeps ? Rule::Extent::changed : Rule::Extent::none);
  decider_.save(rows_);
  silences_.take_rows(rows_);
  told_.clear();
  clockwork_.save(rows_, keeps ? Rule::Extent::changed : Rule::Extent::none);
  specimens_.save(rows_, keeps ? Rule::Extent::changed : Rule::Extent::none);
  desk_.take_rows(rows_, keeps);
  if (keeps) effects.rows = std::move(rows_);
  rows_.clear();
}

std::vector<std::pair<std::string_view, Rule::Load>> Engine::rule_loads() const {
  std::vector<std::pair<std::string_view, Rule::Load>> loads;
  for (std::size_t i = 0; i < rules_.size(); ++i) loads.emplace_back(settings_->rules[i].name, rules_[i]->load());
  return loads;
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
  if (TimePoint& again = spoke_[event.source]; event.at >= again) {
    again = event.at + kSpeaksAgain;
    if (keeping_ == Keeping::everything) keep_record(effects, SourceSpoke{event.at, event.source});
    spoke(source_name, event.at);
  }
  const bool repeats = settings_->expire_after.contains(event.source);  // those that never expire speak on change
  std::vector<Transition> transitions;
  std::list<Alert> changed;
  AlertBatch clean;
  put_in_order(event.batch.alerts(), ordered_);
  for (const Alert* one : ordered_) {
    AlertEntry* entry = alerts_.find(source, one->fingerprint);
    if (one->starts_at == kZeroTime && one->state == AlertState::firing) {
      one = &changed.emplace_back(with_start(*one, entry, event.at));
    }
    const auto kind = classify(entry, *one, event.at, repeats);
    if (!kind) {
      if (entry != nullptr && one->state == AlertState::firing) heard(*entry, *one, event.at);
      ++effects.refreshes;
      continue;
    }
    // From here on somebody sees its text.
    if (auto redacted = settings_->redaction.redact(*one, clean)) one = &changed.emplace_back(*redacted);
    const Alert& alert = *one;
    // What ends is what began, even if its sender says less of the end (PagerDuty's names only the key).
    const bool begun_before = entry != nullptr && !begins(*kind);
    Transition transition{.kind = *kind,
                          .at = event.at,
                          .source = source_name,
                          .fingerprint = alert.fingerprint,
                          .starts_at = alert.starts_at,
                          .ended_at = alert.ends_at.value_or(event.at),
                          .subject = begun_before ? alerts_.subject(*entry) : subject_of(alert),
                          .alert_name = begun_before ? alerts_.alert_name(*entry) : alert.label("alertname"),
                          .alert = &alert,
                          .expected = false,
                          .rest = {}};
    if (transition.starts_at == kZeroTime) {
      transition.starts_at = entry != nullptr ? entry->starts_at : transition.ended_at;
    }
    if (transition.kind == TransitionKind::returned) transition.starts_at = entry->starts_at;
    if (transition.kind == TransitionKind::source_lost) transition.ended_at = entry->heard_at;
    apply(transition, effects);
    if (keeping_ == Keeping::everything) transitions.push_back(transition);
  }
  keep_transitions(effects, event.at, source_name, transitions);
}

void Engine::heard(AlertEntry& entry, const Alert& alert, TimePoint at) {
  entry.heard_at = at;
  if (!alert.expires_at) return;
  entry.expires_at = *alert.expires_at;
  if (entry.expires_at < look_due_) look_due_ = std::max(entry.expires_at, looked_at_ + kLookEvery);
}

void Engine::spoke(std::string_view source, TimePoint at) {
  for (const auto& rule : rules_) rule->source_spoke(source, at, learns(source, at));
}

bool Engine::learns(std::string_view subject, TimePoint at) const {
  const Incident* incident = desk_.live_incident(subject);
  return incident == nullptr || at >= incident->opened_at + kExcludedAtMost;
}

void Engine::apply(const Transition& concluded, Effects& effects) {
  Transition transition = concluded;
  stream_key(transition.subject, transition.alert_name, stream_key_);
  transition.of_subject = transition.subject;
  transition.of_alert = stream_key_;
  const SourceId source = alerts_.source_id(transition.source);
  AlertEntry* entry = alerts_.find(source, transition.fingerprint);
  const bool was_silenced = entry != nullptr && entry->state == MemberState::silenced;
  std::optional<Hold> hold;
  if (fires(transition.kind) && transition.alert != nullptr) hold = hold_on(*transition.alert, transition.at);
  // What a journal concluded under other silences and other maintenance means nothing under these.
  if (transition.kind == TransitionKind::silenced && (!hold || entry == nullptr || !is_firing(entry->state))) return;
  if (transition.kind == TransitionKind::unsilenced && (hold || !was_silenced)) return;
  ++effects.transitions;
  const MemberState state = hold ? MemberState::silenced : state_after(transition.kind);
  if (entry == nullptr) {
    AlertEntry fresh;
    fresh.fingerprint = transition.fingerprint;
    fresh.source = source;
    fresh.state = state;
    entry = &alerts_.insert(fresh, transition.subject, transition.alert_name);
  } else {
    if (begins(transition.kind)) transition.rest = transition.at - std::max(entry->changed_at, entry->ended_at);
    alerts_.set_state(*entry, state);
    alerts_.rename(*entry, transition.subject, transition.alert_name);
  }
  alerts_.hold(*entry, hold ? hold->key : std::string_view{});
  entry->starts_at = transition.starts_at;
  entry->changed_at = transition.at;
  entry->ended_at = is_firing(state) ? TimePoint{} : transition.ended_at;
  entry->expires_at = {};
  if (transition.alert != nullptr) {
    heard(*entry, *transition.alert, transition.at);
    if (fires(transition.kind)) entry->watched = watches(*transition.alert).has_value();
    if (begins(transition.kind) || transition.kind == TransitionKind::unseen) {
      specimens_.came(transition.subject, *transition.alert, transition.at);
    }
  }
  transition.watched = entry->watched;
  entry->heard_at = transition.at;
  store_entry(*entry, transition.alert);
  if (hold) return hold_back(transition, *hold, was_silenced, effects);
  if (was_silenced && !begins(transition.kind)) {
    std::vector<Evidence> nothing;
    observe(transition, false, true, nothing);
    return desk_.member_changed(transition, effects);
  }
  const bool time_is_its_own = begins(transition.kind) && transition.kind != TransitionKind::unsilenced;
  if (time_is_its_own) {
    transition.expected = clockwork_.expects(transition.of_alert, transition.at);
  }
  const bool learn = transition.kind != TransitionKind::unsilenced && learns(transition.subject, transition.at);
  count(transition, learn, effects);
}

void Engine::observe(const Transition& transition, bool learn, bool withheld, std::vector<Evidence>& evidence) {
  for (const auto& rule : rules_) {
    if (!withheld || rule->sees_withheld()) rule->observe(transition, learn, evidence);
  }
}

// What counts: for the rules, the decision and the desk.
void Engine::count(const Transition& transition, bool learn, Effects& effects) {
  std::vector<Evidence> evidence;
  observe(transition, learn, false, evidence);
  if (begins(transition.kind)) {
    decider_.count_fired(transition.at);
    const Incident* incident = desk_.live_incident(transition.subject);
    if (incident == nullptr) {
      desk_.came_back(transition, effects);
      incident = desk_.live_incident(transition.subject);
    }
    if (incident != nullptr) {
      desk_.join(*incident, transition.at, &transition, {}, effects);
    }
  } else {
    desk_.member_changed(transition, effects);
  }
  if (evidence.empty()) return;
  without_held(evidence, transition.at, effects);
  decider_.consider(std::move(evidence), transition.at, &transition, effects);
}

void Engine::store_entry(const AlertEntry& entry, const Alert* text) {
  if (keeping_ == Keeping::nothing) return;
  const std::string key = alert_key(alerts_.source_name(entry.source), entry.fingerprint);
  rows_.push_back({Table::alerts, key, encode_alert_row(alerts_, entry)});
  if (text != nullptr) rows_.push_back({Table::alert_texts, key, encode_alert_text(*text)});
}

// --- time

TimePoint Engine::next_deadline(TimePoint now) const {
  const TimePoint look = std::max(now, look_due_);
  const auto due = next_recorded_deadline();
  return due ? std::min(look, *due) : look;
}

// Of what changes the state by the mere passing of time, and is therefore recorded.
std::optional<TimePoint> Engine::next_recorded_deadline() const {
  std::optional<TimePoint> next = desk_.next_deadline();
  const auto consider = [&next](std::optional<TimePoint> other) {
    if (other && (!next || *other < *next)) next = other;
  };
  consider(decider_.next_deadline());
  consider(holds_due_);
  for (const auto& rule : rules_) consider(rule->next_deadline());
  return next;
}

void Engine::reached(TimePoint now, Effects& effects) {
  conclude_from_silence(now, effects);
  const auto due = next_recorded_deadline();
  const bool sweep = now >= swept_at_ + kSweepEvery;
  if (sweep) swept_at_ = now;
  if ((!due || *due > now) && !(sweep && has_old(now))) return;
  keep_record(effects, TimeReached{now});
  pass_time(now, effects);
}

// What a recorded TimeReached does, live and replayed.
void Engine::pass_time(TimePoint now, Effects& effects) {
  pass_holds(now, effects);
  desk_.time_reached(now, effects);
  std::vector<Evidence> evidence;
  for (const auto& rule : rules_) {
    const auto due = rule->next_deadline();
    if (!due || *due > now) continue;
    rule->time_reached(
        now, [this, now](std::string_view subject) { return learns(subject, now); }, evidence);
  }
  without_held(evidence, now, effects);
  decider_.consider(std::move(evidence), now, nullptr, effects);
  decider_.time_reached(now);
  forget_old(now);
}

void Engine::conclude_from_silence(TimePoint now, Effects& effects) {
  if (now < look_due_) return;
  looked_at_ = now;
  TimePoint earliest = now + kLookAtLeastEvery;
  for (const auto& [source, expire_after] : settings_->expire_after) {
    const SourceId id = alerts_.source_id(source);
    std::vector<AlertEntry> due;
    for (const AlertEntry& entry : alerts_.entries()) {
      if (entry.source != id || !is_firing(entry.state)) continue;
      const TimePoint gone = entry.expires_at != TimePoint{} ? entry.expires_at : entry.heard_at + expire_after;
      if (gone <= now) {
        due.push_back(entry);
      } else {
        earliest = std::min(earliest, gone);
      }
    }
    earliest = std::min(earliest, now + expire_after);
    if (due.empty()) continue;
    // A source that has lately spoken of other things has dropped the alert; one that has not is lost.
    const auto heard = heard_.find(source);
    const bool speaks = heard != heard_.end() && heard->second + expire_after / 2 > now;
    lose(std::move(due), speaks ? TransitionKind::expired : TransitionKind::source_lost, now, effects);
  }
  look_due_ = std::max(earliest, now + kLookEvery);
}

void Engine::withdrawn(const SourceWithdrawn& event, Effects& effects) {
  const SourceId id = alerts_.source_id(event.source);
  std::vector<AlertEntry> firing;
  for (const AlertEntry& entry : alerts_.entries()) {
    if (entry.source == id && is_firing(entry.state)) firing.push_back(entry);
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
                           .alert = nullptr,
                           .expected = false,
                           .rest = {}});
    apply(transitions.back(), effects);
  }
  keep_transitions(effects, at, source, transitions);
}

bool Engine::has_old(TimePoint now) const {
  const auto alerts = alerts_.entries();
  return std::any_of(alerts.begin(), alerts.end(), [now](const AlertEntry& entry) { return is_old(entry, now); }) ||
         decider_.has_old(now);
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
  decider_.forget_old(now);
}

}  // namespace iwakan::engine

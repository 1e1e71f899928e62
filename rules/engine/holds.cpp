// What is held back: by silences that people set, and by maintenance that was announced. Part of the Engine.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "engine/engine.hpp"

namespace iwakan::engine {
namespace {

constexpr std::string_view kSilencePrefix = "silence/";
constexpr std::string_view kMaintenancePrefix = "maintenance/";

Sentence in_brackets(const Sentence& sentence, const std::string& note) {
  if (note.empty()) return sentence;
  return {sentence.ja + "（" + note + "）", sentence.en + " (" + note + ")"};
}

// "2026-11-25 18:00 +09:00".
std::string clock(const Offsets& zone, TimePoint at) {
  const LocalTime local = zone.local(at);
  const auto east = std::chrono::duration_cast<std::chrono::minutes>(
      local.time_since_epoch() - std::chrono::floor<std::chrono::seconds>(at).time_since_epoch());
  std::string text = format_time(TimePoint{local.time_since_epoch()}).substr(0, 16);
  text[10] = ' ';
  if (east.count() == 0) return text + " UTC";
  std::array<char, 16> offset{};
  std::snprintf(offset.data(), offset.size(), " %c%02d:%02d", east.count() < 0 ? '-' : '+',
                static_cast<int>(std::abs(east.count()) / 60 % 100), static_cast<int>(std::abs(east.count()) % 60));
  return text + offset.data();
}

Hold hold_of(const Silence& silence, const Offsets& zone) {
  const std::string until = clock(zone, silence.ends_at);
  const std::string who = silence.created_by.empty() ? "?" : silence.created_by;
  return {DecisionReason::silenced, std::string(kSilencePrefix) + silence.id, silence.created_by, silence.ends_at,
          in_brackets({who + " により " + until + " まで静音中", "Silenced by " + who + " until " + until},
                      silence.comment)};
}

Hold hold_of(const MaintenanceWindow& window, TimePoint until, const Offsets& zone) {
  const std::string end = clock(zone, until);
  const Sentence said{"保守「" + window.name + "」のため " + end + " まで抑止中",
                      "Maintenance \"" + window.name + "\" until " + end};
  return {DecisionReason::maintenance,
          std::string(kMaintenancePrefix) + window.name,
          {},
          until,
          {in_brackets(said, window.says.ja).ja, in_brackets(said, window.says.en).en}};
}

// What lasts longer holds.
std::optional<Hold> later(std::optional<Hold> a, std::optional<Hold> b) {
  if (!a || (b && b->until > a->until)) return b;
  return a;
}

template <class Covers>
std::optional<Hold> maintenance_of(const Settings& settings, TimePoint at, Covers covers) {
  std::optional<Hold> hold;
  for (const MaintenanceWindow& window : settings.maintenance) {
    if (!covers(window)) continue;
    if (const auto occurrence = occurrence_at(window, at)) {
      hold = later(std::move(hold), hold_of(window, occurrence->to, settings.zone));
    }
  }
  return hold;
}

Evidence evidence_of(const Hold& hold, std::string_view subject, TimePoint at) {
  Evidence evidence;
  evidence.rule = name(hold.reason);
  evidence.subject = subject;
  evidence.at = at;
  evidence.since = at;
  evidence.statement = Statement{Impact::unknown, 0, true};
  evidence.sentence = hold.sentence;
  return evidence;
}

}  // namespace

std::optional<Hold> Engine::hold_on(const Alert& alert, TimePoint at) const {
  std::optional<Hold> hold;
  if (const Silence* silence = silences_.covering(alert, at)) hold = hold_of(*silence, settings_->zone);
  const auto covers = [&alert](const MaintenanceWindow& window) { return all_match(window.match, alert); };
  return later(std::move(hold), maintenance_of(*settings_, at, covers));
}

std::optional<Hold> Engine::hold_on_subject(std::string_view subject, TimePoint at) const {
  std::optional<Hold> hold;
  if (const Silence* silence = silences_.covering(subject, settings_->subject_labels, at)) {
    hold = hold_of(*silence, settings_->zone);
  }
  const auto covers = [&](const MaintenanceWindow& window) {
    return window.match.empty() || all_match_subject(window.match, subject, settings_->subject_labels);
  };
  return later(std::move(hold), maintenance_of(*settings_, at, covers));
}

bool Engine::wants_recalled(const AlertEntry& entry, const Alert& alert, TimePoint at) const {
  if (!is_firing(entry.state)) return false;
  const auto hold = hold_on(alert, at);
  return alerts_.held_by(entry) != (hold ? std::string_view(hold->key) : std::string_view{}) ||
         entry.watched != watches(alert).has_value();
}

std::optional<Sentence> Engine::watches(const Alert& alert) const {
  for (const auto& rule : rules_) {
    if (auto why = rule->watches(alert)) return why;
  }
  return std::nullopt;
}

// Of one that fires the table knows; of one that does not come, those that came.
std::optional<Sentence> Engine::watches(const AboutAlert& about) {
  auto why = specimens_.judged(about, [this](const Alert& alert) { return watches(alert); });
  const AlertEntry* entry = about.source.empty() ? nullptr : alerts_.find(about.source, about.fingerprint);
  if (entry == nullptr || entry->watched == why.has_value()) return why;
  if (!entry->watched) return std::nullopt;
  return Sentence{"取り決めにより、見守るだけのアラートです", "Agreed to be only watched"};
}

std::optional<Hold> Engine::hold_on_evidence(const Evidence& one, const std::optional<AboutAlert>& about,
                                             TimePoint at) {
  if (silences_.empty() && settings_->maintenance.empty()) return std::nullopt;
  auto hold = hold_on_subject(one.subject, at);
  if (hold || !about) return hold;
  return specimens_.judged(*about, [this, at](const Alert& alert) { return hold_on(alert, at); });
}

void Engine::recalled(const AlertsRecalled& event, Effects& effects) {
  const SourceId source = alerts_.source_id(event.source);
  std::vector<Transition> transitions;
  for (const Alert& alert : event.batch.alerts()) {
    AlertEntry* entry = alerts_.find(source, alert.fingerprint);
    if (entry == nullptr || !wants_recalled(*entry, alert, event.at)) continue;
    if (const bool watched = watches(alert).has_value(); entry->watched != watched) {
      entry->watched = watched;
      store_entry(*entry, nullptr);
    }
    const auto hold = hold_on(alert, event.at);
    const bool held = hold.has_value();
    if (alerts_.held_by(*entry) == (hold ? std::string_view(hold->key) : std::string_view{})) continue;
    transitions.push_back({.kind = held ? TransitionKind::silenced : TransitionKind::unsilenced,
                           .at = event.at,
                           .source = alerts_.source_name(source),
                           .fingerprint = alert.fingerprint,
                           .starts_at = entry->starts_at,
                           .ended_at = {},
                           .subject = subject_of(alert),
                           .alert_name = alert.label("alertname"),
                           .alert = &alert,
                           .expected = false,
                           .rest = {}});
  }
  // A store lists alerts by key; they count as they would have, had they just been told.
  std::stable_sort(transitions.begin(), transitions.end(), [](const Transition& a, const Transition& b) {
    return std::tie(a.starts_at, a.fingerprint) < std::tie(b.starts_at, b.fingerprint);
  });
  for (const Transition& transition : transitions) apply(transition, effects);
  keep_transitions(effects, event.at, event.source, transitions);
}

// Fires, and is held back: kept for those who ask why, shown in the incident that is open, and learned by nobody.
void Engine::hold_back(const Transition& transition, const Hold& hold, bool was_silenced, Effects& effects) {
  std::vector<Evidence> evidence;
  if (transition.kind != TransitionKind::silenced) {
    observe(transition, false, true, evidence);
  } else if (!was_silenced) {
    // For those who saw it begin to count, it no longer does.
    for (const auto& rule : rules_) {
      if (!rule->sees_withheld()) rule->observe(transition, false, evidence);
    }
  }
  if (const Incident* incident = desk_.live_incident(transition.subject)) {
    desk_.hold_member(*incident, transition, effects);
    if (told_.emplace(incident->number, hold.key).second) {
      desk_.remark(*incident, transition.at, hold.sentence, effects, hold.actor);
    }
    return;
  }
  if (!begins(transition.kind)) return;
  evidence.push_back(evidence_of(hold, transition.subject, transition.at));
  decider_.withhold(std::move(evidence), hold.reason, transition.at, effects);
}

// Takes out what must open nothing: it is kept, and never weighed.
void Engine::without_held(std::vector<Evidence>& evidence, TimePoint at, Effects& effects) {
  std::erase_if(evidence, [&](Evidence& one) { return withhold(one, at, effects); });
}

bool Engine::withhold(Evidence& one, TimePoint at, Effects& effects) {
  std::erase_if(one.also, [&](const std::string& subject) { return hold_on_subject(subject, at).has_value(); });
  const auto about = std::exchange(one.about, std::nullopt);
  auto hold = hold_on_evidence(one, about, at);
  if (hold && !one.also.empty()) {
    one.subject = one.also.front();
    one.also.erase(one.also.begin());
    return false;
  }
  if (hold && about) {
    for (const auto& rule : rules_) rule->excused(*about, at);
  }
  if (!hold && about && desk_.live_incident(one.subject) == nullptr) {
    if (auto why = watches(*about)) hold = Hold{DecisionReason::withheld, {}, {}, {}, *std::move(why)};
  }
  if (!hold) return false;
  std::vector<Evidence> kept{one, evidence_of(*hold, one.subject, at)};
  decider_.withhold(std::move(kept), hold->reason, at, effects);
  return true;
}

// --- people

void Engine::silence(const PersonActed& event, Effects& effects) {
  const auto* set = std::get_if<act::SetSilence>(&event.act);
  const Result<const Silence*> done = set != nullptr
                                          ? silences_.set(*set, event.at)
                                          : silences_.expire(std::get<act::ExpireSilence>(event.act).id, event.at);
  if (!done) {
    effects.refusal = done.error();
    return;
  }
  const Silence& silence = **done;
  effects.silence = silence.id;
  effects.recall = true;
  Hold hold = hold_of(silence, settings_->zone);
  hold.actor = event.actor;
  std::string conditions;
  for (const LabelCondition& condition : silence.conditions) {
    if (const auto matcher = Matcher::make(condition)) conditions += (conditions.empty() ? "" : ", ") + matcher->text();
  }
  Sentence said = in_brackets(hold.sentence, conditions);
  if (set == nullptr) {
    said =
        in_brackets({event.actor + " が静音を終えました", "The silence was ended by " + event.actor}, silence.comment);
  } else if (silence.state(event.at) == SilenceState::pending) {
    const std::string from = clock(settings_->zone, silence.starts_at);
    said = {said.ja + "。" + from + " から", said.en + ", from " + from};
  }
  effects.happened.push_back({{}, "silence", said});
  tell_incidents(hold, event.at, said, effects);
  pass_holds(event.at, effects);
}

// --- time

void Engine::pass_holds(TimePoint now, Effects& effects) {
  if (holds_due_ && *holds_due_ <= now) effects.recall = true;
  for (const Silence* ending : silences_.take_ending(now)) {
    const Hold hold = hold_of(*ending, settings_->zone);
    const auto& entries = alerts_.entries();
    const auto still = std::count_if(entries.begin(), entries.end(), [&](const AlertEntry& entry) {
      return entry.state == MemberState::silenced && alerts_.held_by(entry) == hold.key;
    });
    if (still == 0) continue;
    const std::string count = std::to_string(still);
    const Sentence said{"静音がまもなく終わります：" + count + " 件のアラートが続いています。" + hold.sentence.ja,
                        "Silence ends soon, and " + count +
                            (still == 1 ? " alert still fires. " : " alerts still fire. ") + hold.sentence.en};
    effects.happened.push_back({{}, "silence_ends_soon", said});
    tell_incidents(hold, now, said, effects);
  }
  silences_.forget_old(now);
  holds_due_ = silences_.next_boundary(now);
  const auto consider = [this](TimePoint at) { holds_due_ = holds_due_ ? std::min(*holds_due_, at) : at; };
  for (const MaintenanceWindow& window : settings_->maintenance) {
    if (const auto running = occurrence_at(window, now)) consider(running->to);
    if (const auto next = next_occurrence(window, now)) consider(next->from);
  }
}

// The live incidents with alerts that this holds back.
std::set<std::uint64_t> Engine::incidents_under(std::string_view hold) const {
  std::set<std::uint64_t> incidents;
  for (const AlertEntry& entry : alerts_.entries()) {
    if (entry.state != MemberState::silenced || alerts_.held_by(entry) != hold) continue;
    if (const Incident* incident = desk_.live_incident(alerts_.subject(entry))) incidents.insert(incident->number);
  }
  return incidents;
}

void Engine::tell_incidents(const Hold& hold, TimePoint at, const Sentence& sentence, Effects& effects) {
  for (const std::uint64_t number : incidents_under(hold.key)) {
    desk_.remark(desk_.incidents().at(number), at, sentence, effects, hold.actor);
  }
}

}  // namespace iwakan::engine

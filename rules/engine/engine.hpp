// Engine: the brain as a deterministic state machine. Events in, effects out; no clock, no chance, no
// I/O. The same events in the same order give the same state, byte for byte: so it runs live, replays a
// journal, and is tested from text.
//
//   alerts received ─▶ classify ─▶ transition ─▶ rules ─▶ evidence ─▶ decide ─▶ desk (incident, report, waves)
//
// Single-threaded: everything on the engine's thread. What changes leaves as rows, which restore() takes
// back after a restart; what happened leaves as journal records, which replay() can step again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "desk/desk.hpp"
#include "engine/alert_table.hpp"
#include "engine/clockwork.hpp"
#include "engine/decider.hpp"
#include "engine/effects.hpp"
#include "engine/hold.hpp"
#include "engine/rule.hpp"
#include "engine/settings.hpp"
#include "engine/silences.hpp"
#include "engine/specimens.hpp"
#include "model/event.hpp"

namespace iwakan::engine {

struct TransitionsSeen;

class Engine {
 public:
  // What leaves as rows and records: everything, or nothing (a backtest keeps its memory to itself).
  enum class Keeping { everything, nothing };

  explicit Engine(std::shared_ptr<const Settings> settings, Keeping keeping = Keeping::everything);

  // --- starting: rows as the store holds them, in any order, before the first step.
  Result<void> restore(Table table, std::string_view key, std::string_view value);

  // --- running. The effects hold records and rows to be committed together.
  Effects step(const Event& event);

  // Replaces the settings; the rules keep their memory. The shell steps ConfigurationReplaced with it,
  // so that the journal knows.
  void configure(std::shared_ptr<const Settings> settings);

  // Transitions as a journal recorded them.
  Effects observe(const TransitionsSeen& seen);

  // Steps a record of the journal again. A Failure is `corrupted`.
  Result<Effects> replay(std::string_view bytes);

  // --- reading
  const desk::Desk& desk() const { return desk_; }
  const AlertTable& alerts() const { return alerts_; }
  const std::map<std::string, Suspicion, std::less<>>& suspicions() const { return decider_.suspicions(); }
  const Settings& settings() const { return *settings_; }
  const Decider& decider() const { return decider_; }
  const Silences& silences() const { return silences_; }
  // What holds an alert of these labels back at that time; nothing: nothing does.
  std::optional<Hold> hold_on(const Alert& alert, TimePoint at) const;
  // Whether AlertsRecalled with this alert would change how it stands.
  bool wants_recalled(const AlertEntry& entry, const Alert& alert, TimePoint at) const;
  // Of each rule in use, by name: how much it remembers.
  std::vector<std::pair<std::string_view, Rule::Load>> rule_loads() const;

  // When TimeReached is due next, at the latest.
  TimePoint next_deadline(TimePoint now) const;

 private:
  std::optional<TimePoint> next_recorded_deadline() const;
  void received(const AlertsReceived& event, Effects& effects);
  void recalled(const AlertsRecalled& event, Effects& effects);
  void withdrawn(const SourceWithdrawn& event, Effects& effects);
  void acted(const PersonActed& event, Effects& effects);
  void silence(const PersonActed& event, Effects& effects);
  void reached(TimePoint now, Effects& effects);
  void pass_time(TimePoint now, Effects& effects);
  void conclude_from_silence(TimePoint now, Effects& effects);
  bool has_old(TimePoint now) const;
  void forget_old(TimePoint now);

  void lose(std::vector<AlertEntry> lost, TransitionKind kind, TimePoint at, Effects& effects);
  void apply(const Transition& concluded, Effects& effects);
  void count(const Transition& transition, bool learn, Effects& effects);
  void hold_back(const Transition& transition, const Hold& hold, bool was_silenced, Effects& effects);
  void observe(const Transition& transition, bool learn, bool withheld, std::vector<Evidence>& evidence);
  void without_held(std::vector<Evidence>& evidence, TimePoint at, Effects& effects);
  bool withhold(Evidence& one, TimePoint at, Effects& effects);
  std::optional<Hold> hold_on_subject(std::string_view subject, TimePoint at) const;
  std::optional<Hold> hold_on_evidence(const Evidence& one, const std::optional<AboutAlert>& about, TimePoint at);
  std::optional<Sentence> watches(const Alert& alert) const;
  std::optional<Sentence> watches(const AboutAlert& about);
  void pass_holds(TimePoint now, Effects& effects);
  std::set<std::uint64_t> incidents_under(std::string_view hold) const;
  void tell_incidents(const Hold& hold, TimePoint at, const Sentence& sentence, Effects& effects);
  void store_entry(const AlertEntry& entry, const Alert* text);
  void keep_transitions(Effects& effects, TimePoint at, std::string_view source,
                        const std::vector<Transition>& transitions) const;
  void keep_record(Effects& effects, const Event& event) const;
  void heard(AlertEntry& entry, const Alert& alert, TimePoint at);
  desk::Around around(const Act& act) const;
  void spoke(std::string_view source, TimePoint at);
  bool learns(std::string_view subject, TimePoint at) const;
  std::string_view subject_of(const Alert& alert) const;
  void finish(Effects& effects);
  void make_rules();

  std::shared_ptr<const Settings> settings_;
  AlertTable alerts_;
  std::vector<std::unique_ptr<Rule>> rules_;  // as settings_->rules
  desk::Desk desk_;
  Decider decider_{desk_, alerts_};
  Clockwork clockwork_;
  Silences silences_;
  Specimens specimens_;
  std::optional<TimePoint> holds_due_;  // when the next silence or maintenance begins, ends, or ends soon
  std::set<std::pair<std::uint64_t, std::string>> told_;  // in this step: to which incident of which hold

  // Not stored: when each source last spoke, and when silence was last looked at.
  std::map<std::string, TimePoint, std::less<>> heard_;
  std::map<std::string, TimePoint, std::less<>> spoke_;  // by source: when SourceSpoke is due again
  TimePoint look_due_{};                                 // for alerts whose sender fell silent
  TimePoint looked_at_{};
  TimePoint swept_at_{};

  Keeping keeping_;
  std::string stream_key_;             // of the transition that the rules are shown
  std::vector<const Alert*> ordered_;  // of the request that is being read

  std::vector<Row> rows_;
};

}  // namespace iwakan::engine

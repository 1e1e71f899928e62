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
#include "engine/rule.hpp"
#include "engine/settings.hpp"
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
  // Of each rule in use, by name: how much it remembers.
  std::vector<std::pair<std::string_view, Rule::Load>> rule_loads() const;

  // When TimeReached is due next, at the latest.
  TimePoint next_deadline(TimePoint now) const;

 private:
  std::optional<TimePoint> next_recorded_deadline() const;
  void received(const AlertsReceived& event, Effects& effects);
  void withdrawn(const SourceWithdrawn& event, Effects& effects);
  void reached(TimePoint now, Effects& effects);
  void pass_time(TimePoint now, Effects& effects);
  void conclude_from_silence(TimePoint now, Effects& effects);
  bool has_old(TimePoint now) const;
  void forget_old(TimePoint now);

  void lose(std::vector<AlertEntry> lost, TransitionKind kind, TimePoint at, Effects& effects);
  void apply(const Transition& concluded, Effects& effects);
  void store_entry(const AlertEntry& entry, const Alert* text);
  void keep_record(Effects& effects, const Event& event) const;
  void heard(AlertEntry& entry, const Alert& alert, TimePoint at);
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

  // Not stored: when each source last spoke, and when silence was last looked at.
  std::map<std::string, TimePoint, std::less<>> heard_;
  std::map<std::string, TimePoint, std::less<>> spoke_;  // by source: when SourceSpoke is due again
  TimePoint look_due_{};                                 // for alerts whose sender fell silent
  TimePoint looked_at_{};
  TimePoint swept_at_{};

  Keeping keeping_;

  std::vector<Row> rows_;
};

}  // namespace iwakan::engine

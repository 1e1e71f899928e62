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
#include <string>
#include <vector>

#include "desk/desk.hpp"
#include "engine/alert_table.hpp"
#include "engine/effects.hpp"
#include "engine/rule.hpp"
#include "engine/settings.hpp"
#include "model/event.hpp"

namespace iwakan::engine {

// What was noticed about a subject and has not (yet) become an incident.
struct Suspicion {
  std::string subject;
  TimePoint first_at{};
  TimePoint last_at{};
  Decision decision;  // the nearest miss, with its evidence

  friend bool operator==(const Suspicion&, const Suspicion&) = default;
};

class Engine {
 public:
  explicit Engine(std::shared_ptr<const Settings> settings);

  // --- starting: rows as the store holds them, in any order, before the first step.
  Result<void> restore(Table table, std::string_view key, std::string_view value);

  // --- running. The effects hold records and rows to be committed together.
  Effects step(const Event& event);

  // Replaces the settings; the rules keep their memory. The shell steps ConfigurationReplaced with it,
  // so that the journal knows.
  void configure(std::shared_ptr<const Settings> settings);

  // Steps a record of the journal again. A Failure is `corrupted`.
  Result<Effects> replay(std::string_view bytes);

  // --- reading
  const desk::Desk& desk() const { return desk_; }
  const AlertTable& alerts() const { return alerts_; }
  const std::map<std::string, Suspicion, std::less<>>& suspicions() const { return suspicions_; }
  const Settings& settings() const { return *settings_; }

  // When TimeReached is due next, at the latest.
  TimePoint next_deadline(TimePoint now) const;

 private:
  void received(const AlertsReceived& event, Effects& effects);
  void withdrawn(const SourceWithdrawn& event, Effects& effects);
  void reached(TimePoint now, Effects& effects);
  void pass_time(TimePoint now, Effects& effects);
  void conclude_from_silence(TimePoint now, Effects& effects);
  bool has_old(TimePoint now) const;
  void forget_old(TimePoint now);

  void lose(std::vector<AlertEntry> lost, TransitionKind kind, TimePoint at, Effects& effects);
  void apply(const Transition& transition, Effects& effects);
  void store_entry(const AlertEntry& entry);
  void decide(const Transition& transition, std::vector<Evidence> evidence, Effects& effects);
  void remember_miss(Decision decision);
  void count_fired(TimePoint at);
  double fired_per_week(TimePoint now) const;
  double threshold(const Evidence& evidence) const;
  std::string_view subject_of(const Alert& alert) const;
  void finish(Effects& effects);
  void make_rules();

  std::shared_ptr<const Settings> settings_;
  AlertTable alerts_;
  std::vector<std::unique_ptr<Rule>> rules_;  // as settings_->rules
  desk::Desk desk_;
  std::map<std::string, Suspicion, std::less<>> suspicions_;

  // Episodes that began, decayed with two weeks: how many tests the budget is spread over.
  double fired_ = 0;
  std::optional<TimePoint> fired_at_;     // when fired_ was right
  std::optional<TimePoint> fired_since_;  // the first ever

  // Not stored: when each source last spoke, and when silence was last looked at.
  std::map<std::string, TimePoint, std::less<>> heard_;
  TimePoint looked_at_{};
  TimePoint swept_at_{};

  std::vector<Row> rows_;
  bool counters_changed_ = false;
};

}  // namespace iwakan::engine

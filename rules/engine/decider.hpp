// Decider: what evidence amounts to. Weighs it against the false-alarm budget, opens incidents at the desk,
// and keeps each decision and each near miss for those who ask why.
//
// Part of the engine's state: deterministic, the engine's thread. Owned by the Engine, which also owns the
// desk and the table of alerts that it looks at.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "desk/desk.hpp"
#include "engine/alert_table.hpp"
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "model/row.hpp"
#include "statistics/budget.hpp"

namespace iwakan::engine {

// What was noticed about a subject and has not (yet) become an incident.
struct Suspicion {
  std::string subject;
  TimePoint first_at{};
  TimePoint last_at{};
  TimePoint noted_at{};  // when the near miss began that is kept in the table of decisions
  Decision decision;     // the nearest miss, with its evidence

  friend bool operator==(const Suspicion&, const Suspicion&) = default;
};

class Decider {
 public:
  Decider(desk::Desk& desk, const AlertTable& alerts) : desk_(desk), alerts_(alerts) {}

  void configure(std::shared_ptr<const Settings> settings) { settings_ = std::move(settings); }

  // An episode of an alert began: one more test that each rule has made.
  void count_fired(TimePoint at);

  // Evidence of one moment, and the transition in which it was found, if any.
  void consider(std::vector<Evidence> evidence, TimePoint at, const Transition* transition, Effects& effects);

  // Evidence about a subject that is held back: kept for those who ask why, and never weighed.
  void withhold(std::vector<Evidence> evidence, DecisionReason reason, TimePoint at, Effects& effects);

  // What is seen around a subject: the alerts of it that fire, and its nearest miss.
  desk::Around around(std::string_view subject) const;

  // People said what the incident was: its episodes are noise, or are not.
  void heed(const Incident& incident);

  void time_reached(TimePoint now);
  std::optional<TimePoint> next_deadline() const { return budget_.next_deadline(); }
  bool has_old(TimePoint now) const;
  void forget_old(TimePoint now);

  const std::map<std::string, Suspicion, std::less<>>& suspicions() const { return suspicions_; }

  // How evidence of the past would be weighed now; nothing for a statement.
  std::optional<Weight> weight_now(const Evidence& evidence, TimePoint now) const;

  // --- rows. Kept unless told otherwise.
  void keep_rows(bool wanted) { keeps_rows_ = wanted; }
  void save(std::vector<Row>& rows);
  // Nothing: the row is not the decider's. False: it does not decode.
  std::optional<bool> restore(Table table, std::string_view key, std::string_view value);

  // With what the keys begin under which the table `decisions` keeps those of a subject, by time.
  static std::string decision_prefix(std::string_view subject);

 private:
  void decide(Decision decision, const Transition* transition, Effects& effects);
  bool weigh(Decision& decision);
  bool weigh_together(Decision& decision);
  void open(Decision decision, const Transition* transition, Effects& effects);
  bool settle_subject(Decision& decision) const;
  bool reopen(const Decision& decision, const Transition* transition, Effects& effects);
  std::vector<Transition> firing_of(const Decision& decision) const;
  std::vector<Transition> firing_since(TimePoint since, const std::set<std::string_view>& subjects) const;
  const Incident* incident_for(const Decision& decision) const;
  double fired_per_week(TimePoint now) const;
  statistics::Budget::Allowance allowance(std::string_view rule, TimePoint at) const;
  void remember_miss(Decision decision);
  void keep_decision(const Decision& decision, TimePoint as_of);
  void forget_decision();

  desk::Desk& desk_;
  const AlertTable& alerts_;
  std::shared_ptr<const Settings> settings_;
  statistics::Budget budget_;
  std::map<std::string, Suspicion, std::less<>> suspicions_;
  std::set<std::pair<TimePoint, std::string>> decisions_;  // when, and the key of the row

  // Episodes that began, decayed with two weeks: how many tests the model spreads the budget over.
  double fired_ = 0;
  std::optional<TimePoint> fired_at_;     // when fired_ was right
  std::optional<TimePoint> fired_since_;  // the first ever
  bool counters_changed_ = false;
  bool keeps_rows_ = true;
  std::vector<Row> rows_;
};

}  // namespace iwakan::engine

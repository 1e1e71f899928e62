// Desk: the incidents. Opens them on a decision, lets alerts and people work on them, writes their
// reports and sends the waves: supervisors one by one first, then everybody.
//
// Part of the engine's state: deterministic, the engine's thread. Whatever changes leaves as rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/effects.hpp"
#include "engine/transition.hpp"
#include "model/delivery.hpp"
#include "model/event.hpp"
#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/report.hpp"

namespace iwakan::desk {

class Desk {
 public:
  using Organisation = std::shared_ptr<const iwakan::Organisation>;

  // Who is told from now on. What was issued stays as it was.
  void set_organisation(Organisation organisation) { organisation_ = std::move(organisation); }

  // The live incident that holds the subject; null when there is none.
  const Incident* live_incident(std::string_view subject) const;
  bool empty_of_live() const { return live_.empty(); }

  // Opens an incident of the decision's subject and of all that its evidence names and no other live
  // incident holds: timeline, first report, first wave. `decision.incident` is filled in.
  struct Opening {
    Impact impact = Impact::unknown;
    int level = 0;
    TimePoint began_at{};
    std::span<const engine::Transition> members;  // alerts that fire
  };
  const Incident& open(Decision& decision, const Opening& opening, engine::Effects& effects);

  // The incident turns out to reach further: subjects that no live incident holds, with their alerts.
  void extend(const Incident& extended, const Evidence& evidence, std::span<const engine::Transition> members,
              engine::Effects& effects);

  // What the rules found about a live incident's subject, and the transition in which they did, if any.
  void join(const Incident& joined, TimePoint at, const engine::Transition* transition,
            const std::vector<Evidence>& evidence, engine::Effects& effects);

  // A transition of an alert that is a member somewhere already.
  void member_changed(const engine::Transition& transition, engine::Effects& effects);

  // An alert that fires and is held back: a member, though it counts for nothing.
  void hold_member(const Incident& held, const engine::Transition& transition, engine::Effects& effects);

  // A line of the timeline about a silence or maintenance that the incident is under.
  void remark(const Incident& about, TimePoint at, Sentence text, engine::Effects& effects, std::string_view actor);

  void person_acted(const PersonActed& acted, engine::Effects& effects);
  void delivery_started(const DeliveryStarted& started, engine::Effects& effects);
  void delivery_answered(const DeliveryAnswered& answered, engine::Effects& effects);

  // Sends the waves that are due at `now`. Says whether there were any.
  bool time_reached(TimePoint now, engine::Effects& effects);
  std::optional<TimePoint> next_deadline() const;

  // After a restart: everything still to be delivered. What was under way when the process ended may
  // have arrived, and is marked so.
  void resume(TimePoint now, engine::Effects& effects);

  void take_rows(std::vector<Row>& rows);
  Result<void> restore(Table table, std::string_view key, std::string_view value);

  // For those who read: by number, oldest first.
  const std::map<std::uint64_t, Incident>& incidents() const { return incidents_; }
  const Incident* find(std::string_view id) const;
  const std::map<std::string, Delivery>& outbox() const { return outbox_; }
  const std::map<std::string, Delivery>& dead_letters() const { return dead_; }

 private:
  Incident* find_mutable(std::string_view id);
  void say(Incident& incident, TimePoint at, std::string kind, Sentence text, engine::Effects& effects,
           std::string_view actor = "iwakan", std::optional<TimePoint> occurred_at = std::nullopt);
  bool add_member(Incident& incident, const engine::Transition& transition);
  void change(Incident& incident, TimePoint at);

  void start_first_report(Incident& incident, TimePoint now, engine::Effects& effects);
  void tell_everybody(Incident& incident, TimePoint now, engine::Effects& effects);
  void send(Incident& incident, std::uint32_t wave, const std::string& edition,
            const std::shared_ptr<const Report>& report, const std::vector<Recipient>& recipients,
            engine::Effects& effects);
  void mind_the_wave(const Incident& incident);
  std::string report_key_of(const Delivery& delivery) const;
  void drop_unneeded_reports();
  bool all_acknowledged(const Incident& incident) const;
  void settle(Delivery& delivery, const DeliveryAnswered& answered, engine::Effects& effects);

  void act_on(const PersonActed& acted, const act::Acknowledge& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Note& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetStatus& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetImpact& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Declare& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Redeliver& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Judge& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AddFact& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::CorrectFact& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::WithdrawFact& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AddUnknown& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AnswerUnknown& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::MoveUnknown& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::State& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AskDepartment& what, engine::Effects& effects);
  // Keeps a text that people wrote for a report as they wrote it; suggestions about its words go back to them.
  void heed_words(Incident& incident, const PersonActed& acted, const Sentence& text, engine::Effects& effects);
  // Silences are the engine's.
  static void act_on(const PersonActed&, const act::SetSilence&, engine::Effects&) {}
  static void act_on(const PersonActed&, const act::ExpireSilence&, engine::Effects&) {}
  bool set_status(Incident& incident, IncidentStatus status, engine::Effects& effects);
  void hold(Incident& incident, const std::string& subject);
  Incident* incident_or_refuse(const std::string& id, engine::Effects& effects);
  Incident& create(Decision& decision, Impact impact, int level, TimePoint began_at, Sentence title);

  Organisation organisation_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Incident> incidents_;
  std::map<std::string, std::uint64_t, std::less<>> live_;  // subject to incident
  std::set<std::uint64_t> waiting_;                         // incidents whose second wave has not gone
  std::map<std::string, Delivery> outbox_;
  std::map<std::string, Delivery> dead_;
  std::map<std::string, std::shared_ptr<const Report>> reports_;  // by row key; of deliveries not yet made

  std::set<std::uint64_t> changed_;
  std::vector<Row> rows_;  // written once: timeline, reports, outbox, ledger
};

}  // namespace iwakan::desk

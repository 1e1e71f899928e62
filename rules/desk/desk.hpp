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

inline constexpr std::size_t kMembersMax = 200;         // listed in one incident; more are counted
inline constexpr std::string_view kNotice = "notice.";  // begins the edition of a notice; its number follows

// What the engine sees around a subject when a person speaks of it.
struct Around {
  std::vector<engine::Transition> firing;  // alerts of it, oldest first
  std::vector<Evidence> noticed;           // and not thought to be enough
};

// For the timeline.
Sentence alert_line(const engine::Transition& transition);

// Keeps what a rule found in an open incident. Of a probability the latest word counts (a burst goes on: 14
// alerts, 15, 16 …), of a statement each different one.
void keep_evidence(Incident& incident, const Evidence& evidence);

class Desk {
 public:
  using Organisation = std::shared_ptr<const iwakan::Organisation>;

  // Who is told from now on. What was issued stays as it was.
  void set_organisation(Organisation organisation) { organisation_ = std::move(organisation); }

  // The live incident that holds the subject; null when there is none.
  const Incident* live_incident(std::string_view subject) const;
  bool empty_of_live() const { return live_.empty(); }

  // Opens an incident of the decision's subject and of all that its evidence names and no other live
  // incident holds: timeline, first report, first wave. A watch that holds the subject becomes the incident.
  // `decision.incident` is filled in.
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

  // An episode begins of an alert whose subject no live incident holds: perhaps an incident was not over.
  void came_back(const engine::Transition& transition, engine::Effects& effects);

  // The incident of the subject that is over, within its grace period at `at`; null when there is none.
  const Incident* recently_over(std::string_view subject, TimePoint at) const;
  void reopen(const Incident& over, TimePoint at, const Sentence& why, engine::Effects& effects,
              std::string_view actor = "iwakan");

  // `around`: of the subject that the person speaks of; needed for a hunch and a declaration.
  void person_acted(const PersonActed& acted, const Around& around, engine::Effects& effects);
  void delivery_started(const DeliveryStarted& started, engine::Effects& effects);
  void delivery_answered(const DeliveryAnswered& answered, engine::Effects& effects);

  // Does what is due at `now` about the incidents. Says whether there was anything.
  bool time_reached(TimePoint now, engine::Effects& effects);
  std::optional<TimePoint> next_deadline() const;

  // After a restart: everything still to be delivered. What was under way when the process ended may
  // have arrived, and is marked so.
  void resume(TimePoint now, engine::Effects& effects);

  void take_rows(std::vector<Row>& rows, bool wanted);  // `wanted`: false forgets what changed
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
  void write_down(Incident& incident, TimelineEntry entry);  // numbered and chained (timeline.cpp)
  void restore_imported(std::string_view key);
  bool add_member(Incident& incident, const engine::Transition& transition);
  void change(Incident& incident, TimePoint at);

  // --- reports and waves
  const LevelProcedure& level_of(const Incident& incident) const;
  // What people and the desk wish to tell: at once, or after approval where the level wants one.
  void report(Incident& incident, ReportKind kind, TimePoint now, engine::Effects& effects, std::string_view by,
              const Sentence& corrects = {});
  // The one way by which a report goes: numbered, written, sent to those who were told and to those whose wave it
  // is, with the promise of the next. REQUIRES: `first` exactly when it is the incident's first.
  void issue(Incident& incident, ReportKind kind, TimePoint now, engine::Effects& effects,
             const Sentence& corrects = {}, std::string_view by = "iwakan");
  void welcome(Incident& incident, std::shared_ptr<const Report> report, const std::vector<Recipient>& joined,
               TimePoint now, engine::Effects& effects);
  Report write(const Incident& incident, ReportKind kind, TimePoint now, const Sentence& corrects) const;
  void plan_waves(Incident& incident, TimePoint now);
  void send_waves(Incident& incident, TimePoint now, engine::Effects& effects);
  void tell_supervisors(Incident& incident, TimePoint now, engine::Effects& effects);
  void tell_deputies(Incident& incident, TimePoint now, engine::Effects& effects);
  void tell_new_supervisors(Incident& incident, TimePoint now, engine::Effects& effects);
  void tell(Incident& incident, const Wave& wave, TimePoint now, engine::Effects& effects);
  bool all_acknowledged(const Incident& incident) const;

  // --- time
  void mind_the_time(const Incident& incident);
  void came_due(Incident& incident, Due kind, TimePoint now, engine::Effects& effects);
  void send_unapproved(Incident& incident, TimePoint now, engine::Effects& effects);
  void promise(Incident& incident, TimePoint now);
  void end_promise(Incident& incident);
  void settle_promise(Incident& incident, TimePoint now);
  void promise_ahead(Incident& incident, TimePoint now);
  void remind(Incident& incident, TimePoint now, engine::Effects& effects);
  void keep_promise(Incident& incident, TimePoint now, engine::Effects& effects);

  // --- deliveries
  std::shared_ptr<const Report> keep_report(const Incident& incident, Report written, const std::string& edition);
  std::shared_ptr<const Report> latest_report(const Incident& incident) const;  // everybody's edition, if written
  struct Sending {
    std::string edition;
    std::shared_ptr<const Report> report;
    std::uint32_t wave = 0;
    Sentence why;  // to somebody out of turn
  };
  void send(Incident& incident, const Sending& sending, const std::vector<Recipient>& recipients,
            engine::Effects& effects);
  Sending in_edition(const Incident& incident, const Sending& sending, const std::string& edition);
  void queue(Incident& incident, const std::string& id, const Sending& sending, const Recipient& recipient,
             engine::Effects& effects);
  void look_after_people(Incident& incident, TimePoint now, engine::Effects& effects);
  // Asks people to do something: `about` is the kind of the report that it concerns.
  void notify(Incident& incident, ReportKind about, Notice notice, const std::vector<Recipient>& recipients,
              TimePoint now, engine::Effects& effects);
  std::string report_key_of(const Delivery& delivery) const;
  void drop_unneeded_reports();
  void settle(Delivery& delivery, const DeliveryAnswered& answered, engine::Effects& effects);

  void act_on(const PersonActed& acted, const act::Acknowledge& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Note& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetStatus& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetImpact& what, engine::Effects& effects);
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
  void act_on(const PersonActed& acted, const act::AddFollowUp& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::FinishFollowUp& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AssignRole& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::ReleaseRole& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::HandOver& what, engine::Effects& effects);
  // Null: refused, and why is said in the effects.
  Incident* give_role(const PersonActed& acted, const act::AssignRole& what, engine::Effects& effects);
  void name_vacancies(Incident& incident, TimePoint at, engine::Effects& effects);
  // A fact that readers were told was wrong: they are told what is right (null: that it is withdrawn).
  void put_readers_right(Incident& incident, const Fact& wrong, const Fact* right, const PersonActed& acted,
                         engine::Effects& effects);
  // Keeps a text that people wrote for a report as they wrote it; suggestions about its words go back to them.
  void heed_words(Incident& incident, const PersonActed& acted, const Sentence& text, engine::Effects& effects);
  // Silences are the engine's.
  static void act_on(const PersonActed&, const act::SetSilence&, engine::Effects&) {}
  static void act_on(const PersonActed&, const act::ExpireSilence&, engine::Effects&) {}
  void act_on(const PersonActed& acted, const act::CorrectEntry& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::ImportChat& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AskQuestion& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AnswerQuestion& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::AssignQuestion& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::MergeQuestion& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Declare& what, const Around& around, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Hunch& what, const Around& around, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetLevel& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::SetOrigin& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Merge& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Split& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::Reopen& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::DeclareRecovery& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::IssueReport& what, engine::Effects& effects);
  void act_on(const PersonActed& acted, const act::ApproveReport& what, engine::Effects& effects);

  // --- life
  Incident& opened(Decision& decision, const Opening& opening);
  int known_level(int level) const;  // the level, or the default one
  int level_for(Impact impact) const;
  // Says what is possible, in the refusal, when it is not.
  bool refused_move(const Incident& incident, IncidentStatus to, engine::Effects& effects) const;
  void enter(Incident& incident, IncidentStatus status, TimePoint at);
  void dismiss(Incident& incident, const PersonActed& acted, const std::string& why, engine::Effects& effects);
  void raise(Incident& incident, int level, const Sentence& why, TimePoint at, engine::Effects& effects,
             std::string_view actor = "iwakan");
  void set_level(Incident& incident, int level, const Sentence& why, TimePoint at, engine::Effects& effects,
                 std::string_view actor);
  void learn(Incident& incident, const Sentence& what, TimePoint at, std::string_view source);

  // --- a watch
  Sentence observer(const std::string& actor) const;  // as readers know who noticed it
  void line_up(Incident& incident, const Around& around, TimePoint at, engine::Effects& effects);
  void ask_of_watch(Incident& incident, NoticeKind kind, TimePoint now, engine::Effects& effects);
  void answer_watch(Incident& incident, TimePoint at, engine::Effects& effects, std::string_view actor);
  void watch_unanswered(Incident& incident, TimePoint now, engine::Effects& effects);
  void settle_watch(Incident& incident, const PersonActed& acted, const act::SetStatus& what, engine::Effects& effects);
  void open_watch(Incident& incident, int level, TimePoint at, engine::Effects& effects, std::string_view actor);
  void begin(Incident& incident, int level, TimePoint at);
  void hold(Incident& incident, const std::string& subject);
  Incident* incident_or_refuse(const std::string& id, engine::Effects& effects);
  Incident* only_live_or_refuse(engine::Effects& effects);

  // The question desk (questions.cpp).
  Question* question_or_refuse(Incident& incident, std::uint32_t number, engine::Effects& effects);
  void settle_question(Incident& incident, Question& question, TimePoint at);
  void tell_askers(Incident& incident, const Question& question, TimePoint now, engine::Effects& effects);
  void relay_questions(Incident& incident, TimePoint now, engine::Effects& effects);

  Incident& create(Decision& decision, Impact impact, int level, TimePoint began_at, Sentence title);

  Organisation organisation_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Incident> incidents_;
  std::map<std::string, std::uint64_t, std::less<>> live_;   // subject to incident
  std::map<std::uint64_t, std::set<std::string>> imported_;  // by incident: source ids of chat lines
  std::map<std::uint64_t, TimePoint> due_;                   // by incident: when the earliest of its times is due
  std::set<std::pair<TimePoint, std::uint64_t>> by_time_;    // the same, the other way round
  std::map<std::string, Delivery> outbox_;
  std::map<std::string, Delivery> dead_;
  std::map<std::string, std::shared_ptr<const Report>> reports_;  // by row key; of deliveries not yet made

  std::set<std::uint64_t> changed_;
  std::vector<Row> rows_;  // written once: timeline, reports, outbox, ledger
};

}  // namespace iwakan::desk

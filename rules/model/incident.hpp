// Incident: a suspicion that was opened. Its life, its member alerts, who was told and who
// acknowledged. Owned by the engine's state; everybody else reads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/fact.hpp"
#include "model/follow_up.hpp"
#include "model/question.hpp"
#include "model/report.hpp"
#include "model/role.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"
#include "model/timeline.hpp"

namespace iwakan {

// With what the id of an incident begins; its number follows.
inline constexpr std::string_view kIncidentPrefix = "INC-";

enum class IncidentStatus : std::uint8_t {
  open,
  identified,  // the cause is known
  mitigated,   // customers are well again, the cause may remain
  recovered,   // declared, on evidence
  closed,
  false_alarm,
  watch,   // something feels off, and somebody looks: becomes an incident, or is let go
  merged,  // its alerts and people went on in another incident
};

std::string_view name(IncidentStatus status);
std::optional<IncidentStatus> incident_status(std::string_view text);

// Still being worked on: new alerts of its subjects join it.
bool is_live(IncidentStatus status);

// Where it came from, as far as known; never forced to be.
enum class Origin : std::uint8_t { unknown, system, human, own, third_party, unforeseen };

std::string_view name(Origin origin);
std::optional<Origin> origin_named(std::string_view text);

// What people said of an incident, or showed by working on it. It teaches the false-alarm budget.
enum class Judgement : std::uint8_t {
  none,
  acted_on,   // acknowledged, noted, worked on: it was worth it
  confirmed,  // said to be an incident
  dismissed,  // said to be none
};

std::string_view name(Judgement judgement);
std::optional<Judgement> judgement_named(std::string_view text);

// How a member alert stands. Ways of not firing, never to be confused; silenced is none of them.
enum class MemberState : std::uint8_t {
  firing,
  resolved,     // its sender said that it ended
  expired,      // its sender goes on speaking, but no longer of this alert
  source_lost,  // its sender fell silent, or cannot tell
  superseded,   // the same alert fired anew without a word about how this episode ended
  silenced,     // fires, but is held back by a silence or maintenance
};

std::string_view name(MemberState state);

// Its sender says so, whether people want to hear of it or not.
inline bool is_firing(MemberState state) {
  return state == MemberState::firing || state == MemberState::silenced;
}

struct Member {
  std::string source;
  Fingerprint fingerprint = 0;
  std::string subject;  // of the incident's
  TimePoint starts_at{};
  MemberState state = MemberState::firing;
  TimePoint changed_at{};  // when we learned of the state
  std::string alert_name;  // untrusted
  std::string summary;     // untrusted; annotation "summary", else "description", cut
  std::string link;        // untrusted

  friend bool operator==(const Member&, const Member&) = default;
};

// A step on the way of what is told: who hears next. Each who is new to the incident gets its latest report.
enum class WaveState : std::uint8_t { waiting, sent };

struct Wave {
  std::string audience;  // as a level plans it: supervisors, everybody, or a group
  WaveState state = WaveState::waiting;
  TimePoint deadline{};  // goes by then, whatever is missing
  std::optional<TimePoint> sent_at;

  friend bool operator==(const Wave&, const Wave&) = default;
};

// What happens at a stated time if nobody does anything before. At most one time of each kind an incident.
enum class Due : std::uint8_t {
  wave,       // the next wave goes, whatever is missing
  approval,   // the report that waits for a person's word goes all the same
  answer,     // of a watch: no answer is answered by telling
  reminder,   // of the promised report, or of a watch's questions
  promise,    // the promised report
  settled,    // recovery has lasted: the same trouble is a new incident from then on
  questions,  // those that wait at the question desk go to the responders, together
  deputy,     // the next deputy hears in a supervisor's place
  load,       // are those at work in need of a rest
};

std::string_view name(Due due);

// Somebody held a role, and gave it up.
struct Served {
  std::string person;  // id
  TimePoint from{};
  TimePoint to{};

  friend bool operator==(const Served&, const Served&) = default;
};

// A report that waits for a person's word.
struct Draft {
  ReportKind kind = ReportKind::first;
  Sentence corrects;
  TimePoint asked_at{};
  std::string by;

  friend bool operator==(const Draft&, const Draft&) = default;
};

struct Acknowledgement {
  TimePoint at{};
  std::string actor;  // who said so

  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

// Who was told of the incident, and what they were told last: recovery goes to exactly these.
struct Told {
  Recipient recipient;
  std::uint32_t report = 0;
  std::uint32_t version = 1;

  friend bool operator==(const Told&, const Told&) = default;
};

// What only a person can write: the title in the customers' terms, and fields of the second report. Actions are
// facts, and times come from the timeline.
enum class SummaryField : std::uint8_t {
  title,
  what_happened,
  impact,
  scope,
  recurrence,
  conditions,  // for declaring recovery
  left,        // what remains to be done
  follow_up,   // written report, review
};

std::string_view name(SummaryField field);
std::optional<SummaryField> summary_field_named(std::string_view text);
Sentence word(SummaryField field);  // for people

struct Stated {
  Sentence text;
  TimePoint at{};
  std::string by;

  friend bool operator==(const Stated&, const Stated&) = default;
};

// A named person says that it is over; the grounds are what the recovery gate found.
struct Recovery {
  TimePoint declared_at{};
  std::string by;
  std::vector<Sentence> grounds;

  friend bool operator==(const Recovery&, const Recovery&) = default;
};

// The last report that everybody got: what is new is new since then.
struct Reported {
  std::uint32_t number = 0;
  ReportKind kind = ReportKind::first;
  TimePoint at{};

  friend bool operator==(const Reported&, const Reported&) = default;
};

struct Incident {
  std::string id;  // "INC-17"
  std::uint64_t number = 0;
  int level = 1;
  IncidentStatus status = IncidentStatus::open;
  Impact impact = Impact::unknown;
  TimePoint impact_at{};  // when that was found
  Sentence title;
  std::vector<std::string> subjects;  // in the order they joined
  TimePoint began_at{};               // earliest start of a member, as far as known
  TimePoint opened_at{};
  TimePoint changed_at{};
  std::vector<Member> members;
  std::uint32_t members_left_out = 0;  // beyond the cap: counted, not listed
  Decision decision;                   // why it was opened
  std::vector<Evidence> evidence;      // joined later, capped
  std::uint32_t timeline_length = 0;
  std::string timeline_head;  // chain over the timeline's entries so far (desk/timeline.hpp)
  std::uint32_t reports_issued = 0;
  std::uint32_t report_version = 1;  // of the latest report
  TimePoint issued_at{};             // of the latest report
  std::uint32_t notices = 0;         // sent so far
  TimePoint told_until{};            // what was known by then has been told to somebody
  std::vector<Wave> waves;           // in the order in which they go
  std::map<Due, TimePoint> due;
  std::optional<Draft> draft;
  std::optional<TimePoint> next_report_at;
  std::map<std::string, Acknowledgement> acknowledged;  // by person id
  Judgement judgement = Judgement::none;
  Origin origin = Origin::unknown;
  std::vector<RoleHolder> roles;
  std::vector<Served> served;                           // roles that were given up, capped
  std::map<std::string, std::vector<TimePoint>> paged;  // by person: when something was sent to them alone, capped
  std::map<std::string, TimePoint> offered_rest;        // by person
  std::vector<Fact> facts;
  std::vector<Unknown> unknowns;
  std::vector<Question> questions;
  std::map<SummaryField, Stated> summary;
  std::vector<FollowUp> follow_ups;
  std::map<std::string, Sentence> asks;          // by department: instead of what is usually asked of it
  std::map<IncidentStatus, TimePoint> reached;   // when each status was last entered
  std::map<std::string, Told> told;              // by recipient id
  std::map<std::string, TimePoint> not_reached;  // recipient ids to whom the last delivery was given up, and when
  std::optional<Reported> reported;
  std::optional<TimePoint> supervisors_told_at;  // of the first report
  std::optional<TimePoint> everybody_told_at;    // of the first report
  std::optional<Recovery> recovery;
  std::string merged_into;  // id of the incident that goes on
  std::string split_from;   // id of the incident that it was a part of
  // Set while a report is written: the promised time that passed without one.
  std::optional<TimePoint> missed_for;
  std::uint32_t promises_kept = 0;
  std::uint32_t promises_missed = 0;
  std::uint32_t missed_in_a_row = 0;
  TimePoint touched_at{};  // when a person last did something about it

  friend bool operator==(const Incident&, const Incident&) = default;
};

// When that happens, if it is to happen.
inline std::optional<TimePoint> due_at(const Incident& incident, Due what) {
  const auto found = incident.due.find(what);
  return found == incident.due.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace iwakan

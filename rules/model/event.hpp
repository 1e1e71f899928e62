// Event: what the engine steps on. Past tense, each with its time; the only way by which time,
// people and the world reach the pure rooms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/alert.hpp"
#include "model/delivery.hpp"
#include "model/incident.hpp"
#include "model/silence.hpp"
#include "model/time.hpp"

namespace iwakan {

// The daemon began. What senders last said is not known again until they had time to speak.
struct Started {
  TimePoint at{};
};

// A request of a source, decoded. Deliveries, not transitions: repeats and copies are expected.
struct AlertsReceived {
  TimePoint at{};
  std::string source;  // kind of sender: "alertmanager"
  AlertBatch batch;
  bool truncated = false;  // the sender says that it left some out: conclude nothing from absence
};

// Alerts that fire, with their labels as the store keeps them: looked up where a silence or maintenance began or
// ended, for the engine holds no labels. All of one source.
struct AlertsRecalled {
  TimePoint at{};
  std::string source;
  AlertBatch batch;
};

// A source sent something, be it only what was known: told once in five minutes, so that its silence can
// be told from its having nothing new to say.
struct SourceSpoke {
  TimePoint at{};
  std::string source;
};

// A source told that it will not speak again (SNS UnsubscribeConfirmation). Its firing alerts are
// source lost, not resolved.
struct SourceWithdrawn {
  TimePoint at{};
  std::string source;
  std::string detail;  // untrusted
};

struct TimeReached {
  TimePoint at{};
};

// What people do. `incident` names one ("INC-17").
namespace act {
struct Acknowledge {
  std::string incident;
  std::string person;  // whose reading is acknowledged; empty: the actor's
};
struct Note {
  std::string incident;  // empty: the only one that is being worked on
  std::string text;
  std::optional<TimePoint> occurred_at;
};
struct SetStatus {
  std::string incident;
  IncidentStatus status = IncidentStatus::open;
  std::string why;
};
struct SetImpact {
  std::string incident;
  Impact impact = Impact::unknown;
  std::string what;
};
struct Declare {  // an incident that no alert announced
  std::string subject;
  std::string title;
  Impact impact = Impact::possible;
  int level = 0;  // 0: the configured default
};
struct Redeliver {  // a dead letter gets another chance
  std::string delivery;
};
struct Judge {  // whether it was an incident at all: what the false-alarm budget learns from
  std::string incident;
  Judgement judgement = Judgement::none;  // none: takes back what was said
  std::string why;
};
// Texts of reports: what is known and not known. Words that a reader may take ill come back as suggestions, and
// stay as they were written.
struct AddFact {
  std::string incident;
  FactKind kind = FactKind::observation;
  Sentence what;
  Sentence source;  // empty: reports give it as not confirmed
  std::optional<TimePoint> since;
  std::optional<TimePoint> at;  // nothing: now
};
struct CorrectFact {  // the fact is replaced; what was told already is put right by a correction
  std::string incident;
  std::uint32_t fact = 0;
  Sentence what;
  Sentence source;  // empty: as before
  std::optional<TimePoint> at;
  std::string why;
};
struct WithdrawFact {
  std::string incident;
  std::uint32_t fact = 0;
  std::string why;
};
struct AddUnknown {
  std::string incident;
  Sentence what;
  Sentence checker;
  std::optional<TimePoint> due;  // nothing: nobody here can say, and `checker` is who is waited for
};
struct AnswerUnknown {  // the answer becomes a fact
  std::string incident;
  std::string unknown;
  Sentence answer;
  Sentence source;  // needed
  std::optional<TimePoint> at;
};
struct MoveUnknown {  // more will be said later than promised
  std::string incident;
  std::string unknown;
  TimePoint due{};
  std::string why;
};
struct State {  // a field of the second report, or the title
  std::string incident;
  SummaryField field = SummaryField::what_happened;
  Sentence text;
};
struct AddFollowUp {  // what is still to be done, and who does it
  std::string incident;
  Sentence what;
  std::string owner;  // a person's id, or a name that the configuration does not know
  std::optional<TimePoint> due;
};
struct FinishFollowUp {
  std::string incident;
  std::uint32_t follow_up = 0;
  std::string note;
};
struct AssignRole {  // a role of which there is one is handed over by it
  std::string incident;
  RoleKind role = RoleKind::hands_on;
  std::string person;  // id, or the name of somebody whom the configuration does not know
  std::string does;    // empty: what the role does
};
struct ReleaseRole {
  std::string incident;
  RoleKind role = RoleKind::hands_on;
  std::string person;
};
struct HandOver {  // command goes to somebody else, with what they need to know
  std::string incident;
  std::string to;
};
struct AskDepartment {  // instead of what is usually asked of it
  std::string incident;
  std::string department;
  Sentence what;  // empty: the usual again
};
struct SetSilence {
  Silence silence;       // with an id: that one changes
  std::string fresh_id;  // of the silence, if it becomes a new one
};
struct ExpireSilence {
  std::string id;
};
struct Hunch {  // something feels off: a watch, until somebody can say whether it matters
  std::string subject;
  std::string text;
};
struct SetLevel {
  std::string incident;
  int level = 0;
  std::string why;  // needed to lower it
};
struct SetOrigin {
  std::string incident;
  Origin origin = Origin::unknown;
  std::string why;
};
struct Merge {  // the two are one: `incident` goes on in `into`
  std::string incident;
  std::string into;
  std::string why;
};
struct Split {  // these subjects are another matter: an incident of their own
  std::string incident;
  std::vector<std::string> subjects;
  std::string title;
  std::string why;
};
struct Reopen {
  std::string incident;
  std::string why;
};
struct DeclareRecovery {
  std::string incident;
  std::string although;  // a reason to declare it although conditions are missing; empty: only if none is
};
struct IssueReport {
  std::string incident;
  ReportKind kind = ReportKind::update;  // never the first
  std::string corrects;                  // of a correction: what it changes
};
struct ApproveReport {  // the report that waits goes now
  std::string incident;
};
struct CorrectEntry {  // a new entry that names the one it corrects
  std::string incident;
  std::uint32_t entry = 0;
  std::string text;
  std::optional<TimePoint> occurred_at;
};
struct ChatLine {
  std::string source_id;  // the same line imported again is the same line
  TimePoint occurred_at{};
  std::string author;
  std::string text;
};
struct ImportChat {
  std::string incident;
  std::vector<ChatLine> lines;
};
struct AskQuestion {
  std::string incident;  // empty: the only one that is being worked on
  std::string person;    // who wants to know; empty: the actor
  std::string text;
  bool of_a_person = false;  // what is known was not enough: somebody has to answer
};
struct AnswerQuestion {
  std::string incident;
  std::uint32_t question = 0;
  std::string text;
};
struct AssignQuestion {
  std::string incident;
  std::uint32_t question = 0;
  std::string person;
};
struct MergeQuestion {
  std::string incident;
  std::uint32_t question = 0;
  std::uint32_t into = 0;
};
}  // namespace act

using Act =
    std::variant<act::Acknowledge, act::Note, act::SetStatus, act::SetImpact, act::Declare, act::Redeliver, act::Judge,
                 act::AddFact, act::CorrectFact, act::WithdrawFact, act::AddUnknown, act::AnswerUnknown,
                 act::MoveUnknown, act::State, act::AskDepartment, act::SetSilence, act::ExpireSilence, act::Hunch,
                 act::SetLevel, act::SetOrigin, act::Merge, act::Split, act::Reopen, act::DeclareRecovery,
                 act::IssueReport, act::ApproveReport, act::AssignRole, act::ReleaseRole, act::HandOver,
                 act::CorrectEntry, act::ImportChat, act::AskQuestion, act::AnswerQuestion, act::AssignQuestion,
                 act::MergeQuestion, act::AddFollowUp, act::FinishFollowUp>;

// The actor of an act that nobody put a name to.
inline constexpr std::string_view kNobody = "api";

struct PersonActed {
  TimePoint at{};
  std::string actor;  // who, as authenticated; untrusted as text
  Act act;
};

// An attempt is about to leave. Recorded before the first byte goes, so that after a crash iwakan
// knows what may have been sent.
struct DeliveryStarted {
  TimePoint at{};
  std::string delivery;
};

struct DeliveryAnswered {
  TimePoint at{};
  std::string delivery;
  DeliveryAnswer answer;
};

struct ConfigurationReplaced {
  TimePoint at{};
  std::string digest;  // SHA-256 of the text, hex
};

using Event = std::variant<Started, AlertsReceived, SourceWithdrawn, TimeReached, PersonActed, DeliveryStarted,
                           DeliveryAnswered, ConfigurationReplaced, SourceSpoke, AlertsRecalled>;

}  // namespace iwakan

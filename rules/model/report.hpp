// Report: what one audience is told about an incident at one moment, as a record. Written by the
// desk from evidence and people's words, kept as it was issued, laid out by the sinks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/fact.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class ReportKind : std::uint8_t { first, update, second, correction };

std::string_view name(ReportKind kind);

// "NOT KNOWN" never stands alone: somebody looks, until a stated time.
struct OpenQuestion {
  Sentence what;
  Sentence checker;                     // who is checking
  TimePoint due{};                      // by when we say more
  bool no_estimate = false;             // nobody can say by when: `checker` is who is waited for
  bool overdue = false;                 // `due` has passed, and nobody has given another time
  std::optional<TimePoint> moved_from;  // the time that an earlier report gave
  std::string moved_why;

  friend bool operator==(const OpenQuestion&, const OpenQuestion&) = default;
};

struct KnownFact {
  Sentence what;
  FactKind kind = FactKind::observation;
  std::optional<TimePoint> since;  // measured from then
  TimePoint at{};                  // when it was so, or until when
  Sentence source;                 // who or what says so: a rule, a monitor, a person. Untrusted text
  bool fresh = false;              // not said in the report before

  friend bool operator==(const KnownFact&, const KnownFact&) = default;
};

struct Ask {
  Sentence of;    // which department; "everyone else" as well
  Sentence what;  // "nothing to do, please wait for the next report" is an ask too

  friend bool operator==(const Ask&, const Ask&) = default;
};

struct Assignment {
  Sentence who;
  Sentence does;

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

// The edition for one supervisor, or for a deputy in their place, ahead of everybody: who it is for, what their
// people will meet, and when everybody hears.
struct IndividualNote {
  std::string person;  // id of the reader, as acknowledgements name it
  Sentence addressee;  // "CS 長谷川さま" / "Hasegawa, CS"
  Sentence stands_in;  // of a deputy: why it comes to them; empty: to the supervisor
  std::vector<Sentence> to_expect;
  TimePoint everybody_at{};  // the latest time at which the report goes to everybody

  friend bool operator==(const IndividualNote&, const IndividualNote&) = default;
};

// A line of a time table: "detected 10:14".
struct Moment {
  Sentence what;
  TimePoint at{};

  friend bool operator==(const Moment&, const Moment&) = default;
};

// Whom an edition is written for.
enum class Audience : std::uint8_t {
  everybody,
  supervisor,  // ahead of everybody: `individual` says what their people will ask
  department,  // its own ask first
  management,  // three lines
  customers,   // a draft that nobody has approved
  responder,   // `notice` says what there is for them to do
};

// What somebody is asked to do now. No report, but it goes the same way, so that it is as sure to arrive.
enum class NoticeKind : std::uint8_t {
  report_due,      // readers were promised a report for a time that is near
  approval,        // a report waits for their word
  promise_missed,  // the promised report did not come
  watch,           // something feels off, and its questions want an answer
  watch_due,       // and have none yet
  questions,       // those that wait at the question desk, together
  answer,          // what somebody asked at the desk is answered
  hand_over,       // somebody has been at work for long: a rest is offered
};

std::string_view name(NoticeKind kind);

struct Notice {
  NoticeKind kind = NoticeKind::report_due;
  TimePoint at{};               // what the kind speaks of: when it is due, when it goes all the same, since when
  std::vector<Sentence> lines;  // what there is to know: the questions of a watch

  friend bool operator==(const Notice&, const Notice&) = default;
};

std::string_view name(Audience audience);

// What the second report adds. A field that is empty is being confirmed, and says so.
struct Outcome {
  Sentence what_happened;
  std::vector<Moment> when;
  Sentence impact;
  Sentence scope;
  std::vector<Moment> actions;
  Sentence recurrence;
  bool recovered = false;            // recovery is declared with this report
  std::vector<Sentence> grounds;     // of the declaration
  std::vector<Sentence> conditions;  // what is still missing for it, when it is not declared
  Sentence left;                     // what remains to be done
  Sentence follow_up;                // written report, review

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Report {
  std::string incident;       // "INC-17"
  std::uint32_t number = 1;   // 1 = first report of the incident; the same for all its editions
  std::uint32_t version = 1;  // raised by corrections
  ReportKind kind = ReportKind::first;
  int level = 1;
  bool drill = false;
  TimePoint issued_at{};
  Sentence title;  // customer terms where known
  Audience audience = Audience::everybody;
  std::optional<IndividualNote> individual;  // of a supervisor's edition
  std::optional<Notice> notice;              // instead of a report; `kind` is that of the report it is about
  Sentence department;                       // of a department's or supervisor's edition
  std::vector<KnownFact> known;              // at least one; customer impact first, when it is known
  std::vector<KnownFact> not_confirmed;      // what people have heard, without a source
  std::vector<OpenQuestion> unknown;         // at least one
  std::vector<Ask> asks;                     // at least one
  std::vector<Assignment> responders;        // at least one
  Sentence contact;
  std::optional<TimePoint> next_report_at;
  std::vector<Sentence> unconfirmed;     // departments that had not acknowledged when everybody was told
  std::string url;                       // of the incident; may be empty
  std::optional<Outcome> outcome;        // of a second report
  Sentence corrects;                     // what this version changes; empty: it is the first version
  std::optional<TimePoint> previous_at;  // of the report before: what is fresh came after it
  std::optional<TimePoint> missed_for;   // the time that was promised, and passed without a report
  bool may_mention = false;              // in chat it may call those who are in the room
  std::uint32_t told = 0;                // recipients that have it, of the reports so far
  std::uint32_t not_reached = 0;
  std::uint32_t questions_open = 0;  // at the question desk

  friend bool operator==(const Report&, const Report&) = default;
};

}  // namespace iwakan

// Report: what one audience is told about an incident at one moment, as a record. Written by the
// desk from evidence and people's words, kept as it was issued, laid out by the sinks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class ReportKind : std::uint8_t { first, update, second, correction };

std::string_view name(ReportKind kind);

// "NOT KNOWN" never stands alone: somebody looks, until a stated time.
struct OpenQuestion {
  Sentence what;
  Sentence checker;  // who is checking
  TimePoint due{};   // by when we say more

  friend bool operator==(const OpenQuestion&, const OpenQuestion&) = default;
};

struct KnownFact {
  Sentence what;
  TimePoint at{};      // when it was so
  std::string source;  // who or what says so: a rule, a monitor, a person. Untrusted text

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

// The edition for one supervisor, ahead of everybody: who it is for, what their people will meet,
// and when everybody hears.
struct IndividualNote {
  std::string person;  // id of the supervisor, as acknowledgements name it
  Sentence addressee;  // "CS 長谷川さま" / "Hasegawa, CS"
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
  Sentence title;                            // customer terms where known
  std::optional<IndividualNote> individual;  // set: a supervisor's edition. Not set: everybody's
  std::vector<KnownFact> known;              // at least one
  std::vector<OpenQuestion> unknown;         // at least one
  std::vector<Ask> asks;                     // at least one
  std::vector<Assignment> responders;        // at least one
  Sentence contact;
  std::optional<TimePoint> next_report_at;
  std::vector<Sentence> unconfirmed;  // departments that had not acknowledged when everybody was told
  std::string url;                    // of the incident; may be empty
  std::optional<Outcome> outcome;     // of a second report
  Sentence corrects;                  // what this version changes; empty: it is the first version
  std::uint32_t told = 0;             // recipients that have it, of the reports so far
  std::uint32_t not_reached = 0;
  std::uint32_t questions_open = 0;  // at the question desk

  friend bool operator==(const Report&, const Report&) = default;
};

}  // namespace iwakan

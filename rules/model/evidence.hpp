// Evidence: how surprising something about a subject is, if all were well, and the sentence that
// says so to a person. Decision: what was made of it, with the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/alert.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

// Whether customers are affected. "Possible" is enough to tell people.
enum class Impact : std::uint8_t { unknown, none_confirmed, possible, confirmed };

std::string_view name(Impact impact);
std::optional<Impact> impact_named(std::string_view text);

// What a plain statement of the configuration says, which no probability stands behind: open at once.
struct Statement {
  Impact impact = Impact::unknown;
  int level = 0;           // 0: the default level
  bool withholds = false;  // the opposite: never open for this

  friend bool operator==(const Statement&, const Statement&) = default;
};

// How evidence stood against the false-alarm budget when it was weighed (statistics/budget).
struct Weight {
  double noise_per_week = 0;    // unconfirmed episodes at least this surprising, as the past has shown
  double allowed_per_week = 0;  // the rule's part of the budget
  double score = 0;             // -log10 of the p-value, the largest of the episode
  double needed = 0;            // the least score that is within the budget
  double weeks = 0;             // of past that this rests on
  bool by_model = false;        // too little past: the rule's own probability decided

  friend bool operator==(const Weight&, const Weight&) = default;
};

// Of which alert evidence speaks that no delivery brought, so that it can be held against silences, maintenance and
// what is only to be watched.
struct AboutAlert {
  std::string subject;
  std::string alert_name;  // empty: any of the subject's
  std::string source;      // of the one that fires; empty: none need
  Fingerprint fingerprint = 0;

  friend bool operator==(const AboutAlert&, const AboutAlert&) = default;
};

struct Evidence {
  std::string rule;  // name in the catalogue of kinds: "unusual_frequency"; "person": somebody said so
  // A rule that looks at several things ranks each among its own kind, and gives each a part of its budget.
  std::string part;
  double part_share = 1;
  std::string subject;            // what may be broken
  std::vector<std::string> also;  // further subjects, when it is about many at once
  TimePoint at{};
  TimePoint since{};  // when what is odd began
  // Probability of something at least this surprising under normal operation: uniform or larger
  // there. 1 for a statement.
  double p_value = 1;
  bool learning = false;  // the rule has not seen enough to be believed
  std::optional<Statement> statement;
  Sentence sentence;                                    // for a manager; may hold untrusted label text
  Sentence source;                                      // who says so; empty: the rule
  std::vector<std::pair<std::string, double>> numbers;  // behind the sentence, by name
  std::optional<Weight> weight;                         // of a p-value, once the engine has weighed it
  std::optional<AboutAlert> about;                      // from the rule to the engine; kept nowhere

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// Why an incident was opened, joined, or not opened. Closed: the label of log and metric.
enum class DecisionReason : std::uint8_t {
  opened_by_statement,  // open_when matched
  opened_by_impact,     // customers are or may be affected
  opened_by_evidence,   // more surprising than the false-alarm budget allows for
  opened_by_person,     // declared by hand
  joined,               // the subject's incident was open already
  within_budget,        // a near miss: noticed, not surprising enough
  learning,             // surprising, but the rule has not seen enough to be believed
  withheld,             // people said: never open for this
  silenced,             // people said: known, until some time
  maintenance,          // it was announced
};

std::string_view name(DecisionReason reason);

struct Decision {
  DecisionReason reason = DecisionReason::within_budget;
  std::string subject;
  std::string incident;  // opened or joined; empty for a near miss
  TimePoint at{};
  std::vector<Evidence> evidence;

  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace iwakan

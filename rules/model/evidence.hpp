// Evidence: how surprising something about a subject is, if all were well, and the sentence that
// says so to a person. Decision: what was made of it, with the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  int level = 0;  // 0: the default level

  friend bool operator==(const Statement&, const Statement&) = default;
};

struct Evidence {
  std::string rule;     // name in the catalogue of kinds: "unusual_frequency"
  std::string subject;  // what may be broken
  TimePoint at{};
  // Probability of something at least this surprising under normal operation: uniform or larger
  // there. 1 for a statement.
  double p_value = 1;
  bool learning = false;  // the rule has not seen enough to be believed
  std::optional<Statement> statement;
  Sentence sentence;                                    // for a manager; may hold untrusted label text
  std::vector<std::pair<std::string, double>> numbers;  // behind the sentence, by name

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
};

std::string_view name(DecisionReason reason);

struct Decision {
  DecisionReason reason = DecisionReason::within_budget;
  std::string subject;
  std::string incident;  // opened or joined; empty for a near miss
  TimePoint at{};
  double threshold = 0;  // the p-value that had to be undercut
  std::vector<Evidence> evidence;

  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace iwakan

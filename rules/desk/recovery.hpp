// Recovery: what it takes to say that it is over. Absence is not recovery: an alert that expired, that nobody can
// see any more or that was never listed has not ended as far as anybody knows.
#pragma once

#include <vector>

#include "model/incident.hpp"
#include "model/level.hpp"

namespace iwakan::desk {

struct RecoveryGate {
  std::vector<Sentence> grounds;  // what speaks for recovery
  std::vector<Sentence> missing;  // the conditions that do not hold (yet), for whoever sees to them: alerts by name
  std::vector<Sentence> told;     // the same for readers of reports: alerts by their number

  bool holds() const { return missing.empty(); }
};

// Pure: the state of the member alerts, and quiet for the level's time. A named person is the caller's matter.
RecoveryGate recovery_gate(const Incident& incident, const LevelProcedure& level, TimePoint now);

}  // namespace iwakan::desk

// Deputies: who hears in a supervisor's place, why, and when: ahead of everybody, like the supervisor. Pure.
#pragma once

#include <vector>

#include "model/incident.hpp"
#include "model/organisation.hpp"

namespace iwakan::desk {

struct StandIn {
  const Department* department = nullptr;  // of the organisation
  const Deputy* deputy = nullptr;
  TimePoint at{};  // to be told then
  Sentence why;
};

// Of each department that has not acknowledged, the deputies who were not told yet, earliest first: at once when the
// supervisor is not on duty or was not reached, else when there is no acknowledgement in time, one after the other, and
// all of them before everybody hears. Empty before the supervisors were told, and once everybody was.
std::vector<StandIn> stand_ins(const Incident& incident, const Organisation& organisation);

// By the supervisor, or by a deputy in their place.
bool has_acknowledged(const Incident& incident, const Department& department);

}  // namespace iwakan::desk

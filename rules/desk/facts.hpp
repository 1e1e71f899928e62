// What is known and not known when an incident opens. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/fact.hpp"
#include "model/incident.hpp"
#include "model/organisation.hpp"

namespace iwakan::desk {

// The organisation's standing questions as open unknowns. Customer impact is always among them.
std::vector<Unknown> opening_unknowns(const Organisation& organisation, TimePoint opened_at);

// An id that no unknown of the incident has: "u4".
std::string fresh_unknown_id(const Incident& incident);
bool is_taken(const Incident& incident, const std::string& unknown_id);

// Whether somebody still has to find it out.
bool is_open(const Unknown& unknown, Impact impact);

}  // namespace iwakan::desk

// Roles of an incident: who holds them from its opening on, and who may not. Pure. Practice, sections 1 (14, 28, 31)
// and 2.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/report.hpp"
#include "model/result.hpp"

namespace iwakan::desk {

// Those on duty at `at`, and the responders of the configuration. A role of which there is one is held by the first who
// has it, and nobody who has their hands in the repair becomes the contact.
std::vector<RoleHolder> roles_at_opening(const Organisation& organisation, TimePoint at);

// The holder as the organisation knows them by their id, or by a name that it does not know. A Failure says that the
// name looks like a slip of an id, or why they may not hold the role: whoever takes the questions has no hands in the
// repair, except in a team of one, where `does` says so.
Result<RoleHolder> role_holder(const Incident& incident, const Organisation& organisation, RoleKind kind,
                               const std::string& person, const std::string& does);

// Keeps how long somebody held a role that they hold no longer.
void give_up(Incident& incident, const RoleHolder& holder, TimePoint at);

// Adds what somebody else does besides: a role of which there is one stays with who has it, and who takes the questions
// gets no hands in the repair, nor the other way round, except in a team of one.
void add_role(std::vector<RoleHolder>& roles, RoleHolder holder, const Organisation& organisation);

// Puts the holder among the roles. Who held a role of which there is one gives it up, and is returned.
// Their time in it is kept.
std::optional<RoleHolder> take_role(Incident& incident, RoleHolder holder);

// A role that the level needs and nobody holds, and who stands in meanwhile; null: nobody can. Those with their hands
// in the repair are left to it, and whoever commands takes no part in it.
struct Vacancy {
  RoleKind kind = RoleKind::command;
  const RoleHolder* stands_in = nullptr;  // of the incident
};
std::vector<Vacancy> vacancies(const Incident& incident, const LevelProcedure& level);
Sentence said_of(const Vacancy& vacancy);  // "Fujii (standing in until somebody has it)"

// What whoever takes over needs to know, a line each: what is known and not known, who does what, the next promise.
// By the clock of their zone.
Sentence handover_note(const Report& report, const Offsets& zone);

std::vector<Sentence> lines_of(const Sentence& note);

// Who has the role; null: nobody.
const RoleHolder* holder_of(const Incident& incident, RoleKind kind);

}  // namespace iwakan::desk

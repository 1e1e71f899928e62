// Notices: who is asked to do something about an incident now, by a short message of their own. Pure.
//
// Those who write and decide are asked before those who have their hands in the repair.
#pragma once

#include <vector>

#include "model/incident.hpp"
#include "model/organisation.hpp"

namespace iwakan::desk {

// Who sees to it that the promised report comes: command, deputy and scribe, else whoever holds a role.
std::vector<Recipient> those_who_report(const Incident& incident, const Organisation& organisation);

// Whose word lets a report go: command and deputy, else the duty lead.
std::vector<Recipient> those_who_approve(const Incident& incident, const Organisation& organisation, TimePoint now);

// Whose word ends a watch: who investigates, speaks with customers, or commands.
std::vector<Recipient> those_who_look(const Incident& incident, const Organisation& organisation);

// Who can answer what readers ask: those at work on it, and whoever takes the questions.
std::vector<Recipient> those_who_answer(const Incident& incident, const Organisation& organisation);

// Those among the askers whom the organisation knows how to reach.
std::vector<Recipient> those_who_asked(const Question& question, const Organisation& organisation);

// Who hears that somebody may need a rest: they themselves, and whoever commands.
std::vector<Recipient> those_who_relieve(const Incident& incident, const Organisation& organisation,
                                         const std::string& person);

// Who answers for incidents at `now`: on duty for command by the rota, else who always takes it, else the incident's.
std::vector<Recipient> duty_leads(const Incident& incident, const Organisation& organisation, TimePoint now);

}  // namespace iwakan::desk

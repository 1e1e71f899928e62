// Reporter: writes a report of an incident from what is recorded about it. Pure: incident,
// organisation and time in, the record out. Practice: reference practice, sections 1 (25 to 29) and 2.5.
#pragma once

#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/report.hpp"

namespace iwakan::desk {

// Everybody's edition of the first report, as of `now`.
Report first_report(const Incident& incident, const Organisation& organisation, TimePoint now);

// The edition for one department's supervisor, ahead of everybody.
Report individual_edition(Report report, const Department& department, TimePoint everybody_at);

// The departments whose supervisors have not acknowledged.
std::vector<Sentence> unconfirmed_departments(const Incident& incident, const Organisation& organisation);

// One line that says what is the matter, in words for everybody.
Sentence title_of(std::string_view subject, Impact impact);
Sentence title_of_many(const std::vector<std::string>& subjects);

}  // namespace iwakan::desk

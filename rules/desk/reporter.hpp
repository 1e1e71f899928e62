// Reporter: writes a report of an incident from what is recorded about it. Pure: incident,
// organisation and time in, the record out. Practice: reference practice, sections 1 (25 to 36) and 2.5.
#pragma once

#include <optional>
#include <string_view>

#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/report.hpp"

namespace iwakan::desk {

// Where reports point to: the page of an incident stands at it, with its id.
inline constexpr std::string_view kPagePath = "/i/";

// Everybody's edition, as of `now`. Its number is that of the last report of the incident, its version 1.
//  - first: what is known, customer impact first; what is not known; asks; people; contact; next time
//  - update: the same, with what was not said in `incident.reported` marked fresh
//  - second: with the outcome. It declares recovery exactly when `incident.recovery` is set
//  - correction: as the report that it corrects; `corrects`, what changed, is added by whoever issues it
Report write_report(const Incident& incident, const Organisation& organisation, ReportKind kind, TimePoint now);

// What a correction says of a fact: that it is withdrawn, or what is right instead. Null: withdrawn.
Sentence put_right(const Fact& wrong, const Fact* right);

// "1 firing, 2 resolved": the alerts of the incident without their names, which say nothing to most readers; those in
// one state left out, if so wished. Empty: there are none.
Sentence alerts_by_state(const Incident& incident, std::optional<MemberState> but_not = {});

// What customers meet, as it was set; empty: not known.
Sentence said_of(Impact impact);

// Everybody's edition for one department: its own ask first.
Report department_edition(Report report, const Department& department);

// For management (laid out in three lines), and as a draft for customers which nobody has approved.
Report management_edition(Report report);
Report customers_draft(Report report);

// Everybody's edition as the named one: "management", "customers", "department.ID"; "everybody" or empty: as it is.
// Nothing: there is none of this name.
std::optional<Report> edition_named(Report report, std::string_view edition, const Organisation& organisation);

// The edition for one department's supervisor, ahead of everybody.
Report individual_edition(Report report, const Department& department, TimePoint everybody_at);

// How one person of a department is spoken to.
Sentence addressee(const Department& department, const Sentence& person);

// The departments of which nobody has acknowledged.
std::vector<Sentence> unconfirmed_departments(const Incident& incident, const Organisation& organisation);

// One line that says what is the matter, in words for everybody.
Sentence title_of(std::string_view subject, Impact impact);
Sentence title_of_many(const std::vector<std::string>& subjects);

}  // namespace iwakan::desk

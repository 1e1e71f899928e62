// Drill case: an incident as a recording that `iwakanctl drill start` plays: its alerts, and the moment at which it
// was opened. Names and secrets are left out by taking nothing else along: no label but the alert's name and its
// subject, no annotation, no link, no title, no word of anybody's. What people found out is for those who practise.
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "record/names.hpp"
#include "record/review.hpp"

namespace iwakan::record {

// JSON lines, a request each, in the order of time. `subject_label`: the label that names an alert's subject. A member
// that fired several times is there with its last episode.
std::string drill_case(const Incident& incident, const Names& names, std::string_view subject_label);

}  // namespace iwakan::record

// Specimens: the reports of reference practice, section 3.1, as records. Templates are tried on them
// when they are loaded, and tests of other rooms render them.
#pragma once

#include <vector>

#include "model/delivery.hpp"
#include "model/report.hpp"

namespace iwakan::sinks {

Report specimen_first_report();  // everybody's edition
Report specimen_individual();    // the edition for the supervisor of CS
Report specimen_update();        // with a question that is overdue, one that was moved, and an unconfirmed word
Report specimen_second();        // with recovery
Report specimen_correction();
Report specimen_notice();  // to somebody at work; no report, and so not among the specimens below
Delivery specimen_delivery();

// All of these and what they leave out: between them, no member of a report is empty.
std::vector<Report> specimens();

}  // namespace iwakan::sinks

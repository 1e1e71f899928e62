// Specimens: the reports of reference practice, section 3.1, as records. Templates are tried on them
// when they are loaded, and tests of other rooms render them.
#pragma once

#include "model/delivery.hpp"
#include "model/report.hpp"

namespace iwakan::sinks {

Report specimen_first_report();  // everybody's edition
Report specimen_individual();    // the edition for the supervisor of CS
Delivery specimen_delivery();

}  // namespace iwakan::sinks

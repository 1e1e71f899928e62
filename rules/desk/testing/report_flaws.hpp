// What is wrong with a report, by the checks of reference practice, section 3. Test code only.
#pragma once

#include <string>
#include <vector>

#include "model/incident.hpp"
#include "model/report.hpp"

namespace iwakan::desk::testing {

// Empty: nothing is wrong. `incident`: as it stood when the report was written.
std::vector<std::string> report_flaws(const Report& report, const Incident& incident);

// Of "N … うち A …、B …" in a Japanese text: whether A and B make N. True when it says no such thing.
bool numbers_add_up(const std::string& japanese);

}  // namespace iwakan::desk::testing

// iwakanctl series: how far off each value of a CSV file is.
#pragma once

#include <istream>
#include <ostream>

#include "ctl/command.hpp"

namespace iwakan::ctl {

// Reads `timestamp,value`, writes `timestamp,value,score,report`, a row for a row as they come. Returns the
// exit code.
int series(const Series& what, std::istream& standard_input, std::ostream& output, std::ostream& errors);

}  // namespace iwakan::ctl

// iwakanctl map: which alerts the body of a request becomes, by the source of a configuration.
#pragma once

#include <istream>
#include <ostream>

#include "ctl/command.hpp"

namespace iwakan::ctl {

// Returns the exit code. `input` is read where the sample is "-".
int map(const Map& what, const Command& command, std::istream& input, std::ostream& output, std::ostream& errors);

}  // namespace iwakan::ctl

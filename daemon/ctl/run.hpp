// Carries a Command out: speaks with the daemon and shows what it says.
#pragma once

#include <ostream>

#include "ctl/command.hpp"

namespace iwakan::ctl {

// Returns the exit code. What was asked for goes to `output`, complaints to `errors`.
int run(const Command& command, std::ostream& output, std::ostream& errors);

}  // namespace iwakan::ctl

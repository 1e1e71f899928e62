// iwakanctl replay: which incidents a configuration would have opened, and why.
#pragma once

#include <ostream>

#include "ctl/command.hpp"

namespace iwakan::ctl {

// One incident a line or a paragraph to `output`; what concerns the run itself to `errors`. Returns the
// exit code.
int replay(const Replay& what, const Command& command, std::ostream& output, std::ostream& errors);

}  // namespace iwakan::ctl

// Verify: asks the daemon, or looks at a store, whether the record is as it was written.
#pragma once

#include <ostream>

#include "ctl/command.hpp"
#include "ctl/http.hpp"

namespace iwakan::ctl {

// Returns the exit code: 1 when something is not as it was written. A store is looked at without the connection.
int verify(const Verify& asked, Connection& connection, const Command& command, std::ostream& output,
           std::ostream& errors);

}  // namespace iwakan::ctl

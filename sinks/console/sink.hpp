// The sink `console`: prints reports on stdout, for a person at a terminal (README.md).
#pragma once

#include "sinks/sink.hpp"

namespace iwakan::sinks::console {

// {}
Make parse(Fields& fields);

}  // namespace iwakan::sinks::console

// The sink `file`: appends reports to a file, a JSON object a line (README.md).
#pragma once

#include "sinks/sink.hpp"

namespace iwakan::sinks::file {

// {path: PATH, sync: true}
Make parse(Fields& fields);

}  // namespace iwakan::sinks::file

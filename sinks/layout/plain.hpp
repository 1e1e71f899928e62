// The plain layout: a whole report in code, good enough to be sent as it is. What every other layout falls
// back to.
#pragma once

#include <string>

#include "sinks/layout/view.hpp"

namespace iwakan::sinks {

std::string plain_text(const View& view);

}  // namespace iwakan::sinks

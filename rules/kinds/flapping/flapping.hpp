// flapping: an alert that goes off again and again, more often than it usually does. One suspicion, not
// one for each time. Formulas: statistics/runs.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::flapping {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::flapping

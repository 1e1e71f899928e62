// longer_than_usual: an alert that fires on and on, longer than it ever did. Formulas:
// statistics/durations.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::longer_than_usual {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::longer_than_usual

// value_deviates: an alert goes off as it often does, but the number it carries is far from what it carries
// otherwise. Formulas: statistics/sample.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::value_deviates {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::value_deviates

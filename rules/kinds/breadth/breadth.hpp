// breadth: unusually many subjects at once, as when something they share breaks. Opens one incident
// that holds them all.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::breadth {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::breadth

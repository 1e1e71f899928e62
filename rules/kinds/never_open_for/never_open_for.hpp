// never_open_for: plain statements that hold incidents back: what is only to be watched. It is noticed,
// learned and kept like everything else; it never opens.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::never_open_for {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::never_open_for

// silence: what usually comes does not come. Three cadences are learned: of each alert by the clock
// (a nightly job, a heartbeat), of each subject and of each source by their usual traffic, so that a
// quiet evening is no silence. And what people expect in so many words. Formulas: statistics/cadence.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::silence {

engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::silence

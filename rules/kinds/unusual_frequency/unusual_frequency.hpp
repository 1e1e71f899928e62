// unusual_frequency: more alerts of a subject than is usual at this hour, felt while it happens.
//
// Counts episodes that began (never repeats). At each one it asks the subject's Baseline how surprising
// the windows that end now are, given that something has just happened (statistics/baseline.hpp).
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::unusual_frequency {

// {learn_for: 24h, streams_max: 10000}
engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::unusual_frequency

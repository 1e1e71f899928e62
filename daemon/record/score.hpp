// Score: what an incident's record shows of the practice, point by point, against what its level asks for: times and
// fields. Made for the talk after a drill. It looks at how things went, never at who: nobody is named, and the points
// do not add up to a mark of anybody's.
//
// Pure.
#pragma once

#include <vector>

#include "model/organisation.hpp"
#include "record/review.hpp"

namespace iwakan::record {

struct Point {
  Sentence what;   // what the practice asks for
  Sentence found;  // what the record shows
  bool met = false;
};

// REQUIRES: the organisation has the incident's level, or its default level.
std::vector<Point> score_of(const Record& record, const Organisation& organisation);

}  // namespace iwakan::record

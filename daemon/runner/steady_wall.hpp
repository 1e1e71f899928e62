// SteadyWall: wall-clock time that never runs backwards. Between looks at the wall clock it follows the
// monotonic one, so that a clock set back by an hour neither stops deadlines nor makes events go back
// in time; a clock set forward is followed.
#pragma once

#include <algorithm>

#include "model/time.hpp"
#include "runtime/clock.hpp"

namespace iwakan::runner {

class SteadyWall {
 public:
  // `clock` outlives this. Begins no earlier than at `not_before`.
  explicit SteadyWall(const runtime::Clock& clock, TimePoint not_before = TimePoint::min())
      : clock_(clock), at_(std::max(clock.now(), not_before)), steady_(clock.monotonic()) {}

  TimePoint now() {
    const runtime::Moment steady = clock_.monotonic();
    const TimePoint by_steady = at_ + (steady - steady_);
    const TimePoint by_wall = clock_.now();
    // Within a second the wall clock is merely corrected: wait for it rather than run ahead.
    const bool set_back = by_steady - by_wall > std::chrono::seconds(1);
    at_ = std::max(at_, set_back ? by_steady : by_wall);
    steady_ = steady;
    return at_;
  }

 private:
  const runtime::Clock& clock_;
  TimePoint at_;
  runtime::Moment steady_;
};

}  // namespace iwakan::runner

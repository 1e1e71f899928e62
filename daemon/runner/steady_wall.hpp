// SteadyWall: wall-clock time that never runs backwards. Between looks at the wall clock it follows the
// monotonic one, so that a clock set back by an hour neither stops deadlines nor makes events go back
// in time; a clock set forward is followed.
#pragma once

#include <chrono>
#include <functional>

#include "model/time.hpp"

namespace iwakan::runner {

class SteadyWall {
 public:
  explicit SteadyWall(std::function<TimePoint()> wall_clock)
      : wall_clock_(std::move(wall_clock)), at_(wall_clock_()), steady_(std::chrono::steady_clock::now()) {}

  TimePoint now() {
    const auto steady = std::chrono::steady_clock::now();
    const TimePoint by_steady = at_ + std::chrono::duration_cast<Duration>(steady - steady_);
    const TimePoint by_wall = wall_clock_();
    behind_ = by_steady - by_wall;
    // Within a second the wall clock is merely corrected: wait for it rather than run ahead.
    const bool set_back = behind_ > std::chrono::seconds(1);
    at_ = std::max(at_, set_back ? by_steady : by_wall);
    steady_ = steady;
    return at_;
  }

  // How far the wall clock was behind at the last look; more than a second: it was set back.
  Duration behind() const { return behind_; }

 private:
  std::function<TimePoint()> wall_clock_;
  TimePoint at_;
  std::chrono::steady_clock::time_point steady_;
  Duration behind_{};
};

}  // namespace iwakan::runner

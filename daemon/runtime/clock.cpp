#include "runtime/clock.hpp"

#include "model/assert.hpp"

namespace iwakan::runtime {

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Moment SystemClock::monotonic() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

void ManualClock::advance(Duration by) {
  IWAKAN_ASSERT(by.count() >= 0);
  now_ += by.count();
  monotonic_ += by.count();
}

}  // namespace iwakan::runtime

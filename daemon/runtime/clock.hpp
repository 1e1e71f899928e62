// Clock: what time it is. The narrow door by which time enters the shell; from there it goes on
// inside events.
#pragma once

#include <atomic>
#include <chrono>

#include "model/time.hpp"

namespace iwakan::runtime {

// A moment on a clock that nobody sets. Differences mean something, the value itself does not.
using Moment = std::chrono::time_point<std::chrono::steady_clock, Duration>;

// Any thread may ask.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual TimePoint now() const = 0;     // wall time: for records and people. May jump either way
  virtual Moment monotonic() const = 0;  // for limits and durations
};

class SystemClock : public Clock {
 public:
  TimePoint now() const override;
  Moment monotonic() const override;  // CLOCK_MONOTONIC, as systemd counts it
};

// Stands still until told otherwise. For tests.
class ManualClock : public Clock {
 public:
  explicit ManualClock(TimePoint now = TimePoint{}) : now_(now.time_since_epoch().count()) {}

  TimePoint now() const override { return TimePoint(Duration(now_.load())); }
  Moment monotonic() const override { return Moment(Duration(monotonic_.load())); }

  // REQUIRES: by >= 0. Both clocks go on.
  void advance(Duration by);

  // Somebody sets the wall clock; the monotonic one does not care.
  void set(TimePoint now) { now_ = now.time_since_epoch().count(); }

 private:
  std::atomic<Duration::rep> now_;
  std::atomic<Duration::rep> monotonic_{0};
};

}  // namespace iwakan::runtime

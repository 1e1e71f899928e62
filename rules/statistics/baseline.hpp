// Baseline: what is usual for one stream of events: an online Gamma-Poisson level, times a shrunk
// hour-of-day and hour-of-week factor, with a dispersion that is learned per window.
//
// Source of the formulas and constants: reference detection, section 3.1. Five-minute bins; empty bins
// are fed, lazily, when the next event comes. UTC hours of the week.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace iwakan::statistics {

inline constexpr Duration kBin = std::chrono::minutes(5);
inline constexpr std::array<int, 3> kWindowBins{1, 6, 36};

// What all streams together have shown: the prior of a new one.
struct Population {
  double events = 0;
  double bins = 0;

  // Mean events a bin of a stream, as if 2016 bins at .05 had been seen before.
  double rate() const { return (.05 * 2016 + events) / (2016 + bins); }
};

// The most surprising of the windows that end now.
struct Surprise {
  double p_value = 1;       // uniform or larger under the model, all windows together
  std::uint64_t count = 0;  // events in that window, the present one included
  Duration window{};
  double mean = 0;               // expected events in it
  std::uint64_t usual_most = 0;  // 95 % of such windows hold no more
};

class Baseline {
 public:
  Baseline() = default;
  Baseline(TimePoint now, const Population& population);

  // Closes the bins before that of `now` and learns from them. `population` learns along.
  void advance(TimePoint now, Population& population);

  // One event at `now`. REQUIRES: advance(now) before. `frozen`: do not learn from this bin (an
  // incident is open), for at most a day on end.
  void count(TimePoint now, bool frozen);

  // How surprising the windows are, given that an event has just been counted at `now`.
  Surprise surprise(TimePoint now) const;

  TimePoint since() const { return since_; }

  std::string encode() const;
  static bool decode(std::string_view bytes, Baseline& baseline);

 private:
  template <class Archive, class Value>
  friend void walk(Archive& archive, Value& baseline);

  static constexpr int kRing = 36;  // the longest window

  struct Closed {
    float count = 0;
    float mean = 0;
  };

  double season(std::int64_t bin) const;
  double relative_variance(std::int64_t bin) const;
  void close_bin(Population& population);
  void learn_dispersion(double relative);

  TimePoint since_{};
  std::int64_t bin_ = 0;           // number of the open bin since the epoch
  std::uint32_t open_ = 0;         // events in it
  bool frozen_ = false;            // something in it must not be learned
  std::uint32_t frozen_bins_ = 0;  // on end
  double level_count_ = 0;         // a: decayed events
  double level_bins_ = 0;          // b: decayed seasonal bins
  std::array<float, 24> hour_count_{}, hour_expected_{};
  std::array<float, 168> week_count_{}, week_expected_{};
  std::array<double, 3> dispersion_squares_{}, dispersion_means_{};
  std::array<Closed, kRing> ring_{};  // by bin modulo kRing
};

}  // namespace iwakan::statistics

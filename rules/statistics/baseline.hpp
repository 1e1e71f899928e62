// Baseline: what is usual for one stream of events: an online Gamma-Poisson level, times a shrunk
// hour-of-day and hour-of-week factor, with a dispersion that is learned per window.
//
// Source of the formulas and constants: reference detection, sections 3.1 and 3.2. Five-minute bins; empty bins
// are fed, lazily, when the next event comes. UTC hours of the week.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/time.hpp"

namespace iwakan {
class Encoder;
class Decoder;
}  // namespace iwakan

namespace iwakan::statistics {

inline constexpr Duration kBin = std::chrono::minutes(5);

// The windows that are looked at, in closed bins (and what has begun of the present one).
using Windows = std::array<int, 3>;
inline constexpr Windows kHours{1, 6, 36};   // five minutes, half an hour, three hours
inline constexpr Windows kMinutes{1, 3, 6};  // five, fifteen and thirty minutes

// What all streams together have shown: the prior of a new one.
struct Population {
  double events = 0;
  double bins = 0;
  std::array<double, 3> squares{};  // by window: what their dispersion has been
  std::array<double, 3> means{};

  // Mean events a bin of a stream, as if a day at .05 had been seen before.
  double rate() const { return (.05 * 288 + events) / (288 + bins); }

  // Variance by mean of the counts in a window; 3, as if 60 events had been seen, before anything is known.
  double dispersion(std::size_t window) const {
    return std::max(1., (3 * 60 + squares[window]) / (60 + means[window]));
  }
};

template <class Archive, class Value>
requires std::same_as<Population, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.events, v.bins);
  for (auto& value : v.squares) archive(value);
  for (auto& value : v.means) archive(value);
}

// The most surprising of the windows that end now.
struct Surprise {
  double p_value = 1;       // uniform or larger under the model, all windows together
  std::uint64_t count = 0;  // events in that window, the present one included
  Duration window{};
  double mean = 0;               // expected events in it
  double dispersion = 1;         // variance by mean of such counts
  bool lasting = false;          // the bets on a lasting increase say so, not a single window
  std::uint64_t usual_most = 0;  // 95 % of such windows hold no more
};

class Baseline {
 public:
  Baseline() = default;
  Baseline(TimePoint now, const Population& population, const Windows& windows = kHours);

  // Closes the bins before that of `now` and learns from them. `population` learns along.
  void advance(TimePoint now, Population& population);

  // One event at `now`. REQUIRES: advance(now) before. `learn`: otherwise nothing is learned from this bin
  // (an incident is open).
  void count(TimePoint now, bool learn);

  // How surprising the windows are, given that an event has just been counted at `now`: the closed
  // windows, the last few events however short a time they took, and the bets on a lasting increase.
  Surprise surprise(TimePoint now) const;

  // Expected events in a bin like the one of `at`.
  double mean(TimePoint at) const;

  TimePoint since() const { return since_; }

 private:
  template <class Archive, class Value>
  friend void walk(Archive& archive, Value& baseline);

  static constexpr int kRing = 36;    // the longest window
  static constexpr int kRecent = 16;  // the last events
  static constexpr int kBets = 4;

  struct Closed {
    float count = 0;
    float mean = 0;
  };

  struct Sum {
    double count = 0;
    double mean = 0;
  };

  double season(std::int64_t bin) const;
  double relative_variance(std::int64_t bin) const;
  double dispersion(std::size_t window) const;
  void close_bin(Population& population);
  void close_into_windows(const Closed& closed);
  void learn_dispersion(double relative, Population& population);
  void bet(double count, double mean);
  void look_at_windows(TimePoint now, Surprise& best) const;
  void look_at_last(TimePoint now, Surprise& best) const;
  void look_at_bets(TimePoint now, Surprise& best) const;

  TimePoint since_{};
  std::int64_t bin_ = 0;    // number of the open bin since the epoch
  std::uint32_t open_ = 0;  // events in it
  bool frozen_ = false;     // something in it must not be learned
  Windows windows_ = kHours;
  double level_count_ = 0;  // a: decayed events
  double level_bins_ = 0;   // b: decayed seasonal bins
  std::array<float, 24> hour_count_{}, hour_expected_{};
  std::array<float, 168> week_count_{}, week_expected_{};
  std::array<double, 3> dispersion_squares_{}, dispersion_means_{};
  std::array<double, 3> dispersion_prior_{3, 3, 3};  // of the population, when last seen
  std::array<Closed, kRing> ring_{};                 // by bin modulo kRing
  std::array<Sum, 3> sums_{};                        // of the windows' closed bins
  std::array<TimePoint, kRecent> recent_{};          // by number modulo kRecent
  std::uint64_t counted_ = 0;
  std::array<double, kBets> bets_{};  // wealth of each bettor
};

void fields(Encoder& encoder, const Baseline& baseline);
void fields(Decoder& decoder, Baseline& baseline);

}  // namespace iwakan::statistics

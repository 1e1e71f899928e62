// ValueSeries: how far off each value of a numeric series is, by the series' own past. Streaming, causal,
// one fixed set of constants, no threshold to choose.
//
// A prediction (level, hour of the day, hour of the week) gives three features: the deviation of this row, that
// of the last rows, and the distance from the long-run level in the series' own unit. Each is compared with
// the largest episodes of its past: `lambda` is the smoothed number of episodes of the last 28 days that were
// as extreme, so 28 days / lambda is how often the like of it comes. Source of the equations and constants:
// reference detection, section 2.
//
// Rows nearer than five minutes count together: each is judged as the mean so far, and learned as one.
// About 2 KB. Any thread, one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/time.hpp"
#include "statistics/peaks.hpp"

namespace iwakan {
class Encoder;
class Decoder;
}  // namespace iwakan

namespace iwakan::statistics {

struct ValueScore {
  double lambda = 99;  // such episodes in 28 days; 99: ordinary
  // 3 - log10(lambda + .02) of a row that is more off than the twenty before it, else 0: what goes on is not
  // told again. Higher is more off, 4.7 at most.
  double score = 0;
  bool report = false;  // the score reached that of lambda .7: about one report a month for a series
  double expected = 0;
  double spread = 0;  // mean absolute deviation from what was expected, of late
};

class ValueSeries {
 public:
  // Nothing: the time is not after that of the row before, or the value is not finite; nothing was learned.
  std::optional<ValueScore> observe(TimePoint at, double value);

 private:
  template <class Archive, class Value>
  friend void walk(Archive& archive, Value& v);

  static constexpr std::size_t kHours = 24;
  static constexpr std::size_t kWeekHours = 168;
  static constexpr std::size_t kFeatures = 3;

  // What a row shows before it is learned.
  struct Look {
    double season;    // of the hour of the day
    double offset;    // season and week together, as far as they help
    double residual;  // from the prediction
    double drift;     // from the long-run level
    double clipped;   // residual in spreads, bounded
    std::array<double, kFeatures> features;
    double lambda;
  };

  struct Season {
    std::size_t before, after;  // cells
    double part;                // of `after`
    std::size_t week;
  };

  static Season season_at(TimePoint at);
  Look look(TimePoint at, double value) const;
  double floor() const;
  double rate(double rows) const;
  void begin(double value);
  void learn(TimePoint at, double value);
  void learn_levels(const Look& look, double value, bool shift, double limit);
  void learn_seasons(TimePoint at, const Look& look, double value, double limit);
  void note_gap(TimePoint at);

  std::uint64_t rows_ = 0;
  TimePoint last_at_{};   // of the last row learned
  TimePoint block_at_{};  // of the rows not yet learned: the first of them
  TimePoint heard_at_{};  // of the last row
  double block_sum_ = 0;
  std::uint32_t block_rows_ = 0;
  double period_ = 0;  // seconds between rows, about

  double level_ = 0, fast_level_ = 0, long_level_ = 0;
  double spread_ = 0, long_spread_ = 0;
  double mean_ = 0, variance_ = 0;
  double sustained_ = 0, regime_ = 0;  // of the clipped residuals: eight rows, forty rows
  double season_helps_ = 0, season_size_ = 0;
  std::array<float, kHours> hour_{}, hour_visits_{};
  std::array<float, kWeekHours> week_{}, week_visits_{};
  std::array<std::array<Peaks, 2>, kFeatures> peaks_;

  std::array<float, 20> lately_{};  // how far off the rows before were, by number
  double block_most_ = 0;           // and those of the present block

  friend void fields(Encoder& encoder, const ValueSeries& series);
  friend void fields(Decoder& decoder, ValueSeries& series);
};

}  // namespace iwakan::statistics

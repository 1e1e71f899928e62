// Season: how much more, or less, than usual comes at each hour of the day and of the week: a factor around 1,
// shrunk to what is expected of it (reference detection, section 3.1). UTC hours; five-minute bins.
#pragma once

#include <array>
#include <cstdint>

#include "model/time.hpp"

namespace iwakan {
class Encoder;
class Decoder;
}  // namespace iwakan

namespace iwakan::statistics {

inline constexpr Duration kBin = std::chrono::minutes(5);
inline constexpr int kHourBins = 12;

inline std::int64_t bin_of(TimePoint time) {
  return time.time_since_epoch() / kBin;
}

class Season {
 public:
  // In the hour of this bin came `count`, where the level by itself (and what is known of the hour from elsewhere)
  // made one expect `expected`.
  void learn(std::int64_t bin, double count, double expected);

  // What to multiply the expected by.
  double factor(std::int64_t bin) const;

  // Events that this hour of the week has shown, the old ones forgotten.
  double seen(std::int64_t bin) const;

 private:
  template <class Archive, class Value>
  friend void walk_season(Archive& archive, Value& season);

  struct Cell {
    float count = 0;
    float expected = 0;
  };

  std::int64_t week_ = 0;  // in which it was last learned
  std::array<Cell, 24> day_{};
  std::array<Cell, 168> of_week_{};
};

void fields(Encoder& encoder, const Season& season);
void fields(Decoder& decoder, Season& season);

}  // namespace iwakan::statistics

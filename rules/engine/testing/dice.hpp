// Dice: chance from a seed, the same on every machine: the generator's numbers and plain arithmetic, since the
// distributions of the standard library are each maker's own. Test code only.
#pragma once

#include <cstdint>
#include <random>

#include "model/time.hpp"

namespace iwakan::engine::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t roll() { return generator_(); }
  // 0 to `sides` - 1. REQUIRES: `sides` is not 0. That it is uneven by a trifle does not matter here.
  std::size_t below(std::size_t sides) { return generator_() % sides; }
  bool once_in(std::size_t times) { return below(times) == 0; }
  // A time up to `longest`, in whole seconds.
  Duration up_to(Duration longest) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(longest).count();
    return std::chrono::seconds(below(static_cast<std::size_t>(seconds) + 1));
  }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace iwakan::engine::testing

// Peaks: the largest episodes of one feature of a series on one side, and how many of them were about as
// large as a given value. Source: reference detection, section 2.2.
//
// An episode is a running maximum that has not been exceeded for twenty rows. Only closed episodes are
// history: what goes on now does not vouch for itself. The past fades with 28 days.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "model/time.hpp"

namespace iwakan::statistics {

class Peaks {
 public:
  // The smoothed number of past episodes at least as large as `size`: each smaller one counts with
  // (peak / size) to the power of 2^`doublings`.
  double as_large_as(double size, int doublings, TimePoint now) const;

  // One more row.
  void step(double size, TimePoint now);

  // A gap in the series ends the episode in progress.
  void close(TimePoint now);

  double largest() const;

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Peaks, std::remove_cvref_t<Value>> {
    archive(v.count_, v.rows_since_, v.running_);
    for (std::size_t i = 0; i < kMost; ++i) {
      double size{v.sizes_[i]};
      archive(size, v.times_[i]);
      if constexpr (Archive::kReads) v.sizes_[i] = static_cast<float>(size);
    }
    if (v.count_ > kMost) v.forget_all();
  }

 private:
  static constexpr std::size_t kMost = 16;

  void forget_all() const {}
  void forget_all() { count_ = 0; }

  std::array<float, kMost> sizes_{};
  std::array<TimePoint, kMost> times_{};
  std::uint64_t count_ = 0;
  std::uint32_t rows_since_ = 0;  // since the running maximum was reached
  double running_ = -1;           // negative: no episode
};

}  // namespace iwakan::statistics

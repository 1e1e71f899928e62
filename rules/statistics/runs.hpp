// Runs: how often something usually comes again at once, and how surprising a long run of it is.
//
// A thing that sometimes flaps has no law of its own that a few runs could show, so little is claimed: how
// often it goes beyond its longest run is estimated from its own runs and, while they are few, from those of
// all; beyond that, length counts by a Pareto tail, and how heavy that is is learned from all (Hill's
// estimator). Where those that flap go on for dozens of times, length says little: that it flaps at all does.
// So a calm thing is judged by little, and a known flapper by its own past.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "statistics/largest.hpp"

namespace iwakan::statistics {

// What all things together have shown: how many of their runs went beyond two, and how far. Each speaks by its
// first.
struct AllRuns {
  double runs = 0;
  double longer = 0;
  double stretch = 0;  // of those that went beyond two: the logarithms of how many times as long

  // One in twenty, as if twenty had been seen, before anything is known.
  double beyond() const { return (1 + longer) / (20 + runs); }

  // Exponent of the tail: three, as if one had shown it, before anything is known.
  double tail() const { return (1 + longer) / (1 / 3. + stretch); }
};

template <class Archive, class Value>
requires std::same_as<AllRuns, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.runs, v.longer, v.stretch);
}

class Runs {
 public:
  // A run that ended after `length` comings. REQUIRES: length >= 1.
  void learn(std::uint32_t length, AllRuns& all);

  // P(a run has at least `length` comings): uniform or larger.
  double at_least(std::uint32_t length, const AllRuns& all) const;

  // The longest of the last.
  double longest() const { return std::max(1., longest_.value()); }
  std::uint32_t known() const { return known_; }

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Runs, std::remove_cvref_t<Value>> {
    archive(v.known_, v.longest_);
  }

 private:
  std::uint32_t known_ = 0;
  Largest<> longest_;
};

}  // namespace iwakan::statistics

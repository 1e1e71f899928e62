// Cadence: how regularly something comes, and how surprising it is that it has not come for so long.
//
// The gaps between comings are taken as Weibull-distributed: shape 1 is chance (a Poisson process), below
// it come clusters, far above it a clockwork. The shape is estimated from the logarithms of the gaps
// (their standard deviation is pi / (sqrt(6) shape)), and taken smaller while there are few. A gap is any
// positive number: seconds of a clock, or of one that runs with the usual traffic (see rules/kinds/silence).
// Source of the moments: the law of log Weibull is Gumbel's; Johnson, Kotz, Balakrishnan, Continuous
// Univariate Distributions 1, chapter 21.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "statistics/largest.hpp"

namespace iwakan::statistics {

// What all things that come by the clock have shown together: how often one that has never failed in n beats fails
// before it has come to 2 n.
struct AllBeats {
  double doublings = 0;
  double failed = 0;

  // Of the next beat, after n without one that failed: once in 2 n, before anything is known.
  double rate(double clean) const { return (failed + .5) / (doublings + 1) / clean; }
};

template <class Archive, class Value>
requires std::same_as<AllBeats, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.doublings, v.failed);
}

class Cadence {
 public:
  // One more gap. REQUIRES: gap > 0.
  void learn(double gap);

  // The same of what may come by the clock; all learn along.
  void learn_beat(double gap, AllBeats& all);

  // P(a gap is at least this long): uniform or larger while all is well. 1 while there are too few. `by_chance`:
  // what comes by chance, whose small gaps may look regular (they are counted in steps), is given no tail
  // sharper than chance has.
  double longer_than(double gap, bool by_chance = false) const;

  // The gap at which longer_than() falls to p; infinity while there are too few gaps.
  double gap_at(double p, bool by_chance = false) const;

  // The gap in the middle: half of them are shorter.
  double median() const;

  // The same for what comes by the clock. However sharp the law: a beat may be late, and how late is known by the
  // latest of n, with a Pareto tail beyond it; and it may fail, once in 2 n if it never did (Jeffreys' estimate of
  // a proportion) or as rarely as such things do, and each further one as rarely again.
  double missed_for(double gap, const AllBeats& all) const;

  // By how much the gap is longer than the median, in medians; what is usual counts nothing.
  double late_by(double gap) const;

  // How regular: 1 is chance, more is clockwork. REQUIRES: a gap has been learned.
  double shape() const;

  std::uint32_t gaps() const { return gaps_; }
  double span() const { return span_; }  // of all gaps together

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Cadence, std::remove_cvref_t<Value>> {
    archive(v.gaps_, v.missed_, v.latest_, v.span_, v.weight_, v.mean_, v.squares_);
  }

 private:
  double scale() const;
  double log_median() const;

  std::uint32_t gaps_ = 0;
  std::uint32_t missed_ = 0;  // gaps of one and a half medians or more, of a regular one
  Largest<1'000> latest_;     // of the beats that did come: medians beyond the median
  double span_ = 0;
  double weight_ = 0;   // of the gaps, those long past forgotten
  double mean_ = 0;     // of the logarithms
  double squares_ = 0;  // of their deviations, summed
};

}  // namespace iwakan::statistics

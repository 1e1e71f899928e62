// Durations: how long something usually lasts, and how surprising it is that it lasts still.
//
// The logarithms are taken as normal with unknown mean and variance; what is predicted of the next one is
// then Student's t (Gelman et al., Bayesian Data Analysis, section 3.2), so that few durations claim
// little. A kind with few of its own leans on the durations of all kinds, worth five of them.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "statistics/largest.hpp"
#include "statistics/sample.hpp"

namespace iwakan::statistics {

class Durations {
 public:
  // One that ended, in seconds. REQUIRES: > 0.
  void learn(double seconds);

  // P(the next lasts at least so long), in the company of `all`. 1 while nothing is known.
  double longer_than(double seconds, const Durations& all) const;

  // A time by which longer_than() has not yet fallen below about .01: nobody needs to look before. Seconds.
  double first_look(const Durations& all) const;

  double median(const Durations& all) const;           // seconds
  double longest() const { return longest_.value(); }  // seconds
  std::uint32_t known() const { return logarithms_.known(); }

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Durations, std::remove_cvref_t<Value>> {
    archive(v.logarithms_, v.longest_);
  }

 private:
  struct Law {
    double mean;
    double spread;
    double freedom;
  };
  Law law(const Durations& all) const;

  Sample logarithms_;
  Largest<> longest_;
};

}  // namespace iwakan::statistics

// Readings: numbers of one kind that come at any time of the day, and how surprising a further one is.
//
// What is measured often moves with the day: a level and one wave of 24 hours are estimated together by recursive
// least squares, the wave from a prior of no wave, two spreads either way (Bayesian linear regression; Gelman et al.,
// Bayesian Data Analysis, chapter 14). What is predicted of the next number is Student's t, so that few numbers claim
// little. Beyond a hundred the oldest fade. The t law is still lighter than much of what is measured, so that beyond
// the most deviant number so far it is never surer than 1 / (n + 1) times a power of the distance allows.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "model/time.hpp"
#include "statistics/largest.hpp"

namespace iwakan::statistics {

class Readings {
 public:
  void learn(TimePoint at, double number);

  // P(the one at `at` is as far from what is expected, on either side): uniform or larger. 1 while fewer than three
  // are known. `spread_expected`: of numbers like these; worth four of them.
  double as_far_as(TimePoint at, double number, double spread_expected) const;

  double expected(TimePoint at) const;
  double mean() const { return weights_[0]; }
  double spread() const;  // standard deviation of what is not explained; 0 while fewer than two are known
  std::uint32_t known() const { return known_; }

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Readings, std::remove_cvref_t<Value>> {
    archive(v.known_, v.weight_, v.squares_, v.farthest_);
    for (auto& number : v.weights_) archive(number);
    for (auto& number : v.covariance_) archive(number);
  }

 private:
  static constexpr std::size_t kTerms = 3;  // level, and the two parts of the wave
  using Terms = std::array<double, kTerms>;

  static Terms terms_at(TimePoint at);
  Terms spread_out(const Terms& terms) const;  // the covariance times the terms

  std::uint32_t known_ = 0;
  double weight_ = 0;   // of what is remembered: at most a hundred
  double squares_ = 0;  // of the deviations from what was expected, each in parts of its own uncertainty, summed
  Largest<> farthest_;  // of them, in spreads
  Terms weights_{};
  std::array<double, kTerms * kTerms> covariance_{1e6, 0, 0, 0, 4, 0, 0, 0, 4};  // of the weights, in squared spreads
};

}  // namespace iwakan::statistics

#include "statistics/sample.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr double kMemory = 100;
constexpr std::uint32_t kKnownLeast = 3;
constexpr double kFarthestLeast = 2;  // spreads: what any sample reaches
constexpr double kExpected = 4;
constexpr double kTail = 6;
constexpr double kFade = .99;

}  // namespace

void Sample::learn(double number) {
  if (known_ >= kKnownLeast && spread() > 0) {
    farthest_ = std::max(farthest_ * kFade, std::abs(number - mean_) / spread());
  }
  ++known_;
  // West's update with a bounded weight.
  if (weight_ >= kMemory) {
    squares_ *= (kMemory - 1) / kMemory;
    weight_ = kMemory - 1;
  }
  weight_ += 1;
  const double deviation = number - mean_;
  mean_ += deviation / weight_;
  squares_ += deviation * (number - mean_);
}

double Sample::spread() const {
  return weight_ > 1 ? std::sqrt(squares_ / (weight_ - 1)) : 0;
}

double Sample::as_far_as(double number, double spread_expected) const {
  if (known_ < kKnownLeast) return 1;
  const double freedom = weight_ - 1 + kExpected;
  const double wide = std::sqrt((squares_ + kExpected * spread_expected * spread_expected) / freedom);
  if (wide <= 0) return number == mean_ ? 1 : 1 / (weight_ + 1);
  const double distance = std::abs(number - mean_) / wide;
  const boost::math::students_t_distribution<double> student(freedom);
  const double by_law = 2 * boost::math::cdf(boost::math::complement(student, distance / std::sqrt(1 + 1 / weight_)));
  const double most = std::max(farthest_, kFarthestLeast);
  const double beyond = distance > most ? std::pow(most / distance, kTail) : 1;
  return std::min(1., std::max(by_law, beyond / (weight_ + 1)));
}

}  // namespace iwakan::statistics

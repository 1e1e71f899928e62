#include "statistics/sample.hpp"

#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr double kMemory = 100;

}  // namespace

void Sample::learn(double number) {
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

}  // namespace iwakan::statistics

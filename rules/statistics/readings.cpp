#include "statistics/readings.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <chrono>
#include <cmath>
#include <numbers>

namespace iwakan::statistics {
namespace {

constexpr double kMemory = 100;
constexpr std::uint32_t kKnownLeast = 3;
constexpr std::uint32_t kSettled = 8;  // before, a spread is known so badly that anything may be many of it
constexpr double kFarthestLeast = 2;   // spreads: what any sample reaches
constexpr double kExpected = 4;
constexpr double kTail = 6;
constexpr double kWaveMost = 4;  // squared spreads: of the prior, and what is forgotten never goes beyond it

}  // namespace

Readings::Terms Readings::terms_at(TimePoint at) {
  const double days = std::chrono::duration<double, std::ratio<86'400>>(at.time_since_epoch()).count();
  const double angle = 2 * std::numbers::pi * (days - std::floor(days));
  return {1, std::cos(angle), std::sin(angle)};
}

Readings::Terms Readings::spread_out(const Terms& terms) const {
  Terms out{};
  for (std::size_t i = 0; i < kTerms; ++i) {
    for (std::size_t j = 0; j < kTerms; ++j) out[i] += covariance_[i * kTerms + j] * terms[j];
  }
  return out;
}

double Readings::expected(TimePoint at) const {
  const Terms terms = terms_at(at);
  return weights_[0] * terms[0] + weights_[1] * terms[1] + weights_[2] * terms[2];
}

double Readings::spread() const {
  return weight_ > 1 ? std::sqrt(squares_ / (weight_ - 1)) : 0;
}

void Readings::learn(TimePoint at, double number) {
  const Terms terms = terms_at(at);
  const Terms gain = spread_out(terms);
  const double uncertain = 1 + gain[0] * terms[0] + gain[1] * terms[1] + gain[2] * terms[2];
  const double deviation = number - expected(at);
  if (known_ >= kSettled && spread() > 0) farthest_.learn(std::abs(deviation) / std::sqrt(uncertain) / spread());
  if (weight_ >= kMemory) {
    squares_ *= (kMemory - 1) / kMemory;
    weight_ = kMemory - 1;
  }
  weight_ += 1;
  if (known_++ > 0) squares_ += deviation * deviation / uncertain;  // the first tells where the numbers lie
  for (std::size_t i = 0; i < kTerms; ++i) {
    weights_[i] += gain[i] * deviation / uncertain;
    for (std::size_t j = 0; j < kTerms; ++j) covariance_[i * kTerms + j] -= gain[i] * gain[j] / uncertain;
  }
  const double widest = std::max(covariance_[kTerms + 1], covariance_[2 * kTerms + 2]);
  if (weight_ < kMemory || widest > kWaveMost * (kMemory - 1) / kMemory) return;
  for (double& one : covariance_) one *= kMemory / (kMemory - 1);
}

double Readings::as_far_as(TimePoint at, double number, double spread_expected) const {
  if (known_ < kKnownLeast) return 1;
  const Terms terms = terms_at(at);
  const Terms gain = spread_out(terms);
  const double uncertain = 1 + gain[0] * terms[0] + gain[1] * terms[1] + gain[2] * terms[2];
  const double freedom = weight_ - 1 + kExpected;
  const double wide = std::sqrt((squares_ + kExpected * spread_expected * spread_expected) / freedom);
  const double deviation = std::abs(number - expected(at));
  if (wide <= 0) return deviation <= 0 ? 1 : 1 / (weight_ + 1);
  const double distance = deviation / std::sqrt(uncertain) / wide;
  const boost::math::students_t_distribution<double> student(freedom);
  const double by_law = 2 * boost::math::cdf(boost::math::complement(student, distance));
  const double most = std::max(farthest_.value(), kFarthestLeast);
  const double beyond = distance > most ? std::pow(most / distance, kTail) : 1;
  return std::min(1., std::max(by_law, beyond / (weight_ + 1)));
}

}  // namespace iwakan::statistics

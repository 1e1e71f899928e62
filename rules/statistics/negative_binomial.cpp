#include "statistics/negative_binomial.hpp"

#include <algorithm>
#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr double kPoissonShape = 1e7;  // beyond, the two laws agree to the last digits used

constexpr double kNormalMean = 300;
constexpr double kTermsMost = 400;
constexpr std::uint64_t kFew = 30;

struct Law {
  double shape;  // of the gamma; infinite for Poisson
  double odds;   // mean / shape
  double mean;
};

Law law_of(double mean, double variance) {
  const double excess = variance - mean;
  const double shape = excess > 0 ? mean * mean / excess : kPoissonShape * 2;
  return {shape, mean / shape, mean};
}

// log P(N = k)
double log_mass(const Law& law, double k) {
  if (k == 0) return law.shape > kPoissonShape ? -law.mean : -law.shape * std::log1p(law.odds);
  if (law.shape > kPoissonShape) return k * std::log(law.mean) - law.mean - std::lgamma(k + 1);
  return std::lgamma(k + law.shape) - std::lgamma(law.shape) - std::lgamma(k + 1) -
         (law.shape + k) * std::log1p(law.odds) + k * std::log(law.odds);
}

// P(N = k + 1) / P(N = k)
double ratio(const Law& law, double k) {
  if (law.shape > kPoissonShape) return law.mean / (k + 1);
  return (k + law.shape) / (k + 1) * law.odds / (1 + law.odds);
}

double tail(const Law& law, std::uint64_t count) {
  if (count == 0) return 1;
  const auto first = static_cast<double>(count);
  if (first <= law.mean) {
    if (first > kTermsMost) return 1;  // no surprise; how little is not asked
    // The lower part is the shorter sum.
    double mass = std::exp(log_mass(law, 0));
    double below = 0;
    for (double k = 0; k < first; ++k) {
      below += mass;
      mass *= ratio(law, k);
    }
    return std::clamp(1 - below, 0.0, 1.0);
  }
  // The ratios fall from term to term: after enough of them the rest is at most a geometric series, which a
  // flood of counts does not make longer. Slightly more than the truth, never less.
  double mass = std::exp(log_mass(law, first));
  double sum = 0;
  double k = first;
  for (; k < first + kTermsMost && mass > sum * 1e-12; ++k) {
    sum += mass;
    mass *= ratio(law, k);
  }
  const double next = ratio(law, k);
  if (mass > sum * 1e-12) sum = next < 1 ? sum + mass / (1 - next) : 1;
  return std::min(sum, 1.0);
}

}  // namespace

double upper_tail(double mean, double variance, std::uint64_t count) {
  return tail(law_of(mean, variance), count);
}

bool is_rarer(double mean, double variance, std::uint64_t count, double wanted) {
  const Law law = law_of(mean, variance);
  // One comes at least as often as this, by log(1 + x) >= x / (1 + x) and 1 - exp(-x) >= x / (1 + x).
  if (count == 1 && mean / (1 + law.odds + mean) >= wanted) return false;
  if (mean > kNormalMean || count > kFew) return tail(law, count) < wanted;
  // From below, as long as that is exact enough: to 1e-13, where a thousandth is asked for.
  double mass = std::exp(log_mass(law, 0));
  double above = 1;
  for (std::uint64_t k = 0; k < count; ++k) {
    above -= mass;
    if (above < wanted) return true;
    mass *= ratio(law, static_cast<double>(k));
  }
  return false;
}

double upper_tail_given_one(double mean, double variance, std::uint64_t others) {
  Law law = law_of(mean, variance);
  if (law.shape <= kPoissonShape) {
    law.shape += 1;
    law.mean = law.shape * law.odds;
  }
  return tail(law, others);
}

std::uint64_t upper_quantile(double mean, double variance, double wanted) {
  const Law law = law_of(mean, variance);
  if (mean > kNormalMean) {
    // exp(-mean) is about to underflow; a normal law is close enough for a range that is only shown.
    return static_cast<std::uint64_t>(mean + std::sqrt(2 * std::log(1 / wanted) * std::max(mean, variance)));
  }
  double mass = std::exp(log_mass(law, 0));
  double above = 1 - mass;
  std::uint64_t count = 0;
  while (above > wanted && mass > 0) {
    mass *= ratio(law, static_cast<double>(count));
    above -= mass;
    ++count;
  }
  return count;
}

}  // namespace iwakan::statistics

#include "statistics/cadence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace iwakan::statistics {
namespace {

constexpr std::uint32_t kGapsLeast = 6;
constexpr double kMissed = 1.5;  // medians
constexpr double kLogMissed = 0.4054651081081644;
constexpr double kMemory = 60;                     // gaps
constexpr std::uint32_t kCleanLeast = 6;           // gaps, before it speaks for all
constexpr double kLateTail = 3;                    // beyond the latest: twice as late is an eighth as likely
constexpr double kLateLeast = .02;                 // medians
constexpr double kSpreadLeast = .01;               // no clockwork is believed to be better than a hundredth
constexpr double kLogLog2 = -0.36651292058166432;  // ln ln 2: where half of an exponential law lies
constexpr double kSpreadOfChance = std::numbers::pi / 2.449489742783178;  // pi / sqrt(6): shape 1

}  // namespace

void Cadence::learn(double gap) {
  const double value = std::log(gap);
  if (gaps_ >= kGapsLeast) {
    const double later = value - log_median();
    if (later >= kLogMissed) {
      ++missed_;
    } else {
      latest_.learn(later > 0 ? std::expm1(later) : 0.);
    }
  }
  ++gaps_;
  span_ += gap;
  // West's update with a bounded weight: beyond kMemory gaps the old ones fade.
  if (weight_ >= kMemory) {
    squares_ *= (kMemory - 1) / kMemory;
    weight_ = kMemory - 1;
  }
  weight_ += 1;
  const double deviation = value - mean_;
  mean_ += deviation / weight_;
  squares_ += deviation * (value - mean_);
}

void Cadence::learn_beat(double gap, AllBeats& all) {
  if (missed_ == 0 && gaps_ >= kCleanLeast) {
    all.doublings += std::log2((gaps_ + 1.) / gaps_);
    all.failed += gap >= kMissed * median() ? 1 : 0;
  }
  learn(gap);
}

double Cadence::shape() const {
  if (gaps_ == 0) return 0;
  const double spread = std::max(kSpreadLeast, std::sqrt(squares_ / std::max(weight_ - 1, 1.)));
  // Few gaps may look more regular than they are: the spread's own error is spread / sqrt(2 n).
  return kSpreadOfChance / (spread * (1 + 2 / std::sqrt(weight_)));
}

double Cadence::scale() const {
  return std::exp(mean_ + std::numbers::egamma / shape());
}

double Cadence::longer_than(double gap, bool by_chance) const {
  if (gaps_ < kGapsLeast || gap <= 0) return 1;
  return std::exp(-std::pow(gap / scale(), by_chance ? std::min(shape(), 1.) : shape()));
}

double Cadence::late_by(double gap) const {
  return gap / median() - 1;
}

double Cadence::missed_for(double gap, const AllBeats& all) const {
  if (gaps_ < kGapsLeast) return 1;
  const double late = late_by(gap);
  const double latest = std::max(latest_.value(), kLateLeast);
  const double so_late =
      std::pow(std::min(1., latest / std::max(late, 1e-9)), kLateTail) / (std::min<double>(gaps_, kMemory) + 1);
  const double fails = missed_ == 0 ? std::min(.5, all.rate(gaps_ + 1.)) : (missed_ + .5) / (gaps_ + 1.);
  const double beats = std::max(1., std::floor(1 + late - latest));
  return std::max({longer_than(gap), so_late, std::pow(fails, beats)});
}

double Cadence::gap_at(double p, bool by_chance) const {
  if (gaps_ < kGapsLeast) return std::numeric_limits<double>::infinity();
  return scale() * std::pow(-std::log(p), 1 / (by_chance ? std::min(shape(), 1.) : shape()));
}

double Cadence::log_median() const {
  return mean_ + (std::numbers::egamma + kLogLog2) / shape();
}

double Cadence::median() const {
  return std::exp(log_median());
}

}  // namespace iwakan::statistics

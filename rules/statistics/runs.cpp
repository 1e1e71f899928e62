#include "statistics/runs.hpp"

#include <algorithm>
#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr std::uint32_t kKnownMost = 100;  // older runs are no longer counted
constexpr double kCalm = 2;                // two in a row are chance, even where one is all that is known
constexpr double kPooled = 3;              // runs: what all things together are worth to one

}  // namespace

void Runs::learn(std::uint32_t length, AllRuns& all) {
  const double voice = kPooled / (kPooled + known_);
  all.runs += voice;
  if (length > kCalm) {
    all.longer += voice;
    all.stretch += voice * std::log(length / kCalm);
  }
  known_ = std::min(known_ + 1, kKnownMost);
  longest_.learn(length);
}

double Runs::at_least(std::uint32_t length, const AllRuns& all) const {
  const double most = std::max(longest(), kCalm);
  if (length <= most) return 1;
  const double seen = longest() > kCalm ? 1 : 0;
  const double beyond = (seen + kPooled * all.beyond()) / (known_ + kPooled);
  return beyond * std::pow(most / length, all.tail());
}

}  // namespace iwakan::statistics

#include "statistics/peaks.hpp"

#include <algorithm>
#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr std::uint32_t kQuietRows = 20;
constexpr double kMemory = 28 * 86400.;   // seconds
constexpr double kKeeping = 8 * kMemory;  // when one must go: an old one rather than one a little smaller

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

double Peaks::as_large_as(double size, int doublings, TimePoint now) const {
  if (size <= 0) return static_cast<double>(kMost);
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    double part = std::min(1., double{sizes_[i]} / size);
    for (int j = 0; j < doublings; ++j) part *= part;
    if (part > 1e-6) sum += part * std::exp(-seconds(now - times_[i]) / kMemory);
  }
  return sum;
}

void Peaks::step(double size, TimePoint now) {
  if (running_ >= 0 && ++rows_since_ >= kQuietRows) close(now);
  if (running_ >= 0 && size <= running_) return;
  running_ = std::max(0., size);
  rows_since_ = 0;
}

void Peaks::close(TimePoint now) {
  const double size = running_;
  running_ = -1;
  rows_since_ = 0;
  if (size <= 0) return;
  if (count_ < kMost) {
    sizes_[count_] = static_cast<float>(size);
    times_[count_++] = now;
    return;
  }
  const auto kept = [&](std::size_t i) { return double{sizes_[i]} * std::exp(-seconds(now - times_[i]) / kKeeping); };
  std::size_t least = 0;
  for (std::size_t i = 1; i < kMost; ++i) {
    if (kept(i) < kept(least)) least = i;
  }
  if (size <= kept(least)) return;
  sizes_[least] = static_cast<float>(size);
  times_[least] = now;
}

double Peaks::largest() const {
  double most = 0;
  for (std::size_t i = 0; i < count_; ++i) most = std::max(most, double{sizes_[i]});
  return most;
}

}  // namespace iwakan::statistics

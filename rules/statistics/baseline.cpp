#include "statistics/baseline.hpp"

#include <algorithm>
#include <cmath>

#include "model/codec.hpp"
#include "statistics/negative_binomial.hpp"

namespace iwakan::statistics {
namespace {

constexpr double kLevelPrior = .3;             // a0: the weight of the prior in events
constexpr double kLevelDecay = 1 - 1 / 4032.;  // two weeks
constexpr double kSeasonPrior = 6;
constexpr double kHourDecay = 1 - 1 / 336.;  // four weeks of the visits of one hour of the day
constexpr double kWeekDecay = 1 - 1 / 48.;   // four weeks of the visits of one hour of the week
constexpr double kDispersionPrior = 3;       // worth 20 events
constexpr double kDispersionDecay = 1 - 1 / 8064.;
constexpr double kLearnTail = 1e-3;  // counts rarer than this are learned as the rarest usual one
constexpr std::uint32_t kFrozenBinsMax = 288;
constexpr std::int64_t kCatchUpBins = 8064;  // four weeks: what is older has decayed

std::int64_t bin_of(TimePoint time) {
  return time.time_since_epoch() / kBin;
}
std::size_t hour_of_day(std::int64_t bin) {
  return static_cast<std::size_t>(bin / 12 % 24);
}
std::size_t hour_of_week(std::int64_t bin) {
  return static_cast<std::size_t>(bin / 12 % 168);
}

}  // namespace

Baseline::Baseline(TimePoint now, const Population& population)
    : since_(now), bin_(bin_of(now)), level_count_(kLevelPrior), level_bins_(kLevelPrior / population.rate()) {}

double Baseline::season(std::int64_t bin) const {
  const std::size_t hour = hour_of_day(bin);
  const auto around = [hour](const std::array<float, 24>& cells) {
    const double beside = double{cells[(hour + 1) % 24]} + double{cells[(hour + 23) % 24]};
    return double{cells[hour]} + .5 * beside;
  };
  const double daily = (around(hour_count_) + kSeasonPrior) / (around(hour_expected_) + kSeasonPrior);
  const std::size_t cell = hour_of_week(bin);
  return daily * (double{week_count_[cell]} + kSeasonPrior) / (double{week_expected_[cell]} * daily + kSeasonPrior);
}

// Of the mean itself: it was estimated, from few events at first.
double Baseline::relative_variance(std::int64_t bin) const {
  const double dispersion = (20 * kDispersionPrior + dispersion_squares_[0]) / (20 + dispersion_means_[0]);
  const auto seen = double{week_count_[hour_of_week(bin)]};
  return dispersion * (1 / std::max(level_count_, kLevelPrior) + 1 / (seen + kSeasonPrior));
}

void Baseline::learn_dispersion(double relative) {
  for (std::size_t i = 0; i < kWindowBins.size(); ++i) {
    double count = 0;
    double mean = 0;
    for (int back = 0; back < kWindowBins[i]; ++back) {
      const Closed& closed = ring_[static_cast<std::size_t>((bin_ - back + kRing) % kRing)];
      count += double{closed.count};
      mean += double{closed.mean};
    }
    const double weight = 1. / kWindowBins[i];  // overlapping windows: each bin counts once
    dispersion_squares_[i] = kDispersionDecay * dispersion_squares_[i] + weight * (count - mean) * (count - mean);
    dispersion_means_[i] = kDispersionDecay * dispersion_means_[i] + weight * mean * (1 + relative);
  }
}

void Baseline::close_bin(Population& population) {
  const double factor = season(bin_);
  const double level = level_count_ / level_bins_;
  const double mean = level * factor;
  const double relative = relative_variance(bin_);
  double count = open_;
  const double dispersion = (20 * kDispersionPrior + dispersion_squares_[0]) / (20 + dispersion_means_[0]);
  const double variance = dispersion * mean + mean * mean * relative;
  if (count > mean && upper_tail(mean, variance, open_) < kLearnTail) {
    count = static_cast<double>(upper_quantile(mean, variance, kLearnTail));
  }
  ring_[static_cast<std::size_t>(bin_ % kRing)] = {static_cast<float>(open_), static_cast<float>(mean)};

  const bool learn = !frozen_ || frozen_bins_ >= kFrozenBinsMax;
  frozen_bins_ = frozen_ ? frozen_bins_ + 1 : 0;
  if (learn) {
    learn_dispersion(relative);
    level_count_ = kLevelDecay * level_count_ + count;
    level_bins_ = kLevelDecay * level_bins_ + factor;
    const auto add = [](float& cell, double decay, double amount) {
      cell = static_cast<float>(decay * double{cell} + amount);
    };
    add(hour_count_[hour_of_day(bin_)], kHourDecay, count);
    add(hour_expected_[hour_of_day(bin_)], kHourDecay, level);
    add(week_count_[hour_of_week(bin_)], kWeekDecay, count);
    add(week_expected_[hour_of_week(bin_)], kWeekDecay, level);
    population.events += count;
    population.bins += 1;
  }
  ++bin_;
  open_ = 0;
  frozen_ = false;
}

void Baseline::advance(TimePoint now, Population& population) {
  const std::int64_t target = bin_of(now);
  if (target - bin_ > kCatchUpBins) bin_ = target - kCatchUpBins;
  while (bin_ < target) close_bin(population);
}

void Baseline::count(TimePoint, bool frozen) {
  ++open_;
  frozen_ = frozen_ || frozen;
}

Surprise Baseline::surprise(TimePoint now) const {
  const Duration into_bin = now - TimePoint{bin_ * kBin};
  const double part = std::clamp(static_cast<double>(into_bin.count()) / static_cast<double>(kBin.count()), 0.0, 1.0);
  const double relative = relative_variance(bin_);
  Surprise best;
  double count = open_;
  double mean = level_count_ / level_bins_ * season(bin_) * part;
  int back = 0;
  for (std::size_t i = 0; i < kWindowBins.size(); ++i) {
    for (; back < kWindowBins[i]; ++back) {
      const Closed& closed = ring_[static_cast<std::size_t>((bin_ - 1 - back + kRing) % kRing)];
      count += double{closed.count};
      mean += double{closed.mean};
    }
    if (count - 1 <= mean || mean <= 0) continue;
    const double windows = 20. * kWindowBins[i];
    const double dispersion = (windows * kDispersionPrior + dispersion_squares_[i] * kWindowBins[i]) /
                              (windows + dispersion_means_[i] * kWindowBins[i]);
    const double variance = std::max(dispersion, 1.) * mean + mean * mean * relative;
    const auto whole = static_cast<std::uint64_t>(count);
    const double p = upper_tail_given_one(mean, variance, whole - 1) * static_cast<double>(kWindowBins.size());
    if (p < best.p_value) {
      best = {p, whole, kBin * kWindowBins[i] + into_bin, mean, upper_quantile(mean, variance, .05)};
    }
  }
  return best;
}

template <class Archive, class Value>
void walk(Archive& archive, Value& b) {
  archive(b.since_, b.bin_, b.open_, b.frozen_, b.frozen_bins_, b.level_count_, b.level_bins_);
  const auto cells = [&archive](auto& floats) {
    // Most cells of most streams are zero: the distance to the next one that is not, and its value.
    if constexpr (Archive::kReads) {
      std::uint64_t at = 0;
      for (std::uint64_t count = archive.counted(); count > 0 && archive.ok(); --count) {
        std::uint64_t skip = 0;
        double value = 0;
        archive(skip, value);
        at += skip;
        if (at >= floats.size()) return archive.fail();
        floats[at] = static_cast<float>(value);
      }
    } else {
      std::uint64_t used = 0;
      for (const float cell : floats) used += cell != 0 ? 1U : 0U;
      archive(used);
      std::uint64_t last = 0;
      for (std::uint64_t at = 0; at < floats.size(); ++at) {
        if (floats[at] == 0) continue;
        archive(at - last, double{floats[at]});
        last = at;
      }
    }
  };
  cells(b.hour_count_);
  cells(b.hour_expected_);
  cells(b.week_count_);
  cells(b.week_expected_);
  for (auto& value : b.dispersion_squares_) archive(value);
  for (auto& value : b.dispersion_means_) archive(value);
  std::array<float, Baseline::kRing> counts{}, means{};
  for (std::size_t i = 0; i < b.ring_.size(); ++i) {
    counts[i] = b.ring_[i].count;
    means[i] = b.ring_[i].mean;
  }
  cells(counts);
  cells(means);
  if constexpr (Archive::kReads) {
    for (std::size_t i = 0; i < b.ring_.size(); ++i) b.ring_[i] = {counts[i], means[i]};
  }
}

std::string Baseline::encode() const {
  Encoder encoder;
  walk(encoder, *this);
  return encoder.take();
}

bool Baseline::decode(std::string_view bytes, Baseline& baseline) {
  Decoder decoder(bytes);
  baseline = Baseline();
  walk(decoder, baseline);
  return decoder.done();
}

}  // namespace iwakan::statistics

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
constexpr double kDispersionDecay = 1 - 1 / 8064.;
constexpr double kLearnTail = 1e-3;     // counts rarer than this are learned as the rarest usual one
constexpr std::int64_t kSettled = 288;  // bins: before, what is off is the level, not what is dispersed
constexpr double kPooled = 60;          // events: what the dispersion of all streams is worth to one
constexpr double kTests = 4;            // what the windows, the last events and the bets make of one look
constexpr Duration kDelivery = std::chrono::seconds(30);  // a group's alerts come together: no span is shorter
constexpr std::array kLastEvents{3, 4, 5, 6, 8, 11, 16};
constexpr std::array kStakes{.2, .8, 3.2, 12.8};
constexpr double kTolerated = 1.3;            // a level that much higher is no news
constexpr double kWealthKept = 1 - 1 / 288.;  // bets forget with a day, so that E[wealth] <= 288 always
constexpr std::int64_t kCatchUpBins = 8064;   // four weeks: what is older has decayed

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

Baseline::Baseline(TimePoint now, const Population& population, const Windows& windows)
    : since_(now),
      bin_(bin_of(now)),
      windows_(windows),
      level_count_(kLevelPrior),
      level_bins_(kLevelPrior / population.rate()) {
  for (std::size_t i = 0; i < dispersion_prior_.size(); ++i) dispersion_prior_[i] = population.dispersion(i);
}

double Baseline::mean(TimePoint at) const {
  return level_count_ / level_bins_ * season(bin_of(at));
}

double Baseline::dispersion(std::size_t window) const {
  const double weight = kPooled * windows_[window];
  return std::max(1., (weight * dispersion_prior_[window] + dispersion_squares_[window] * windows_[window]) /
                          (weight + dispersion_means_[window] * windows_[window]));
}

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
  const auto seen = double{week_count_[hour_of_week(bin)]};
  return dispersion(0) * (1 / std::max(level_count_, kLevelPrior) + 1 / (seen + kSeasonPrior));
}

// The windows slide by one bin: one comes, one goes.
void Baseline::close_into_windows(const Closed& closed) {
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const Closed& gone = ring_[static_cast<std::size_t>((bin_ - windows_[i] + kRing) % kRing)];
    sums_[i].count += double{closed.count} - double{gone.count};
    sums_[i].mean += double{closed.mean} - double{gone.mean};
  }
  ring_[static_cast<std::size_t>(bin_ % kRing)] = closed;
}

void Baseline::learn_dispersion(double relative, Population& population) {
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const auto [count, mean] = sums_[i];
    const double weight = 1. / windows_[i];  // overlapping windows: each bin counts once
    const double square = weight * (count - mean) * (count - mean);
    const double expected = weight * mean * (1 + mean * relative / dispersion(i));  // the mean is uncertain, too
    dispersion_squares_[i] = kDispersionDecay * dispersion_squares_[i] + square;
    dispersion_means_[i] = kDispersionDecay * dispersion_means_[i] + expected;
    // A stream speaks for all by its first events: one that is chatty, or as regular as a clock, is one stream.
    const double voice = kPooled / (kPooled + dispersion_means_[i]);
    population.squares[i] += voice * square;
    population.means[i] += voice * expected;
    dispersion_prior_[i] = population.dispersion(i);
  }
}

void Baseline::close_bin(Population& population) {
  const double factor = season(bin_);
  const double level = level_count_ / level_bins_;
  const double mean = level * factor;
  const double relative = relative_variance(bin_);
  double count = open_;
  const double variance = dispersion(0) * mean + mean * mean * relative;
  if (count > mean && upper_tail(mean, variance, open_) < kLearnTail) {
    // At least one: a quiet stream whose every event were too rare to learn from would grow quieter for ever.
    count = std::max(1., static_cast<double>(upper_quantile(mean, variance, kLearnTail)));
  }
  close_into_windows({static_cast<float>(open_), static_cast<float>(mean)});

  if (frozen_) {
    bets_ = {};  // the incident is known; what comes after it is a matter of its own
  } else {
    bet(open_, mean * (kTolerated + .5 * std::sqrt(relative)));
    if (bin_ >= bin_of(since_) + kSettled) learn_dispersion(relative, population);
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

void Baseline::count(TimePoint now, bool learn) {
  ++open_;
  recent_[counted_++ % kRecent] = now;
  frozen_ = frozen_ || !learn;
}

// Bets against "the rate is at most `mean`": a fair game for those who bet on more, whatever the law of the
// counts, as long as that is true (reference detection, section 3.2).
void Baseline::bet(double count, double mean) {
  for (std::size_t i = 0; i < bets_.size(); ++i) {
    const double stake = std::min(kStakes[i] / dispersion(0), .5 / std::max(mean, 1e-9));
    bets_[i] = std::min(1e30, (1 + kWealthKept * bets_[i]) * (1 + stake * (count - mean)));
  }
}

void Baseline::look_at_windows(TimePoint now, Surprise& best) const {
  const Duration into_bin = now - TimePoint{bin_ * kBin};
  const double part = std::clamp(static_cast<double>(into_bin.count()) / static_cast<double>(kBin.count()), 0.0, 1.0);
  const double relative = relative_variance(bin_);
  const double begun = level_count_ / level_bins_ * season(bin_) * part;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const double count = open_ + sums_[i].count;
    const double mean = begun + sums_[i].mean;
    if (count - 1 <= mean || mean <= 0) continue;
    const double variance = dispersion(i) * mean + mean * mean * relative;
    const auto whole = static_cast<std::uint64_t>(count);
    const double p = upper_tail_given_one(mean, variance, whole - 1);
    if (p >= best.p_value) continue;
    best = {p, whole, kBin * windows_[i] + into_bin, mean, dispersion(i), false, upper_quantile(mean, variance, .05)};
  }
}

// The last few events, however short a time they took: a burst is felt while it happens.
void Baseline::look_at_last(TimePoint now, Surprise& best) const {
  const double rate = level_count_ / level_bins_ * season(bin_) / static_cast<double>(kBin.count());
  const double relative = relative_variance(bin_);
  const auto most = static_cast<double>(kBin.count());
  for (const int events : kLastEvents) {
    const auto back = static_cast<std::uint64_t>(events);
    if (counted_ < back) return;
    const Duration span = now - recent_[(counted_ - back) % kRecent] + kDelivery;
    if (static_cast<double>(span.count()) > most) return;
    const double mean = rate * static_cast<double>(span.count());
    if (static_cast<double>(events - 1) <= mean || mean <= 0) continue;
    const double variance = dispersion(0) * mean + mean * mean * relative;
    const double p = upper_tail_given_one(mean, variance, back - 1);
    if (p < best.p_value) best = {p, back, span, mean, dispersion(0), false, upper_quantile(mean, variance, .05)};
  }
}

void Baseline::look_at_bets(TimePoint now, Surprise& best) const {
  double wealth = 0;
  for (const double one : bets_) wealth += one / static_cast<double>(bets_.size());
  const double p = 1 / (wealth * (1 - kWealthKept));
  if (!(p < best.p_value)) return;
  double count = open_;
  double mean = 0;
  for (const Closed& closed : ring_) {
    count += double{closed.count};
    mean += double{closed.mean};
  }
  const Duration into_bin = now - TimePoint{bin_ * kBin};
  best = {p,
          static_cast<std::uint64_t>(count),
          kBin * kRing + into_bin,
          mean,
          dispersion(2),
          true,
          mean > 0 ? upper_quantile(mean, dispersion(2) * mean, .05) : 0};
}

Surprise Baseline::surprise(TimePoint now) const {
  Surprise best;
  look_at_windows(now, best);
  look_at_last(now, best);
  look_at_bets(now, best);
  best.p_value = std::min(1., best.p_value * kTests);
  return best;
}

template <class Archive, class Value>
void walk(Archive& archive, Value& b) {
  archive(b.since_, b.bin_, b.open_, b.frozen_, b.level_count_, b.level_bins_, b.counted_);
  for (auto& bins : b.windows_) archive(bins);
  for (auto& wealth : b.bets_) archive(wealth);
  for (auto& sum : b.sums_) archive(sum.count, sum.mean);
  for (auto& recent : b.recent_) archive(recent);
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
  for (auto& value : b.dispersion_prior_) archive(value);
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

void fields(Encoder& encoder, const Baseline& baseline) {
  walk(encoder, baseline);
}

void fields(Decoder& decoder, Baseline& baseline) {
  walk(decoder, baseline);
}

}  // namespace iwakan::statistics

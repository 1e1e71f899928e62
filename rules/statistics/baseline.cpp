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
constexpr double kDispersionDecay = 1 - 1 / 8064.;
constexpr double kLearnTail = 1e-3;     // counts rarer than this are learned as the rarest usual one
constexpr std::int64_t kSettled = 288;  // bins: before, what is off is the level, not what is dispersed
// Events, or stirs, that the dispersion of all streams is worth to one: clusters differ between streams, stirs
// hardly do; and rates wander, so that even stirs are not quite as regular as chance.
constexpr std::array kPooled{60., 1000.};
constexpr std::array kDispersionLeast{1., 1.3};
constexpr double kTests = 4;           // what the many looks back, or the bets, make of one
constexpr double kWorthKnowing = .05;  // of a p-value: what is usual is told of what is not
// A tail is at least that of a normal law at the root of twice the deviance (Zubkov, Serov 2013): below, the p-value is
// over .05 / kTests, and nobody wants to know it.
constexpr double kSmallDeviance = 2.5;
constexpr Duration kDelivery = std::chrono::seconds(30);  // a group's alerts come together: no span is shorter
constexpr double kCalm = .2;         // of the mean time between stirs, where that is less than five minutes
constexpr std::array kFewest{3, 5};  // fewer are no burst, or do not last
constexpr std::array kBack{3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24};
constexpr std::array kFarthest{Duration(std::chrono::minutes(35)), Duration(std::chrono::hours(8))};
constexpr std::array kBlockBins{6, 36};  // half an hour, three hours: what dispersions are learned from
constexpr std::array kStakes{.2, .8, 3.2, 12.8};
constexpr double kTolerated = 1.3;            // a level that much higher is no news
constexpr double kWealthKept = 1 - 1 / 288.;  // bets forget with a day, so that E[wealth] <= 288 always
constexpr std::int64_t kCatchUpBins = 8064;   // four weeks: what is older has decayed

// base^0 … base^12, and 1 + base + … + base^(n - 1): what n bins of an hour do to something that decays.
struct Powers {
  explicit constexpr Powers(double base) {
    for (std::size_t i = 1; i < kept.size(); ++i) {
      kept[i] = kept[i - 1] * base;
      added[i] = added[i - 1] + kept[i - 1];
    }
  }
  std::array<double, kHourBins + 1> kept{1};
  std::array<double, kHourBins + 1> added{0};
};
constexpr Powers kLevelPowers(kLevelDecay);

double in_bins(Duration duration) {
  return static_cast<double>(duration.count()) / static_cast<double>(kBin.count());
}
constexpr std::size_t index(Counted counted) {
  return static_cast<std::size_t>(counted);
}
constexpr std::array kBoth{Counted::events, Counted::stirs};

}  // namespace

Baseline::Baseline(TimePoint now, const Population& population)
    : since_(now),
      bin_(bin_of(now)),
      level_stirs_(kLevelPrior),
      level_bins_(kLevelPrior / population.rate()),
      level_events_(kLevelPrior * population.size()) {
  for (const Counted counted : kBoth) {
    blocks_[index(counted)].prior = population.dispersion(counted);
    reckon_dispersion(counted);
  }
}

double Baseline::mean(TimePoint at, const Population& population) const {
  const std::int64_t bin = bin_of(at);
  return size() * level() * population.season.factor(bin) * season_.factor(bin);
}

void Baseline::reckon_dispersion(Counted counted) {
  Block& block = blocks_[index(counted)];
  block.phi = std::max(kDispersionLeast[index(counted)], (kPooled[index(counted)] * block.prior + block.squares) /
                                                             (kPooled[index(counted)] + block.means));
}

// In a time that may reach over hours of the past.
double Baseline::expected_stirs(TimePoint from, TimePoint to, const Population& population) const {
  double bins = 0;
  for (TimePoint at = from; at < to;) {
    const std::int64_t bin = bin_of(at);
    const TimePoint hour_ends{(bin / kHourBins + 1) * kHourBins * kBin};
    const TimePoint until = std::min(to, hour_ends);
    bins += population.season.factor(bin) * season_.factor(bin) * in_bins(until - at);
    at = until;
  }
  return level() * bins;
}

// Of the mean itself over so many bins: it was estimated, the level from few stirs at first, and the factor of
// each hour of the week by itself.
double Baseline::relative_variance(std::int64_t bin, double bins) const {
  const double of_level = std::max(level_stirs_, kLevelPrior);
  const double of_hours = (season_.seen(bin) + kSeasonPrior) * std::max(1., bins / kHourBins);
  return dispersion(Counted::stirs) * (of_level + of_hours) / (of_level * of_hours);
}

// Bins of one hour that close together: either the open one, or empty ones.
void Baseline::close(int bins, Population& population) {
  const double common = population.season.factor(bin_);
  const double factor = common * season_.factor(bin_);
  const double stirs_expected = level();
  const Run run{bins, size() * stirs_expected * factor, stirs_expected * factor, relative_variance(bin_, kHourBins)};
  const double events = learnable(run);
  for (const Counted counted : kBoth) fill_block(counted, run, population);
  if (frozen_) {
    bets_ = {};  // the incident is known; what comes after it is a matter of its own
  } else {
    bet(run);
    const double stirs = std::min<double>(open_stirs_, events);
    const auto n = static_cast<std::size_t>(bins);
    season_.learn(bin_, stirs, bins * stirs_expected * common);
    if (bin_ >= bin_of(since_) + kSettled) {
      // The busiest stream is one stream.
      const double voice = std::min(1., population.rate() / stirs_expected);
      population.season.learn(bin_, voice * stirs, voice * bins * stirs_expected);
    }
    level_stirs_ = kLevelPowers.kept[n] * level_stirs_ + stirs;
    level_events_ = kLevelPowers.kept[n] * level_events_ + events;
    level_bins_ = kLevelPowers.kept[n] * level_bins_ + kLevelPowers.added[n] * factor;
    population.stirs += stirs;
    population.events += events;
    population.bins += bins;
  }
  bin_ += bins;
  open_ = 0;
  open_stirs_ = 0;
  frozen_ = false;
}

// Of the events of the open bin: those beyond what is rare are learned as the rarest usual count.
double Baseline::learnable(const Run& run) const {
  if (open_ <= run.mean) return open_;
  const double variance = dispersion(Counted::events) * run.mean + run.mean * run.mean * run.relative;
  if (!is_rarer(run.mean, variance, open_, kLearnTail)) return open_;
  // At least one: a quiet stream whose every event were too rare to learn from would grow quieter for ever.
  return std::max(1., static_cast<double>(upper_quantile(run.mean, variance, kLearnTail)));
}

void Baseline::fill_block(Counted counted, const Run& run, Population& population) {
  Block& block = blocks_[index(counted)];
  const int size = kBlockBins[index(counted)];
  const double mean = counted == Counted::stirs ? run.stirs : run.mean;
  block.count += counted == Counted::stirs ? open_stirs_ : open_;
  block.spoilt = block.spoilt || frozen_;
  const double relative = size > kHourBins ? relative_variance(bin_, size) : run.relative;
  std::int64_t bin = bin_;
  bool learned = false;
  for (int left = run.bins; left > 0;) {
    const int step = std::min(left, size - static_cast<int>(bin % size));
    block.mean += step * mean;
    bin += step;
    left -= step;
    if (bin % size > 0) continue;
    learn_dispersion(counted, relative, population);
    learned = true;
  }
  if (!learned) return;
  block.prior = population.dispersion(counted);
  reckon_dispersion(counted);
}

// A block is complete.
void Baseline::learn_dispersion(Counted counted, double relative, Population& population) {
  Block& block = blocks_[index(counted)];
  const int size = kBlockBins[index(counted)];
  const bool settled = bin_ - size >= bin_of(since_) + kSettled;
  double square = (block.count - block.mean) * (block.count - block.mean);
  // The mean is uncertain, too.
  double mean = block.mean * (1 + block.mean * relative / block.phi);
  // What goes on does not vouch for itself: a block is learned a block later, and not at all when an incident was
  // opened meanwhile.
  std::swap(square, block.last_square);
  std::swap(mean, block.last_mean);
  if (block.spoilt || !settled) block.last_mean = 0;
  if (settled && !block.spoilt && mean > 0) {
    const double kept = 1 - size * (1 - kDispersionDecay);
    block.squares = kept * block.squares + square;
    block.means = kept * block.means + mean;
    // A stream speaks for all by its first events: one that is chatty, or as regular as a clock, is one stream.
    const double voice = 60 / (60 + block.means);
    population.squares[index(counted)] += voice * square;
    population.means[index(counted)] += voice * mean;
  }
  block.count = 0;
  block.mean = 0;
  block.spoilt = false;
}

void Baseline::advance(TimePoint now, Population& population) {
  const std::int64_t target = bin_of(now);
  if (target - bin_ > kCatchUpBins) bin_ = target - kCatchUpBins;
  while (bin_ < target) {
    const auto of_hour = std::min<std::int64_t>(target - bin_, kHourBins - bin_ % kHourBins);
    close(open_ > 0 || frozen_ ? 1 : static_cast<int>(of_hour), population);
  }
}

void Baseline::count(TimePoint now, bool learn) {
  Recent& events = recent_[index(Counted::events)];
  const bool stirs = events.count == 0 || in_bins(now - events.back(1)) >= std::min(1., kCalm / level());
  events.add(now);
  ++open_;
  if (stirs) {
    recent_[index(Counted::stirs)].add(now);
    ++open_stirs_;
  }
  frozen_ = frozen_ || !learn;
}

// Bets against "the rate is at most so much": a fair game for those who bet on more, whatever the law of the
// counts, as long as that is true (reference detection, section 3.2).
void Baseline::bet(const Run& run) {
  const double mean = run.stirs * (kTolerated + .5 * std::sqrt(run.relative));
  const double per_phi = 1 / dispersion(Counted::stirs);
  const double most = .5 / std::max(mean, 1e-9);
  std::array<double, kBets> factors{};
  for (std::size_t i = 0; i < kBets; ++i) factors[i] = 1 + std::min(kStakes[i] * per_phi, most) * (open_stirs_ - mean);
  for (int bin = 0; bin < run.bins; ++bin) {
    for (std::size_t i = 0; i < kBets; ++i) bets_[i] = (1 + kWealthKept * bets_[i]) * factors[i];
  }
  for (double& wealth : bets_) wealth = std::min(1e30, wealth);
}

// The last few, however short a time they took: of the numbers looked at, the one whose deviance is largest.
Surprise Baseline::look_back(Counted counted, TimePoint now, const Population& population) const {
  Surprise best;
  const Recent& recent = recent_[index(counted)];
  const double each = counted == Counted::events ? size() : 1;
  const double phi = dispersion(counted);
  TimePoint reckoned = now + kDelivery;
  double stirs = 0;  // expected since `reckoned`
  double largest = kSmallDeviance;
  double variance = 0;
  for (const int back : kBack) {
    const auto number = static_cast<std::uint64_t>(back);
    if (back < kFewest[index(counted)]) continue;
    if (recent.count < number) break;
    const TimePoint from = recent.back(number);
    if (now - from > kFarthest[index(counted)]) break;
    stirs += expected_stirs(from, reckoned, population);
    reckoned = from;
    const double mean = each * stirs;
    const double others = back - 1;
    if (others <= mean || mean <= 0) continue;
    const double spread = phi * mean + mean * mean * relative_variance(bin_, in_bins(now - from));
    // The deviance is at most this, for the variance at the mean is less than beyond it.
    if ((others - mean) * (others - mean) <= 2 * largest * spread) continue;
    const double shape = mean * mean / std::max(spread - mean, 1e-9 * mean);
    const double deviance =
        others * std::log(others / mean) - (others + shape) * std::log((others + shape) / (mean + shape));
    if (deviance <= largest) continue;
    largest = deviance;
    variance = spread;
    best = {1, number, now - from + kDelivery, mean, phi, 0};
  }
  if (largest <= kSmallDeviance) return best;
  best.p_value = upper_tail_given_one(best.mean, variance, best.count - 1);
  if (best.p_value <= kWorthKnowing) best.usual_most = upper_quantile(best.mean, variance, .05);
  return best;
}

void Baseline::look_at_bets(TimePoint now, const Population& population, Surprise& best) const {
  double wealth = 0;
  for (const double one : bets_) wealth += one / static_cast<double>(bets_.size());
  const double p = 1 / (wealth * (1 - kWealthKept));
  if (!(p < best.p_value)) return;
  const Recent& stirs = recent_[index(Counted::stirs)];
  const Duration window = kFarthest[index(Counted::stirs)];
  std::uint64_t count = 0;
  while (count < std::min<std::uint64_t>(stirs.count, kRecent) && now - stirs.back(count + 1) <= window) ++count;
  const double mean = expected_stirs(now - window, now, population);
  const double phi = dispersion(Counted::stirs);
  best = {p, count, window, mean, phi, mean > 0 ? upper_quantile(mean, phi * mean, .05) : 0};
}

Surprise Baseline::burst(TimePoint now, const Population& population) const {
  Surprise best = look_back(Counted::events, now, population);
  best.p_value = std::min(1., best.p_value * kTests);
  return best;
}

Surprise Baseline::lasting(TimePoint now, const Population& population) const {
  Surprise best = look_back(Counted::stirs, now, population);
  look_at_bets(now, population, best);
  best.p_value = std::min(1., best.p_value * kTests);
  return best;
}

template <class Archive, class Value>
void walk(Archive& archive, Value& b) {
  archive(b.since_, b.bin_, b.open_, b.open_stirs_, b.frozen_, b.level_stirs_, b.level_bins_, b.level_events_,
          b.season_);
  for (auto& wealth : b.bets_) archive(wealth);
  for (auto& block : b.blocks_) {
    archive(block.count, block.mean, block.spoilt, block.last_square, block.last_mean, block.squares, block.means,
            block.prior);
  }
  for (auto& recent : b.recent_) {
    archive(recent.count);
    for (auto& time : recent.times) archive(time);
  }
}

void fields(Encoder& encoder, const Baseline& baseline) {
  walk(encoder, baseline);
}

void fields(Decoder& decoder, Baseline& baseline) {
  walk(decoder, baseline);
  for (const Counted counted : kBoth) baseline.reckon_dispersion(counted);
}

}  // namespace iwakan::statistics

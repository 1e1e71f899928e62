#include "statistics/value_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/codec.hpp"

namespace iwakan::statistics {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBlock = 5min;  // nearer rows count together
constexpr double kLevelRows = 300;
constexpr double kSpreadRows = 500;
constexpr double kLongRows = 3000;
constexpr double kFastRows = 20;
constexpr double kSustainedRows = 8;
constexpr double kRegimeRows = 40;
constexpr double kShift = 2.5;            // of the regime: the new level is accepted …
constexpr double kShiftRate = .1;         // … at this rate, while the spread is frozen
constexpr double kClip = 7;               // of a residual, in spreads, as a feature
constexpr double kLearnClip = 4;          // and as a lesson
constexpr double kFloor = .05;            // of the standard deviation: against quantised and idle series
constexpr double kHourRows = 40;          // visits over which an hour's factor is an average
constexpr double kWeekPrior = 500 / 60.;  // hours before an hour of the week is half believed
constexpr double kWeekVisits = 8;
constexpr double kWarmRows = 50;
constexpr std::uint64_t kRawRows = 10;  // learned as they are
constexpr double kPriorSpreads = 4;     // one pseudo-episode at so many spreads: cold start, effect size
constexpr double kPriorSustained = 1.5;
constexpr double kReport = .7;  // lambda
constexpr double kFresh = .1;   // of score: a quarter fewer such episodes, about
constexpr double kGapPeriods = 20;
constexpr std::array kDoublings{3, 3, 4};  // powers 8, 8, 16
constexpr double kOrdinary = 99;

double off_by(double lambda) {
  return std::max(0., 3 - std::log10(lambda + .02));
}

double clip(double value, double limit) {
  return std::clamp(value, -limit, limit);
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

ValueSeries::Season ValueSeries::season_at(TimePoint at) {
  const double of_day = std::fmod(seconds(at.time_since_epoch()), 86400.) / 3600 - .5;
  const double hour = of_day < 0 ? of_day + kHours : of_day;
  const auto before = static_cast<std::size_t>(hour);
  const auto week = static_cast<std::size_t>(at.time_since_epoch() / 1h) % kWeekHours;
  return {before % kHours, (before + 1) % kHours, hour - static_cast<double>(before), week};
}

double ValueSeries::floor() const {
  return kFloor * std::sqrt(variance_) + 1e-9 * std::abs(level_) + 1e-12;
}

double ValueSeries::rate(double rows) const {
  return std::max(1 / (static_cast<double>(rows_) + 1), 1 / rows);
}

ValueSeries::Look ValueSeries::look(TimePoint at, double value) const {
  const Season cell = season_at(at);
  Look look{};
  look.season = double{hour_[cell.before]} * (1 - cell.part) + double{hour_[cell.after]} * cell.part;
  const double helps = season_size_ > 0 ? std::clamp(season_helps_ / season_size_, 0., 1.) : 0;
  const double visits{week_visits_[cell.week]};
  look.offset = helps * look.season + double{week_[cell.week]} * visits / (visits + kWeekPrior);
  look.residual = value - level_ - look.offset;
  look.drift = value - long_level_;
  const double deviation = look.residual / (spread_ + floor());
  look.clipped = clip(deviation, kClip);
  look.features = {deviation, sustained_ + (look.clipped - sustained_) / kSustainedRows, look.drift};
  look.lambda = kOrdinary;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double size = std::abs(look.features[i]);
    look.lambda = std::min(look.lambda, peaks_[i][look.features[i] < 0 ? 1 : 0].as_large_as(size, kDoublings[i], at));
  }
  const double effect = std::max(std::abs(look.features[0]), kPriorSustained * std::abs(look.features[1]));
  look.lambda += std::pow(kPriorSpreads / std::max(effect, 1e-9), 4);
  return look;
}

std::optional<ValueScore> ValueSeries::observe(TimePoint at, double value) {
  if (!std::isfinite(value) || (block_rows_ > 0 && at <= heard_at_)) return std::nullopt;
  heard_at_ = at;
  if (block_rows_ > 0 && at - block_at_ >= kBlock) {
    learn(block_at_, block_sum_ / block_rows_);
    block_rows_ = 0;
    block_sum_ = 0;
    note_gap(at);
  }
  if (rows_ == 0 && block_rows_ == 0) begin(value);
  if (block_rows_++ == 0) block_at_ = at;
  block_sum_ += value;

  const Look seen = look(block_at_, block_sum_ / block_rows_);
  ValueScore score;
  score.expected = level_ + seen.offset;
  score.spread = spread_;
  if (static_cast<double>(rows_) <= kWarmRows) return score;
  score.lambda = std::min(seen.lambda, kOrdinary);
  const double off = off_by(seen.lambda);
  const double before = std::max(block_most_, double{*std::max_element(lately_.begin(), lately_.end())});
  block_most_ = std::max(block_most_, off);
  if (off <= before + kFresh) return score;
  score.score = off;
  score.report = off >= off_by(kReport);
  return score;
}

void ValueSeries::begin(double value) {
  level_ = fast_level_ = long_level_ = mean_ = value;
}

// After a long gap nothing that was in progress goes on.
void ValueSeries::note_gap(TimePoint at) {
  if (period_ <= 0 || seconds(at - last_at_) <= kGapPeriods * period_) return;
  for (auto& sides : peaks_) {
    for (Peaks& side : sides) side.close(at);
  }
  sustained_ = 0;
  regime_ = 0;
}

void ValueSeries::learn(TimePoint at, double value) {
  if (rows_ > 0) {
    const double gap = std::min(seconds(at - last_at_), period_ > 0 ? 10 * period_ : 1e9);
    period_ += (gap - period_) * std::max(1 / static_cast<double>(rows_), 1 / kSpreadRows);
  }
  const Look seen = look(at, value);
  lately_[rows_ % lately_.size()] = static_cast<float>(block_most_);
  block_most_ = 0;
  sustained_ = seen.features[1];
  regime_ += (seen.clipped - regime_) / kRegimeRows;
  if (rows_ > kRawRows) {
    for (std::size_t i = 0; i < kFeatures; ++i) {
      peaks_[i][0].step(seen.features[i], at);
      peaks_[i][1].step(-seen.features[i], at);
    }
  }
  const double limit = rows_ < kRawRows ? std::numeric_limits<double>::max() : kLearnClip * (spread_ + floor());
  learn_levels(seen, value, std::abs(regime_) > kShift, limit);
  learn_seasons(at, seen, value, limit);
  const double part = rate(kLongRows);
  const double deviation = value - mean_;
  mean_ += part * deviation;
  variance_ += part * (deviation * deviation * (1 - part) - variance_);
  last_at_ = at;
  ++rows_;
}

void ValueSeries::learn_levels(const Look& look, double value, bool shift, double limit) {
  const double drift = rows_ < kRawRows ? look.drift : clip(look.drift, kLearnClip * (long_spread_ + floor()));
  if (!shift) spread_ += rate(kSpreadRows) * (std::abs(clip(look.residual, limit)) - spread_);
  long_spread_ += rate(kLongRows) * (std::abs(drift) - long_spread_);
  const double apart = value - level_;
  season_helps_ = season_helps_ * (1 - 1 / kLongRows) + look.season * apart;
  season_size_ = season_size_ * (1 - 1 / kLongRows) + look.season * look.season;
  fast_level_ += rate(kFastRows) * (value - fast_level_);
  const double early = 1 / (static_cast<double>(rows_) + 1);
  long_level_ += early > 1 / kLongRows ? early * look.drift : drift / kLongRows;
  level_ += shift ? kShiftRate * (fast_level_ - look.offset - level_) : rate(kLevelRows) * clip(look.residual, limit);
}

void ValueSeries::learn_seasons(TimePoint at, const Look& look, double value, double limit) {
  const Season cell = season_at(at);
  const auto teach_hour = [&](std::size_t hour, double weight) {
    if (weight <= 0) return;
    const double visits = double{hour_visits_[hour]} + weight;
    hour_visits_[hour] = static_cast<float>(visits);
    const double apart = value - level_ - double{hour_[hour]};
    const double lesson = visits > 5 ? clip(apart, limit) : apart;
    hour_[hour] += static_cast<float>(std::max(weight / visits, weight / kHourRows) * lesson);
  };
  teach_hour(cell.before, 1 - cell.part);
  teach_hour(cell.after, cell.part);
  const double hours = period_ / 3600;
  const double visits = double{week_visits_[cell.week]} + hours;
  week_visits_[cell.week] = static_cast<float>(visits);
  const double part = std::min(1., hours);
  const double helps = season_size_ > 0 ? std::clamp(season_helps_ / season_size_, 0., 1.) : 0;
  const double apart = value - level_ - helps * look.season - double{week_[cell.week]};
  week_[cell.week] += static_cast<float>(std::min(1., std::max(part / std::max(visits, 1e-9), part / kWeekVisits)) *
                                         clip(apart, limit));
}

template <class Archive, class Value>
void walk(Archive& archive, Value& v) {
  archive(v.rows_, v.last_at_, v.block_at_, v.heard_at_, v.block_sum_, v.block_rows_, v.period_, v.level_,
          v.fast_level_, v.long_level_, v.spread_, v.long_spread_, v.mean_, v.variance_, v.sustained_, v.regime_,
          v.season_helps_, v.season_size_, v.block_most_);
  const auto cells = [&archive](auto& floats) {
    for (auto& cell : floats) {
      double value{cell};
      archive(value);
      if constexpr (Archive::kReads) cell = static_cast<float>(value);
    }
  };
  cells(v.lately_);
  cells(v.hour_);
  cells(v.hour_visits_);
  cells(v.week_);
  cells(v.week_visits_);
  for (auto& sides : v.peaks_) {
    for (auto& side : sides) archive(side);
  }
}

void fields(Encoder& encoder, const ValueSeries& series) {
  walk(encoder, series);
}

void fields(Decoder& decoder, ValueSeries& series) {
  walk(decoder, series);
}

}  // namespace iwakan::statistics

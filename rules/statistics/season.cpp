#include "statistics/season.hpp"

#include <algorithm>
#include <cmath>

#include "model/codec.hpp"

namespace iwakan::statistics {
namespace {

constexpr double kPrior = 6;         // events that a factor of one is worth
constexpr float kWeekKept = .75F;    // what is remembered of last week: four weeks in all
constexpr std::int64_t kFaded = 40;  // weeks: nothing is left
constexpr std::int64_t kWeekBins = 2016;

std::size_t hour_of_day(std::int64_t bin) {
  return static_cast<std::size_t>(bin / kHourBins % 24);
}
std::size_t hour_of_week(std::int64_t bin) {
  return static_cast<std::size_t>(bin / kHourBins % 168);
}

}  // namespace

void Season::learn(std::int64_t bin, double count, double expected) {
  const std::int64_t week = bin / kWeekBins;
  if (week > week_) {
    const float kept = week - week_ > kFaded ? 0 : std::pow(kWeekKept, static_cast<float>(week - week_));
    for (Cell& cell : day_) cell = {cell.count * kept, cell.expected * kept};
    for (Cell& cell : of_week_) cell = {cell.count * kept, cell.expected * kept};
    week_ = week;
  }
  const auto add = [&](Cell& cell) {
    cell.count += static_cast<float>(count);
    cell.expected += static_cast<float>(expected);
  };
  add(day_[hour_of_day(bin)]);
  add(of_week_[hour_of_week(bin)]);
}

double Season::factor(std::int64_t bin) const {
  const std::size_t hour = hour_of_day(bin);
  const Cell& at = day_[hour];
  const Cell& before = day_[hour == 0 ? 23 : hour - 1];
  const Cell& after = day_[hour == 23 ? 0 : hour + 1];
  // The hours beside it count half.
  const double count = double{at.count} + .5 * (double{before.count} + double{after.count});
  const double expected = double{at.expected} + .5 * (double{before.expected} + double{after.expected});
  // Of the day (more / less), times what the hour of the week makes of what that lets one expect.
  const double more = count + kPrior;
  const double less = expected + kPrior;
  const Cell& cell = of_week_[hour_of_week(bin)];
  return more * (double{cell.count} + kPrior) / (double{cell.expected} * more + kPrior * less);
}

double Season::seen(std::int64_t bin) const {
  return double{of_week_[hour_of_week(bin)].count};
}

template <class Archive, class Value>
void walk_season(Archive& archive, Value& season) {
  archive(season.week_);
  // Most cells of most streams are empty: the distance to the next one that is not, and what is in it.
  const auto cells = [&archive](auto& all) {
    if constexpr (Archive::kReads) {
      std::uint64_t at = 0;
      for (std::uint64_t count = archive.counted(); count > 0 && archive.ok(); --count) {
        std::uint64_t skip = 0;
        double events = 0;
        double expected = 0;
        archive(skip, events, expected);
        at += skip;
        if (at >= all.size()) return archive.fail();
        all[at] = {static_cast<float>(events), static_cast<float>(expected)};
      }
    } else {
      const auto used = [](const auto& cell) { return cell.count != 0 || cell.expected != 0; };
      archive(static_cast<std::uint64_t>(std::count_if(all.begin(), all.end(), used)));
      std::uint64_t last = 0;
      for (std::uint64_t at = 0; at < all.size(); ++at) {
        if (!used(all[at])) continue;
        archive(at - last, double{all[at].count}, double{all[at].expected});
        last = at;
      }
    }
  };
  cells(season.day_);
  cells(season.of_week_);
}

void fields(Encoder& encoder, const Season& season) {
  walk_season(encoder, season);
}

void fields(Decoder& decoder, Season& season) {
  walk_season(decoder, season);
}

}  // namespace iwakan::statistics

// Goal: what the budget admits is what was asked for, whatever the scores mean; people's judgements count; a
// troublemaker neither opens again and again nor hides the others. Method: episodes of simulated rules.
#include "statistics/budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "model/codec.hpp"

namespace iwakan::statistics {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart = *parse_time("2031-01-06T00:00:00Z");

Budget::Allowance allowance(double per_week) {
  return {.per_week = per_week, .total_per_week = per_week, .tests_per_week = 500};
}

// Weeks of noise about many streams; scores of a law that is not the model's: how many were admitted a week,
// after the first two.
double admitted_per_week(double asked, unsigned seed) {
  std::mt19937_64 random(seed);
  Budget budget;
  budget.begin(kStart);
  int admitted = 0;
  constexpr int kWeeks = 14;
  for (TimePoint now = kStart; now < kStart + kWeeks * 7 * 24h;) {
    now += std::chrono::seconds(std::uniform_int_distribution<int>(600, 6'000)(random));
    budget.time_reached(now);
    const double score = 1.3 + std::exponential_distribution<double>(1 / .9)(random);  // twice the honest slope
    const std::string stream = "stream-" + std::to_string(random() % 60);
    const Standing standing = budget.weigh("rule", stream, now, now, score, allowance(asked));
    if (!standing.admitted) continue;
    budget.open("rule", stream);
    if (now > kStart + 2 * 7 * 24h) ++admitted;
  }
  return admitted / static_cast<double>(kWeeks - 2);
}

TEST(Budget, AdmitsWhatWasAskedForWhateverTheScoresMean) {
  for (const double asked : {.25, 1., 5.}) {
    double mean = 0;
    for (unsigned seed = 1; seed <= 10; ++seed) mean += admitted_per_week(asked, seed) / 10;
    EXPECT_GE(mean, .3 * asked) << asked;
    EXPECT_LE(mean, 1.5 * asked) << asked;
  }
}

// Three weeks of small noise.
Budget after_three_weeks() {
  std::mt19937_64 random(5);
  Budget budget;
  budget.begin(kStart);
  for (int hour = 0; hour < 21 * 24; ++hour) {
    const TimePoint now = kStart + std::chrono::hours(hour);
    budget.time_reached(now);
    const double score = 1.3 + std::exponential_distribution<double>(1 / .4)(random);
    budget.weigh("rule", "stream-" + std::to_string(hour % 30), now, now, std::min(score, 3.), allowance(1));
  }
  return budget;
}

TEST(Budget, AnEpisodeIsAdmittedOnceAndAgainOnlyWhenItExceedsItself) {
  Budget budget = after_three_weeks();
  TimePoint now = kStart + 21 * 24h;
  EXPECT_TRUE(budget.weigh("rule", "checkout", now, now, 8, allowance(.25)).admitted);
  EXPECT_FALSE(budget.weigh("rule", "checkout", now + 5min, now + 5min, 9, allowance(.25)).admitted);
  budget.judge(0, Fate::noise);
  now += 24h;
  budget.time_reached(now);
  EXPECT_FALSE(budget.weigh("rule", "checkout", now, now, 8.8, allowance(.25)).admitted);
  now += 24h;
  budget.time_reached(now);
  EXPECT_TRUE(budget.weigh("rule", "checkout", now, now, 12, allowance(.25)).admitted);
}

TEST(Budget, ADismissalDoesNotHideTheSameThingForEver) {
  Budget budget = after_three_weeks();
  TimePoint now = kStart + 21 * 24h;
  EXPECT_TRUE(budget.weigh("rule", "checkout", now, now, 6, allowance(1)).admitted);
  budget.attribute("checkout", 1, Fate::waiting);
  budget.judge(1, Fate::noise);
  for (int hour = 0; hour < 30 * 24; ++hour) {
    now += 1h;
    budget.time_reached(now);
    budget.weigh("rule", "stream-" + std::to_string(hour % 30), now, now, 1.5 + hour % 7 * .1, allowance(1));
  }
  EXPECT_TRUE(budget.weigh("rule", "checkout", now, now, 6, allowance(1)).admitted);
}

TEST(Budget, WhatPeopleConfirmIsNoNoiseAndThatCanBeTakenBack) {
  Budget budget = after_three_weeks();
  TimePoint now = kStart + 21 * 24h;
  const auto needed = [&] { return budget.weigh("rule", "asked", now, now, 1.4, allowance(.25)).needed; };
  const double before = needed();
  for (std::uint64_t incident = 1; incident <= 4; ++incident) {
    const std::string stream = "broken-" + std::to_string(incident);
    budget.weigh("rule", stream, now, now, 9 + static_cast<double>(incident), allowance(.25));
    budget.attribute(stream, incident, Fate::waiting);
    budget.judge(incident, Fate::real);
  }
  now += 2h;
  budget.time_reached(now);
  EXPECT_NEAR(needed(), before, .3);
  for (std::uint64_t incident = 1; incident <= 4; ++incident) budget.judge(incident, Fate::noise);
  EXPECT_GT(needed(), before + 1);
  for (std::uint64_t incident = 1; incident <= 4; ++incident) budget.judge(incident, Fate::real);
  EXPECT_NEAR(needed(), before, .3);
}

TEST(Budget, TellsNoMoreThanThreeInItsFirstWeek) {
  Budget budget;
  budget.begin(kStart);
  int admitted = 0;
  for (int i = 0; i < 40; ++i) {
    const TimePoint now = kStart + 24h + i * 3h;
    budget.time_reached(now);
    const std::string stream = "stream-" + std::to_string(i);
    if (!budget.weigh("rule", stream, now, now, 12 + i, allowance(5)).admitted) continue;
    budget.open("rule", stream);
    ++admitted;
  }
  EXPECT_EQ(admitted, 3);
}

TEST(Budget, SurvivesItsRows) {
  Budget budget = after_three_weeks();
  const TimePoint now = kStart + 21 * 24h;
  std::vector<Row> rows;
  budget.save(rows, true);
  Budget copy;
  std::map<std::string, std::string> last;
  for (const Row& row : rows) {
    if (row.value) last[row.key] = *row.value;
  }
  for (const auto& [key, value] : last) ASSERT_TRUE(copy.restore(key, value)) << key;
  const Standing a = budget.weigh("rule", "checkout", now, now, 3, allowance(1));
  const Standing b = copy.weigh("rule", "checkout", now, now, 3, allowance(1));
  EXPECT_EQ(a.needed, b.needed);
  EXPECT_EQ(a.noise_per_week, b.noise_per_week);
}

}  // namespace
}  // namespace iwakan::statistics

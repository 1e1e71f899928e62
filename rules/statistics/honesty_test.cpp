// Goal: each p-value is uniform or larger when all is well: a rule that made twice the false alarms would be
// noticed. Method: worlds of which the law is known, from fixed seeds; the share of p-values at most a level
// against the level. Laws that are not the model's own are among them.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <numbers>
#include <random>

#include "statistics/cadence.hpp"
#include "statistics/durations.hpp"
#include "statistics/readings.hpp"
#include "statistics/runs.hpp"

namespace iwakan::statistics {
namespace {

using Random = std::mt19937_64;

constexpr int kThings = 2'000;
constexpr double kLevels[] = {.05, .01, .002};

// Counts how many of the p-values are at most each level.
class Tally {
 public:
  void add(double p) {
    ++all_;
    for (std::size_t i = 0; i < std::size(kLevels); ++i) small_[i] += p <= kLevels[i] ? 1 : 0;
  }
  // Half as many again and what chance allows for.
  void expect_honest(const char* what) const {
    for (std::size_t i = 0; i < std::size(kLevels); ++i) {
      const double expected = kLevels[i] * all_;
      EXPECT_LE(small_[i], 1.5 * expected + 3 * std::sqrt(expected)) << what << ", level " << kLevels[i];
    }
  }

 private:
  double all_ = 0;
  double small_[std::size(kLevels)] = {};
};

template <class Draw>
void expect_honest_readings(const char* what, const Draw& draw) {
  Random random(7);
  Tally tally;
  for (int thing = 0; thing < kThings; ++thing) {
    Readings readings;
    TimePoint at = *parse_time("2031-05-14T01:00:00Z");
    for (int i = 0; i < 40; ++i) {
      at += std::chrono::minutes(std::uniform_int_distribution<int>(10, 1'500)(random));
      const double number = draw(random, at);
      if (i >= 8) tally.add(readings.as_far_as(at, number, 1));
      readings.learn(at, number);
    }
  }
  tally.expect_honest(what);
}

TEST(Honesty, OfReadings) {
  expect_honest_readings("normal",
                         [](Random& random, TimePoint) { return std::normal_distribution<double>(10, 1)(random); });
  expect_honest_readings(
      "uniform", [](Random& random, TimePoint) { return std::uniform_real_distribution<double>(8, 12)(random); });
  expect_honest_readings("two levels", [](Random& random, TimePoint) {
    return std::normal_distribution<double>(random() % 2 == 0 ? 5 : 9, 1)(random);
  });
  expect_honest_readings("with the day", [](Random& random, TimePoint at) {
    const double hours = std::chrono::duration<double, std::ratio<3'600>>(at.time_since_epoch()).count();
    return std::normal_distribution<double>(10 + 3 * std::cos(hours * std::numbers::pi / 12), 1)(random);
  });
  expect_honest_readings("by day and by night", [](Random& random, TimePoint at) {
    const bool night = at.time_since_epoch() % std::chrono::hours(24) < std::chrono::hours(7);
    return std::normal_distribution<double>(night ? 5 : 9, 1)(random);
  });
}

TEST(Readings, KnowTheWaveOfTheDay) {
  Random random(3);
  Readings readings;
  TimePoint at = *parse_time("2031-05-14T00:00:00Z");
  const auto usual = [](TimePoint time) {
    const double hours = std::chrono::duration<double, std::ratio<3'600>>(time.time_since_epoch()).count();
    return 100 + 20 * std::cos(hours * std::numbers::pi / 12);
  };
  for (int i = 0; i < 60; ++i) {
    at += std::chrono::minutes(std::uniform_int_distribution<int>(10, 900)(random));
    readings.learn(at, std::normal_distribution<double>(usual(at), 5)(random));
  }
  EXPECT_NEAR(readings.expected(at), usual(at), 4);
  // Ten deviations that the wave explains would be three of all numbers together.
  EXPECT_LT(readings.as_far_as(at, usual(at) + 50, 5), 1e-4);
  EXPECT_GT(readings.as_far_as(at, usual(at) + 5, 5), .1);
}

TEST(Largest, ForgetsNothingForASpan) {
  Largest<10> largest;
  EXPECT_EQ(largest.value(), 0);
  largest.learn(7);
  for (int i = 0; i < 10; ++i) {
    largest.learn(2);
    EXPECT_EQ(largest.value(), 7) << i;
  }
  for (int i = 0; i < 10; ++i) largest.learn(3);
  EXPECT_EQ(largest.value(), 3);
}

TEST(Honesty, OfDurations) {
  Random random(8);
  Tally lognormal;
  Tally exponential;
  Durations all;
  Durations all_exponential;
  for (int thing = 0; thing < kThings; ++thing) {
    Durations some;
    Durations others;
    for (int i = 0; i < 30; ++i) {
      const double one = std::lognormal_distribution<double>(6, .8)(random);
      const double other = std::exponential_distribution<double>(1 / 600.)(random) + 1;
      if (i >= 5) {
        lognormal.add(some.longer_than(one, all));
        exponential.add(others.longer_than(other, all_exponential));
      }
      some.learn(one);
      all.learn(one);
      others.learn(other);
      all_exponential.learn(other);
    }
  }
  lognormal.expect_honest("lognormal");
  exponential.expect_honest("exponential");
}

TEST(Honesty, OfCadences) {
  Random random(9);
  Tally chance;
  Tally clockwork;
  AllBeats all;
  for (int thing = 0; thing < kThings; ++thing) {
    Cadence by_chance;
    Cadence by_clock;
    for (int i = 0; i < 60; ++i) {
      const double gap = std::exponential_distribution<double>(1 / 3600.)(random) + 1;
      // One beat in a hundred fails.
      const double beats = 1 + std::geometric_distribution<int>(.99)(random);
      const double beat = 3600 * beats + std::normal_distribution<double>(0, 60)(random);
      if (i >= 10) {
        chance.add(by_chance.longer_than(gap, true));
        clockwork.add(by_clock.missed_for(beat, all));
      }
      by_chance.learn(gap);
      by_clock.learn_beat(beat, all);
    }
  }
  chance.expect_honest("chance");
  clockwork.expect_honest("clockwork");
}

TEST(Honesty, OfRuns) {
  Random random(10);
  Tally calm;
  Tally flapping;
  AllRuns all;
  for (int thing = 0; thing < kThings; ++thing) {
    Runs runs;
    Runs longer;
    for (int i = 0; i < 30; ++i) {
      const auto length = 1 + static_cast<std::uint32_t>(std::geometric_distribution<int>(.9)(random));
      const auto flap = 1 + static_cast<std::uint32_t>(std::geometric_distribution<int>(.1)(random));
      if (i >= 5) {
        calm.add(runs.at_least(length, all));
        flapping.add(longer.at_least(flap, all));
      }
      runs.learn(length, all);
      longer.learn(flap, all);
    }
  }
  calm.expect_honest("calm");
  flapping.expect_honest("flapping");
}

}  // namespace
}  // namespace iwakan::statistics

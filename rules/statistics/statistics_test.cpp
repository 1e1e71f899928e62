// Goal: p-values are honest: right where the law is known, and uniform or larger under normal operation,
// looked at only when something happens. Method: closed forms, and simulated streams from fixed seeds.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "model/codec.hpp"
#include "statistics/baseline.hpp"
#include "statistics/negative_binomial.hpp"

namespace iwakan::statistics {
namespace {

using namespace std::chrono_literals;

TEST(NegativeBinomial, AgreesWithClosedForms) {
  // Poisson(2): P(N >= 3) = 1 - 5 exp(-2).
  EXPECT_NEAR(upper_tail(2, 2, 3), 1 - 5 * std::exp(-2.0), 1e-12);
  // Geometric (shape 1, mean 1): P(N >= k) = 2^-k.
  EXPECT_NEAR(upper_tail(1, 2, 10), std::pow(.5, 10), 1e-12);
  EXPECT_NEAR(upper_tail(1, 2, 60), std::pow(.5, 60), 1e-24);
  EXPECT_EQ(upper_tail(1, 2, 0), 1);
  // Seeing one point makes the geometric law one of shape 2: P(N >= k) = (k/2 + 1) 2^-k.
  EXPECT_NEAR(upper_tail_given_one(1, 2, 4), 3 * std::pow(.5, 4), 1e-12);
  // For a Poisson process it changes nothing.
  EXPECT_NEAR(upper_tail_given_one(2, 2, 3), upper_tail(2, 2, 3), 1e-9);
}

TEST(NegativeBinomial, QuantilesBoundTheirTail) {
  for (const double mean : {.05, 1.0, 17.0, 250.0}) {
    for (const double dispersion : {1.0, 3.0}) {
      const auto most = upper_quantile(mean, mean * dispersion, .05);
      EXPECT_LE(upper_tail(mean, mean * dispersion, most + 1), .05 + 1e-9);
      if (most > 0) {
        EXPECT_GT(upper_tail(mean, mean * dispersion, most), .05 - 1e-9);
      }
    }
  }
}

struct World {
  double per_day;
  double burst;  // mean size of a cluster of events that come together
};

enum class Look { burst, lasting };

// Events of ten weeks; the share of those, after two weeks, whose p-value is at most `level`.
double share_at_most(World world, Look look, double level, unsigned seed) {
  std::mt19937_64 random(seed);
  Population population;
  const TimePoint start = *parse_time("2026-09-07T00:00:00Z");
  TimePoint now = start;
  Baseline baseline(now, population);
  std::size_t tests = 0;
  std::size_t small = 0;
  std::exponential_distribution<double> gap(world.per_day / world.burst / 86400);
  std::geometric_distribution<int> more(1 / world.burst);
  while (now < start + 70 * 24h) {
    now += std::chrono::duration_cast<Duration>(std::chrono::duration<double>(gap(random)));
    for (int i = more(random); i >= 0; --i) {
      baseline.advance(now, population);
      baseline.count(now, true);
      if (now < start + 14 * 24h) continue;
      ++tests;
      if (look == Look::burst && baseline.burst(now, population).p_value <= level) ++small;
      if (look == Look::lasting && baseline.lasting(now, population).p_value <= level) ++small;
      now += 7s;
    }
  }
  return static_cast<double>(small) / static_cast<double>(tests);
}

TEST(Baseline, PValuesAreUniformOrLargerWhenAllIsWell) {
  for (const World world : {World{4, 1}, World{40, 1}, World{400, 1}, World{30, 2}}) {
    for (const Look look : {Look::burst, Look::lasting}) {
      for (const double level : {.05, .01, .001}) {
        double share = 0;
        for (unsigned seed = 1; seed <= 5; ++seed) share += share_at_most(world, look, level, seed) / 5;
        EXPECT_LE(share, 1.5 * level) << world.per_day << " a day, bursts of " << world.burst
                                      << (look == Look::burst ? ", burst" : ", lasting") << ", level " << level;
      }
    }
  }
}

TEST(Baseline, FeelsABurstWhileItHappens) {
  Population population;
  TimePoint now = *parse_time("2026-09-07T00:00:00Z");
  Baseline baseline(now, population);
  for (int day = 0; day < 28; ++day) {
    for (int i = 0; i < 6; ++i) {
      now += 4h;
      baseline.advance(now, population);
      baseline.count(now, true);
    }
  }
  now += 2h;
  double before = 1;
  for (int i = 0; i < 10; ++i) {
    now += 20s;
    baseline.advance(now, population);
    baseline.count(now, true);
    const Surprise surprise = baseline.burst(now, population);
    EXPECT_LE(surprise.p_value, before);
    before = surprise.p_value;
  }
  EXPECT_LT(before, 1e-6);
}

TEST(Baseline, SurvivesItsEncoding) {
  Population population;
  TimePoint now = *parse_time("2026-09-07T00:00:00Z");
  Baseline baseline(now, population);
  for (int i = 0; i < 300; ++i) {
    now += 37min;
    baseline.advance(now, population);
    baseline.count(now, i % 50 != 0);
  }
  const auto copy = decode<Baseline>(encode(baseline));
  ASSERT_TRUE(copy);
  EXPECT_EQ(encode(*copy), encode(baseline));
  EXPECT_EQ(copy->burst(now, population).p_value, baseline.burst(now, population).p_value);
  EXPECT_EQ(copy->lasting(now, population).p_value, baseline.lasting(now, population).p_value);
  EXPECT_FALSE(decode<Baseline>(encode(baseline) + "x"));
}

}  // namespace
}  // namespace iwakan::statistics

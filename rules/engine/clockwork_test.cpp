// Goal: what comes by the clock is expected, and what comes by chance is not. Method: alerts of known habit.
#include "engine/clockwork.hpp"

#include <gtest/gtest.h>

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart = *parse_time("2031-05-12T00:00:00Z");

TEST(Clockwork, ExpectsTheNightlyAndTheHourly) {
  Clockwork clockwork;
  for (int day = 0; day < 5; ++day) {
    const TimePoint night = kStart + day * 24h + 2h + std::chrono::minutes(day * 7 % 11);
    EXPECT_EQ(clockwork.expects("db/BackupRunning", night), day >= 3) << day;
  }
  for (int hour = 0; hour < 24; ++hour) {
    const bool expected = clockwork.expects("vault/Sync", kStart + std::chrono::hours(hour));
    EXPECT_TRUE(expected || hour <= 8) << hour;
  }
  EXPECT_FALSE(clockwork.expects("vault/Sync", kStart + 23h + 21min));
}

TEST(Clockwork, ExpectsTheWeekly) {
  Clockwork clockwork;
  for (int week = 0; week < 4; ++week) {
    EXPECT_EQ(clockwork.expects("db/Vacuum", kStart + week * 7 * 24h + 3h), week >= 2) << week;
  }
}

TEST(Clockwork, DoesNotExpectChance) {
  Clockwork clockwork;
  int expected = 0;
  TimePoint now = kStart;
  for (int i = 0; i < 200; ++i) {
    now += std::chrono::minutes(30 + i * 7919 % 977);
    expected += clockwork.expects("web/Slow", now) ? 1 : 0;
  }
  EXPECT_LE(expected, 20);
}

}  // namespace
}  // namespace iwakan::engine

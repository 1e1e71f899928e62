// Goal: time goes on as each clock promises. Method: ask twice; move the manual one by hand.
#include "runtime/clock.hpp"

#include <gtest/gtest.h>

#include "runtime/build_info.hpp"
#include "runtime/chance.hpp"

namespace iwakan::runtime {
namespace {

using namespace std::chrono_literals;

TEST(SystemClock, NeverGoesBack) {
  const SystemClock clock;
  Moment last = clock.monotonic();
  for (int i = 0; i < 1000; ++i) {
    const Moment moment = clock.monotonic();
    ASSERT_GE(moment, last);
    last = moment;
  }
  EXPECT_GT(clock.now(), *parse_time("2023-01-01T00:00:00Z"));
}

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock(*parse_time("2026-09-01T00:00:00Z"));
  const Moment before = clock.monotonic();
  clock.advance(90s);
  EXPECT_EQ(format_time(clock.now()), "2026-09-01T00:01:30Z");
  EXPECT_EQ(clock.monotonic() - before, Duration(90s));
}

TEST(ManualClock, SettingTheWallClockMovesNoDeadline) {
  ManualClock clock;
  const Moment before = clock.monotonic();
  clock.set(*parse_time("2026-09-01T00:00:00Z"));
  EXPECT_EQ(clock.monotonic(), before);
  EXPECT_EQ(format_time(clock.now()), "2026-09-01T00:00:00Z");
}

TEST(Chance, StaysBetweenZeroAndOneAndDiffers) {
  Chance chance;
  const double first = chance.next();
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double next = chance.next();
    ASSERT_GE(next, 0);
    ASSERT_LT(next, 1);
    differs = differs || next != first;
  }
  EXPECT_TRUE(differs);
}

TEST(BuildInfo, HasAVersion) {
  EXPECT_FALSE(version().empty());
}

}  // namespace
}  // namespace iwakan::runtime

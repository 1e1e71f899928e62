// Goal: a value far off is told when it comes and not again while it lasts; what cannot be a value teaches
// nothing; the state survives its encoding. Method: a series with a daily shape.
#include "statistics/value_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "model/codec.hpp"

namespace iwakan::statistics {
namespace {

using namespace std::chrono_literals;

// Four weeks of a daily shape with noise.
class Shaped {
 public:
  double next() {
    at_ += 5min;
    const double hour = std::chrono::duration<double, std::ratio<3600>>(at_.time_since_epoch() % 24h).count();
    return 50 + 20 * std::sin(hour / 24 * 6.2832) + std::normal_distribution<double>(0, 1)(random_);
  }
  TimePoint at() const { return at_; }

 private:
  TimePoint at_ = *parse_time("2026-02-02T00:00:00Z");
  std::mt19937_64 random_{3};
};

ValueSeries learned(Shaped& shaped) {
  ValueSeries series;
  int reports = 0;
  for (int i = 0; i < 28 * 288; ++i) {
    const double value = shaped.next();
    const auto score = series.observe(shaped.at(), value);
    EXPECT_TRUE(score);
    reports += score && score->report && i > 14 * 288 ? 1 : 0;
  }
  EXPECT_LE(reports, 1);
  return series;
}

TEST(ValueSeries, TellsWhatIsFarOffOnce) {
  Shaped shaped;
  ValueSeries series = learned(shaped);
  int reports = 0;
  for (int i = 0; i < 15; ++i) {
    const double value = shaped.next() + 40;
    reports += series.observe(shaped.at(), value)->report ? 1 : 0;
  }
  EXPECT_EQ(reports, 1);
}

TEST(ValueSeries, LearnsNothingFromWhatIsNoValue) {
  Shaped shaped;
  ValueSeries series = learned(shaped);
  const std::string before = encode(series);
  EXPECT_FALSE(series.observe(shaped.at(), 50));
  EXPECT_FALSE(series.observe(shaped.at() - 1h, 50));
  EXPECT_FALSE(series.observe(shaped.at() + 5min, std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(series.observe(shaped.at() + 5min, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(encode(series), before);
}

TEST(ValueSeries, SurvivesItsEncodingAndStaysSmall) {
  Shaped shaped;
  ValueSeries series = learned(shaped);
  auto copy = decode<ValueSeries>(encode(series));
  ASSERT_TRUE(copy);
  for (int i = 0; i < 50; ++i) {
    const double value = shaped.next() + i;
    EXPECT_EQ(series.observe(shaped.at(), value)->score, copy->observe(shaped.at(), value)->score);
  }
  EXPECT_LE(sizeof(ValueSeries), 3'072U);
  EXPECT_FALSE(decode<ValueSeries>(encode(series) + "x"));
}

}  // namespace
}  // namespace iwakan::statistics

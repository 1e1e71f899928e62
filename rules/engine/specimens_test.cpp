// Goal: what is said of alerts while none is at hand is held against those that came: of one alert, of a name, of a
// subject; bounded, and the same after a restart. Method: alerts of known labels.
#include "engine/specimens.hpp"

#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

const TimePoint kNow = *parse_time("2031-05-12T00:00:00Z");

AlertBatch alert(const char* name, const char* environment) {
  return testing::one_alert(AlertState::firing, {{"alertname", name}, {"environment", environment}}, kNow);
}

std::optional<bool> staging(const Alert& one) {
  return one.label("environment") == "staging" ? std::optional(true) : std::nullopt;
}

TEST(Specimens, AreJudgedByAlertByNameAndAllTogether) {
  Specimens specimens;
  const AlertBatch slow = alert("Slow", "staging");
  const AlertBatch slow_too = alert("Slow", "production");
  const AlertBatch backup = alert("Backup", "staging");
  for (const AlertBatch* batch : {&slow, &slow_too, &backup}) specimens.came("shop", batch->alerts()[0], kNow);
  EXPECT_TRUE(specimens.judged({"shop", "Backup", {}, 0}, staging));
  EXPECT_FALSE(specimens.judged({"shop", "Slow", {}, 0}, staging));
  EXPECT_FALSE(specimens.judged({"shop", {}, {}, 0}, staging));
  EXPECT_TRUE(specimens.judged({"shop", "Slow", "alertmanager", slow.alerts()[0].fingerprint}, staging));
  EXPECT_FALSE(specimens.judged({"shop", "Slow", "alertmanager", slow_too.alerts()[0].fingerprint}, staging));
  EXPECT_FALSE(specimens.judged({"other", "Slow", {}, 0}, staging));
  EXPECT_FALSE(specimens.judged({"shop", "Unheard", {}, 0}, staging));
}

TEST(Specimens, OfASubjectAreFewAndTheLatestAndSurviveARestart) {
  Specimens specimens;
  for (int i = 0; i < 100; ++i) {
    if (i == 50) specimens.came("shop", alert("Beat", "staging").alerts()[0], kNow);
    specimens.came("shop", alert("Slow", ("production-" + std::to_string(i)).c_str()).alerts()[0], kNow);
  }
  EXPECT_TRUE(specimens.judged({"shop", "Beat", {}, 0}, staging));
  EXPECT_FALSE(specimens.judged({"shop", {}, {}, 0}, staging));
  std::vector<Row> rows;
  specimens.save(rows, Rule::Extent::changed);
  ASSERT_EQ(rows.size(), 1U);
  Specimens restored;
  ASSERT_TRUE(restored.restore(rows[0].key, *rows[0].value));
  EXPECT_TRUE(restored.judged({"shop", "Beat", {}, 0}, staging));
  EXPECT_LT(rows[0].value->size(), 2'000U);
  EXPECT_FALSE(restored.restore(rows[0].key, rows[0].value->substr(0, rows[0].value->size() - 1)));
}

TEST(Specimens, KeepNoLabelsBeyondReason) {
  Specimens specimens;
  const std::string much(5'000, 'x');
  const AlertBatch batch =
      testing::one_alert(AlertState::firing, {{"alertname", "Slow"}, {"environment", "staging"}, {"much", much}}, kNow);
  specimens.came("shop", batch.alerts()[0], kNow);
  EXPECT_FALSE(specimens.judged({"shop", {}, {}, 0}, staging));
  std::vector<Row> rows;
  specimens.save(rows, Rule::Extent::changed);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_LT(rows[0].value->size(), 100U);
}

}  // namespace
}  // namespace iwakan::engine

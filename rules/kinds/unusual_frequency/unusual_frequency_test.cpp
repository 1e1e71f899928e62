// Goal: a burst opens, said in words a manager understands; while learning nothing is believed. Method:
// stories against the engine with this rule alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::scalar;
using testing::settings_of;
using testing::Story;

TEST(UnusualFrequency, OpensOnABurstAndSaysWhatIsUsual) {
  Story story(settings_of({{"never_seen", scalar("off")}}, "1 per week"));
  for (int i = 0; i < 28 * 4; ++i) {
    story.advance(6h);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", std::to_string(i)}});
  }
  ASSERT_TRUE(story.engine().desk().incidents().empty());
  story.advance(3h);
  for (int i = 0; i < 12; ++i) {
    story.advance(20s);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", "burst" + std::to_string(i)}});
  }
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  const Decision& decision = story.incident("INC-1").decision;
  EXPECT_EQ(decision.reason, DecisionReason::opened_by_evidence);
  EXPECT_LT(decision.evidence.at(0).p_value, std::pow(10.0, -decision.evidence.at(0).weight->needed));
  EXPECT_THAT(decision.evidence.at(0).sentence.en, HasSubstr("checkout: "));
  EXPECT_THAT(decision.evidence.at(0).sentence.ja, HasSubstr("通常は"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(UnusualFrequency, IsNotBelievedWhileItLearns) {
  Story story(settings_of({{"never_seen", scalar("off")}}, "1000 per week"));
  for (int i = 0; i < 5; ++i) {
    story.advance(4h);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", "old" + std::to_string(i)}});
  }
  for (int i = 0; i < 20; ++i) {
    story.advance(10s);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", std::to_string(i)}});
  }
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  ASSERT_EQ(story.engine().suspicions().count("checkout"), 1U);
  EXPECT_EQ(story.engine().suspicions().find("checkout")->second.decision.reason, DecisionReason::learning);
  story.restart();
  EXPECT_EQ(story.engine().suspicions().count("checkout"), 1U);
}

}  // namespace
}  // namespace iwakan::engine

// Goal: what people said opens at once does, whatever the budget says. Method: stories against the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using testing::settings_of;
using testing::Story;

TEST(OpenWhen, CustomerImpactOpensWhateverTheBudgetSays) {
  Story story(settings_of({}, "0 per week"));
  story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"customer_impact", "confirmed"}});
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.incident("INC-1").impact, Impact::confirmed);
  EXPECT_EQ(story.incident("INC-1").decision.reason, DecisionReason::opened_by_impact);
}

}  // namespace
}  // namespace iwakan::engine

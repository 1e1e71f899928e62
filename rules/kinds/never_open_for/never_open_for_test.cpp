// Goal: what people only want to watch never opens, is kept with the reason, and joins what is open. Method:
// stories against the engine.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using testing::list;
using testing::map;
using testing::scalar;
using testing::settings_of;
using testing::Story;

std::shared_ptr<Settings> staging() {
  const Setting statements = list({map({{"match", scalar("environment=\"staging\"")}})});
  return settings_of({{"never_open_for", map({{"statements", statements}})}}, "1000 per week");
}

TEST(NeverOpenFor, HoldsBackEvenCustomerImpactAndSaysSo) {
  Story story(staging());
  story.fire(
      {{"alertname", "Slow"}, {"service", "checkout"}, {"environment", "staging"}, {"customer_impact", "confirmed"}});
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  const auto found = story.engine().suspicions().find("checkout");
  ASSERT_NE(found, story.engine().suspicions().end());
  EXPECT_EQ(found->second.decision.reason, DecisionReason::withheld);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(NeverOpenFor, JoinsAnIncidentThatIsOpen) {
  Story story(staging());
  story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"customer_impact", "confirmed"}});
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"environment", "staging"}});
  EXPECT_EQ(story.incident("INC-1").members.size(), 2U);
}

}  // namespace
}  // namespace iwakan::engine

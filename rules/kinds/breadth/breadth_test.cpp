// Goal: what strikes many subjects at once opens one incident that holds them all. Method: stories
// against the engine with this rule alone.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::scalar;
using testing::settings_of;
using testing::Story;

std::string subject(int i) {
  return "service-" + std::to_string(i);
}

// Four weeks in which subjects stir one at a time.
Story after_four_weeks() {
  Story story(settings_of({{"never_seen", scalar("off")}, {"unusual_frequency", scalar("off")}}, "1 per week"));
  for (int i = 0; i < 28 * 8; ++i) {
    const testing::Labels labels{{"alertname", "Slow"}, {"service", subject(i % 12)}, {"n", std::to_string(i)}};
    const TimePoint began = story.now();
    story.fire(labels);
    story.advance(10min);
    story.resolve(labels, began);
    story.advance(160min + std::chrono::minutes(i * 37 % 23));
  }
  return story;
}

TEST(Breadth, OpensOneIncidentThatHoldsThemAll) {
  Story story = after_four_weeks();
  const std::size_t before = story.engine().desk().incidents().size();
  for (int i = 0; i < 10; ++i) {
    story.fire({{"alertname", "Down"}, {"service", subject(i)}});
    story.advance(20s);
  }
  ASSERT_EQ(story.engine().desk().incidents().size(), before + 1);
  const Incident& incident = story.engine().desk().incidents().rbegin()->second;
  EXPECT_EQ(incident.subjects.size(), 10U);
  EXPECT_GE(incident.members.size(), 10U);
  EXPECT_THAT(incident.decision.evidence.at(0).sentence.en, HasSubstr("subjects at once"));
  EXPECT_THAT(incident.title.ja, HasSubstr("か所で"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
  story.restart();
  EXPECT_EQ(story.engine().desk().live_incident(subject(9)), story.engine().desk().live_incident(subject(0)));
}

TEST(Breadth, OneSubjectWithManyAlertsIsNone) {
  Story story = after_four_weeks();
  for (int i = 0; i < 10; ++i) {
    story.fire({{"alertname", "Down" + std::to_string(i)}, {"service", subject(0)}});
    story.advance(20s);
  }
  for (const auto& [name, suspicion] : story.engine().suspicions()) {
    for (const Evidence& evidence : suspicion.decision.evidence) EXPECT_NE(evidence.rule, "breadth");
  }
}

}  // namespace
}  // namespace iwakan::engine

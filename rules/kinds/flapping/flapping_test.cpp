// Goal: a calm alert that goes off again and again is told once; a known flapper is not. Method: stories
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

// Fires and resolves, so many times in a row.
void toggle(Story& story, const testing::Labels& labels, int times) {
  for (int i = 0; i < times; ++i) {
    const TimePoint began = story.now();
    story.fire(labels);
    story.advance(1min);
    story.resolve(labels, began);
    story.advance(1min);
  }
}

const testing::Labels kCalm{{"alertname", "Slow"}, {"service", "checkout"}};
const testing::Labels kFlapper{{"alertname", "Link"}, {"service", "router"}};

Story after_four_weeks() {
  Story story(settings_of({{"silence", scalar("off")}}, "1 per week"));
  for (int day = 0; day < 28; ++day) {
    toggle(story, kCalm, 1);
    if (day % 3 == 0) toggle(story, kFlapper, 12);
    story.advance(24h);
  }
  return story;
}

std::size_t told_about(Story& story, const char* subject) {
  std::size_t told = 0;
  for (const auto& [number, incident] : story.engine().desk().incidents()) {
    for (const Evidence& evidence : incident.decision.evidence) {
      told += evidence.rule == "flapping" && evidence.subject == subject ? 1U : 0U;
    }
  }
  return told;
}

TEST(Flapping, ACalmAlertIsToldOnceAndAKnownFlapperIsNot) {
  Story story = after_four_weeks();
  const std::size_t before = told_about(story, "router");
  toggle(story, kFlapper, 12);
  EXPECT_EQ(told_about(story, "router"), before);
  toggle(story, kCalm, 15);
  ASSERT_EQ(told_about(story, "checkout"), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
  story.restart();
  EXPECT_EQ(told_about(story, "checkout"), 1U);
}

TEST(Flapping, SaysHowOftenAndWhatWasUsual) {
  Story story = after_four_weeks();
  toggle(story, kCalm, 15);
  const Incident* incident = story.engine().desk().live_incident("checkout");
  ASSERT_NE(incident, nullptr);
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.en, HasSubstr("until now it was 1 in a row"));
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.ja, HasSubstr("回発生しました"));
}

}  // namespace
}  // namespace iwakan::engine

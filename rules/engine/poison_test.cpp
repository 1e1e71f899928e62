// Goal: a sender that trains its baseline slowly, or floods, hides nothing but its own: others are noticed as before,
// and what people stated opens whatever was learned. Method: four weeks in which one subject grows louder day by day
// beside one that stays as it is, and then what ought to be noticed.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using testing::Labels;
using testing::list;
using testing::map;
using testing::scalar;
using testing::Story;

std::shared_ptr<Settings> settings() {
  const Setting statements = list({map({{"match", scalar("severity=\"critical\"")}, {"impact", scalar("possible")}})});
  return testing::settings_of({{"never_seen", scalar("off")},
                               {"longer_than_usual", scalar("off")},
                               {"open_when", map({{"statements", statements}})}},
                              "1 per week");
}

void tell(Story& story, const char* service, int number, const char* severity = "warning") {
  const Labels labels{
      {"alertname", "Slow"}, {"service", service}, {"n", std::to_string(number)}, {"severity", severity}};
  const TimePoint began = story.now();
  story.fire(labels);
  story.resolve(labels, began);
}

// Each six hours something of checkout; of the trainer once an hour at first, and a tenth more each day.
void four_weeks(Story& story, bool trained) {
  double rate = 1;
  double owed = 0;
  int number = 0;
  for (int hour = 0; hour < 28 * 24; ++hour) {
    if (hour % 6 == 0) tell(story, "checkout", hour);
    if (hour % 24 == 0) rate *= 1.1;
    for (owed += trained ? rate : 0; owed >= 1; owed -= 1) {
      story.advance(2min);
      tell(story, "trainer", ++number);
    }
    const auto begun = (story.now() - *parse_time("2031-05-14T01:00:00Z")) % 1h;
    story.advance(1h - begun);
  }
}

TEST(Poison, SlowTrainingHidesNothingOfOthers) {
  for (const bool trained : {false, true}) {
    Story story(settings());
    four_weeks(story, trained);
    ASSERT_EQ(story.engine().desk().live_incident("checkout"), nullptr);
    story.advance(3h);  // not when it always comes
    for (int i = 0; i < 15; ++i) {
      story.advance(20s);
      tell(story, "checkout", 100'000 + i);
    }
    EXPECT_NE(story.engine().desk().live_incident("checkout"), nullptr) << (trained ? "beside a trainer" : "alone");
  }
}

TEST(Poison, WhatPeopleStatedOpensWhateverWasLearned) {
  Story story(settings());
  four_weeks(story, true);
  tell(story, "trainer", 100'000, "critical");
  const Incident* incident = story.engine().desk().live_incident("trainer");
  ASSERT_NE(incident, nullptr);
  EXPECT_EQ(incident->decision.reason, DecisionReason::opened_by_impact);
}

TEST(Poison, AFloodHidesNothingStatedOfOthersAndIsNoticedItself) {
  Story story(settings());
  four_weeks(story, false);
  for (int i = 0; i < 3'000; ++i) {
    story.advance(1s);
    tell(story, ("flood" + std::to_string(i % 40)).c_str(), i);
  }
  EXPECT_FALSE(story.engine().desk().incidents().empty());
  tell(story, "checkout", 100'000, "critical");
  const Incident* incident = story.engine().desk().live_incident("checkout");
  ASSERT_NE(incident, nullptr);
  EXPECT_EQ(incident->impact, Impact::possible);
}

}  // namespace
}  // namespace iwakan::engine

// Goal: a beat that fails, a source that stops and an expectation that is not met are told; a quiet subject
// that was never regular is not. Method: stories against the engine with this rule alone.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::list;
using testing::map;
using testing::scalar;
using testing::settings_of;
using testing::Story;

const testing::Labels kBeat{{"alertname", "BackupFinished"}, {"service", "vault"}};

void beat(Story& story) {
  const TimePoint began = story.now();
  story.fire(kBeat);
  story.advance(2min);
  story.resolve(kBeat, began);
}

// Two weeks of an hourly beat, and of something else now and then that keeps the source speaking.
void two_weeks(Story& story) {
  for (int hour = 0; hour < 14 * 24; ++hour) {
    beat(story);
    for (int i = 0; i < 4; ++i) {
      story.advance(14min);
      const testing::Labels other{{"alertname", "Noise"}, {"service", "web"}, {"n", std::to_string(hour * 4 + i)}};
      story.fire(other);
      story.resolve(other, story.now());
    }
    story.advance(2min);
  }
}

Story learned() {
  Story story(settings_of(
      {{"never_seen", scalar("off")}, {"unusual_frequency", scalar("off")}, {"longer_than_usual", scalar("off")}},
      "1 per week"));
  two_weeks(story);
  return story;
}

TEST(Silence, AMissedBeatIsTold) {
  Story story = learned();
  for (int i = 0; i < 12; ++i) {
    story.advance(14min);
    story.fire({{"alertname", "Noise"}, {"service", "web"}, {"n", "late" + std::to_string(i)}});
  }
  const Incident* incident = story.engine().desk().live_incident("vault");
  ASSERT_NE(incident, nullptr);
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.en, HasSubstr("has not come for"));
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.ja, HasSubstr("届いていません"));
  EXPECT_EQ(story.engine().desk().live_incident("web"), nullptr);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, ASilentSourceExplainsTheSilenceOfItsAlerts) {
  Story story = learned();
  story.advance(4h);
  EXPECT_NE(story.engine().desk().live_incident("alertmanager"), nullptr);
  EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr);
  // It speaks again: what it did not bring meanwhile is not held against its alerts.
  beat(story);
  story.advance(30min);
  EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

// Only its end is told, for it lasts less long than its sender waits.
TEST(Silence, ABeatThatWasOverBeforeItWasHeardOfHasComeNevertheless) {
  Story story = learned();
  for (int hour = 0; hour < 6; ++hour) {
    story.resolve(kBeat, story.now() - 1min);
    for (int i = 0; i < 4; ++i) {
      story.advance(15min);
      const testing::Labels other{{"alertname", "Noise"}, {"service", "web"}, {"n", std::to_string(-hour * 4 - i)}};
      story.fire(other);
      story.resolve(other, story.now());
    }
  }
  EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr);
  EXPECT_FALSE(story.engine().suspicions().contains("vault"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

// Its source spoke after the beat was due, a few minutes late as it may be, and then fell silent for hours.
TEST(Silence, OfABeatNothingIsSaidWhileItsSourceIsMute) {
  Story story(settings_of(
      {{"never_seen", scalar("off")}, {"unusual_frequency", scalar("off")}, {"longer_than_usual", scalar("off")}},
      "1 per week"));
  int number = 0;
  const auto noise_until = [&](TimePoint until) {
    while (story.now() < until) {
      story.advance(std::min<Duration>(14min, until - story.now()));
      const testing::Labels other{{"alertname", "Noise"}, {"service", "web"}, {"n", std::to_string(number++)}};
      story.fire(other);
      story.resolve(other, story.now());
    }
  };
  const TimePoint began = story.now();
  for (int day = 0; day < 30; ++day) {
    noise_until(began + day * 24h + std::chrono::minutes(day * 7 % 30));
    beat(story);
  }
  noise_until(began + 30 * 24h + 20min);
  story.advance(12h);
  EXPECT_NE(story.engine().desk().live_incident("alertmanager"), nullptr);
  EXPECT_FALSE(story.engine().suspicions().contains("vault"));
  EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr);
}

TEST(Silence, AnExpectationOpensWhenItIsNotMetAndOnce) {
  const Setting expect =
      list({map({{"match", scalar("alertname=\"Watchdog\"")}, {"every", scalar("1h")}, {"level", scalar("3")}})});
  Story story(settings_of({{"silence", map({{"expect", expect}})}}, "0 per week"));
  const testing::Labels watchdog{{"alertname", "Watchdog"}, {"service", "monitoring"}};
  const TimePoint began = story.now();
  story.fire(watchdog);
  story.advance(5h);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  story.resolve(watchdog, began);
  story.restart();
  story.advance(59min);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  story.advance(3h);
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.incident("INC-1").subjects.at(0), "monitoring");
  EXPECT_EQ(story.incident("INC-1").level, 3);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
  Engine other(settings_of({{"silence", map({{"expect", expect}})}}, "0 per week"));
  const std::string& met = story.rows().at({Table::rules, "silence/expectation/0"});
  EXPECT_TRUE(other.restore(Table::rules, "silence/expectation/0", met));
  EXPECT_FALSE(other.restore(Table::rules, "silence/expectation/first", met));
}

}  // namespace
}  // namespace iwakan::engine

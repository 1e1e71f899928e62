// Goal: what is watched only, silenced or under maintenance never opens by the mere passing of time either: not because
// it lasts, not because it does not come, and not together with others. What comes to nothing is kept with its reason.
// Method: stories in which the same time opens an incident unless people said so.
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

const Labels kQueue{{"alertname", "Queue"}, {"service", "checkout"}, {"environment", "staging"}};
const Labels kBeat{{"alertname", "BackupFinished"}, {"service", "vault"}, {"environment", "staging"}};
const Labels kWatchdog{{"alertname", "Watchdog"}, {"service", "monitoring"}, {"environment", "staging"}};

// Who says so, if anybody.
enum class Said { nothing, watch_only, silence, maintenance };

Setting staging_only() {
  return map({{"statements", list({map({{"match", scalar("environment=\"staging\"")}})})}});
}

std::shared_ptr<Settings> settings(Said said, std::vector<std::pair<std::string, Setting>> rules) {
  if (said == Said::watch_only) rules.emplace_back("never_open_for", staging_only());
  return testing::settings_of(std::move(rules), "1 per week");
}

// From here on, for the alerts of staging.
void say(Story& story, Said said, std::vector<std::pair<std::string, Setting>> rules) {
  if (said == Said::silence) {
    const LabelCondition staging{"environment", "staging", false, false};
    story.act(act::SetSilence{{.id = {},
                               .conditions = {staging},
                               .starts_at = story.now(),
                               .ends_at = story.now() + 24h * 7,
                               .updated_at = {},
                               .created_by = "sato",
                               .comment = "known",
                               .reminded = false},
                              "s-1"});
  }
  if (said != Said::maintenance) return;
  auto fresh = settings(said, std::move(rules));
  MaintenanceWindow window;
  window.name = "work";
  window.match = {*Matcher::parse("environment=\"staging\"")};
  window.when = MaintenanceWindow::Once{window.zone.local(story.now()), window.zone.local(story.now() + 24h * 7)};
  fresh->maintenance = {window};
  story.engine().configure(fresh);
  story.step(ConfigurationReplaced{story.now(), "digest"});
}

void episode(Story& story, const Labels& labels, Duration lasts) {
  const TimePoint began = story.now();
  story.fire(labels);
  story.advance(lasts);
  story.resolve(labels, began);
}

DecisionReason reason_of(Story& story, const char* subject) {
  const auto found = story.engine().suspicions().find(subject);
  EXPECT_NE(found, story.engine().suspicions().end()) << subject;
  if (found == story.engine().suspicions().end()) return DecisionReason::joined;
  EXPECT_FALSE(found->second.decision.evidence.front().about);
  return found->second.decision.reason;
}

constexpr std::pair<Said, DecisionReason> kEach[] = {{Said::watch_only, DecisionReason::withheld},
                                                     {Said::silence, DecisionReason::silenced},
                                                     {Said::maintenance, DecisionReason::maintenance}};

std::vector<std::pair<std::string, Setting>> rules_of_length() {
  return {{"never_seen", scalar("off")}, {"silence", scalar("off")}, {"unusual_frequency", scalar("off")}};
}

Story after_a_queue_of_four_weeks(Said said) {
  Story story(settings(said, rules_of_length()));
  for (int day = 0; day < 28; ++day) {
    episode(story, kQueue, 4min + std::chrono::seconds(day * 97 % 240));
    story.advance(22h + std::chrono::minutes(day * 53 % 60));
  }
  return story;
}

TEST(Holds, WhatOnlyLastsOpensUnlessPeopleSaidSo) {
  Story story = after_a_queue_of_four_weeks(Said::nothing);
  story.fire(kQueue);
  story.advance(5h);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
}

TEST(Holds, WhatIsWatchedOnlyMayLast) {
  Story story = after_a_queue_of_four_weeks(Said::watch_only);
  story.fire(kQueue);
  story.restart();
  story.advance(5h);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  EXPECT_EQ(reason_of(story, "checkout"), DecisionReason::withheld);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Holds, WhatIsWatchedOnlyFromNowOnMayLastToo) {
  Story story = after_a_queue_of_four_weeks(Said::nothing);
  story.fire(kQueue);
  story.engine().configure(settings(Said::watch_only, rules_of_length()));
  story.step(ConfigurationReplaced{story.now(), "digest"});
  story.advance(5h);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
}

TEST(Holds, WhatIsHeldBackMayLast) {
  for (const Said said : {Said::silence, Said::maintenance}) {
    Story story = after_a_queue_of_four_weeks(said);
    story.fire(kQueue);
    say(story, said, rules_of_length());
    story.advance(5h);
    EXPECT_TRUE(story.engine().desk().incidents().empty());
  }
}

std::vector<std::pair<std::string, Setting>> rules_of_silence() {
  return {{"never_seen", scalar("off")}, {"longer_than_usual", scalar("off")}, {"unusual_frequency", scalar("off")}};
}

// An hourly beat, and noise that keeps the source speaking.
void hours(Story& story, int count, bool beats) {
  for (int hour = 0; hour < count; ++hour) {
    if (beats) episode(story, kBeat, 2min);
    for (int i = 0; i < 4; ++i) {
      story.advance(14min);
      const std::string number = format_time(story.now());
      const Labels other{{"alertname", "Noise"}, {"service", "web"}, {"n", number}};
      story.fire(other);
      story.resolve(other, story.now());
    }
    story.advance(beats ? 2min : 4min);
  }
}

TEST(Holds, WhatDoesNotComeOpensUnlessPeopleSaidSo) {
  Story story(settings(Said::nothing, rules_of_silence()));
  hours(story, 14 * 24, true);
  hours(story, 4, false);
  EXPECT_NE(story.engine().desk().live_incident("vault"), nullptr);
}

TEST(Holds, WhatDoesNotComeMayStayAway) {
  for (const auto& [said, reason] : kEach) {
    Story story(settings(said, rules_of_silence()));
    hours(story, 14 * 24, true);
    say(story, said, rules_of_silence());
    hours(story, 6, false);
    EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr) << name(reason);
    EXPECT_EQ(reason_of(story, "vault"), reason);
  }
}

TEST(Holds, WhatStayedAwayDuringASilenceIsWaitedForAnew) {
  Story story(settings(Said::silence, rules_of_silence()));
  hours(story, 14 * 24, true);
  say(story, Said::silence, {});
  hours(story, 6, false);
  story.act(act::ExpireSilence{"s-1"});
  story.advance(20min);
  EXPECT_EQ(story.engine().desk().live_incident("vault"), nullptr);
  hours(story, 4, false);
  EXPECT_NE(story.engine().desk().live_incident("vault"), nullptr);
}

std::vector<std::pair<std::string, Setting>> rules_of_expectation() {
  const Setting expect = list({map({{"match", scalar("alertname=\"Watchdog\"")}, {"every", scalar("1h")}})});
  return {{"never_seen", scalar("off")}, {"silence", map({{"expect", expect}})}};
}

TEST(Holds, WhatPeopleExpectMayStayAwayWhereTheySaidSo) {
  for (const auto& [said, reason] : kEach) {
    Story story(settings(said, rules_of_expectation()));
    episode(story, kWatchdog, 2min);
    say(story, said, rules_of_expectation());
    story.advance(5h);
    EXPECT_TRUE(story.engine().desk().incidents().empty()) << name(reason);
    EXPECT_EQ(reason_of(story, "monitoring"), reason);
    if (said != Said::silence) continue;
    story.act(act::ExpireSilence{"s-1"});
    story.advance(2h);
    EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  }
}

TEST(Holds, WhatIsWatchedOnlyMakesNoBreadth) {
  for (const Said said : {Said::nothing, Said::watch_only}) {
    Story story(settings(said, {{"never_seen", scalar("off")}, {"silence", scalar("off")}}));
    for (int hour = 0; hour < 24 * 14; ++hour) {
      episode(story, {{"alertname", "Slow"}, {"service", "s" + std::to_string(hour % 9)}}, 2min);
      story.advance(58min);
    }
    for (int i = 0; i < 9; ++i) {
      story.fire({{"alertname", "Slow"}, {"service", "s" + std::to_string(i)}, {"environment", "staging"}});
      story.advance(20s);
    }
    EXPECT_EQ(story.engine().desk().incidents().empty(), said == Said::watch_only);
  }
}

}  // namespace
}  // namespace iwakan::engine

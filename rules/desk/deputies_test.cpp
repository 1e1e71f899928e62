// Goal: when a supervisor is not there or does not answer, a deputy hears in their place, by name and with the reason,
// before everybody does; and what the deputy acknowledges counts.
// Method: stories of events against the engine alone, with a replay of each at the end.
#include "desk/deputies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::Settings;
using engine::testing::demo_settings;
using engine::testing::kCheckout;
using engine::testing::Story;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Deputy deputy(const std::string& person) {
  Recipient recipient;
  recipient.id = "deputy-cs-" + person;
  recipient.person = person;
  recipient.sink = "mail";
  recipient.languages = {"ja"};
  return {person, same_in_all(person), {recipient}};
}

// Of the department CS, which hasegawa supervises; everybody hears 15 minutes after opening.
std::shared_ptr<Settings> with_deputies(Duration after) {
  auto settings = demo_settings();
  Department& cs = settings->organisation.departments.front();
  cs.deputies = {deputy("mori"), deputy("dubois")};
  cs.deputies_after = after;
  return settings;
}

class Deputies : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(story->rows_that_replay_changes(), ""); }

  void begin(const std::shared_ptr<Settings>& settings) {
    story = std::make_unique<Story>(settings);
    opening = story->fire(kCheckout);
  }
  // What went to deputies, and when, up to `until` after now.
  std::map<std::string, Duration> told_until(Duration until) {
    std::map<std::string, Duration> told;
    const TimePoint start = story->now();
    while (story->now() < start + until) {
      story->advance(1min);
      for (const std::string& id : story->intent_ids()) told.try_emplace(id, story->now() - start);
    }
    return told;
  }

  std::unique_ptr<Story> story;
  Effects opening;
};

TEST_F(Deputies, HearOneAfterTheOtherWhileNobodyAnswersAndBeforeEverybody) {
  begin(with_deputies(4min));
  const auto told = told_until(20min);
  EXPECT_EQ(told.at("INC-1.1.deputy-cs-mori"), 4min);
  EXPECT_EQ(told.at("INC-1.1.deputy-cs-dubois"), 8min);
  EXPECT_EQ(told.at("INC-1.1.everybody-1"), 15min);
}

TEST_F(Deputies, AllHearBeforeEverybodyHoweverLongTheConfigurationWaits) {
  begin(with_deputies(1h));
  const auto told = told_until(20min);
  EXPECT_EQ(told.at("INC-1.1.deputy-cs-mori"), 5min);
  EXPECT_EQ(told.at("INC-1.1.deputy-cs-dubois"), 10min);
}

TEST_F(Deputies, HearWhyItComesToThem) {
  begin(with_deputies(4min));
  story->advance(4min - 1s);
  story->restart();
  story->advance(1s);
  ASSERT_THAT(story->intent_ids(), ElementsAre("INC-1.1.deputy-cs-mori"));
  const Delivery& delivery = story->engine().desk().outbox().at("INC-1.1.deputy-cs-mori");
  EXPECT_EQ(delivery.why.en, "hasegawa has not acknowledged yet");
  story->restart();
  story->advance(1min);
  EXPECT_THAT(story->intent_ids(), IsEmpty());  // once
}

TEST_F(Deputies, TheirEditionIsAddressedToThem) {
  begin(with_deputies(4min));
  std::shared_ptr<const Report> report;
  story->advance(4min - 1s);
  const Effects& effects = story->step(TimeReached{story->now() + 1s});
  ASSERT_EQ(effects.intents.size(), 1U);
  const IndividualNote& note = *effects.intents[0].report->individual;
  EXPECT_EQ(note.person, "mori");
  EXPECT_EQ(note.addressee.en, "mori, CS");
  EXPECT_EQ(note.stands_in.en, "hasegawa has not acknowledged yet");
}

TEST_F(Deputies, AnAcknowledgementOfTheSupervisorSparesThem) {
  begin(with_deputies(4min));
  story->act(act::Acknowledge{"INC-1", "hasegawa"});
  for (const auto& [id, when] : told_until(20min)) EXPECT_EQ(id.find("deputy"), std::string::npos) << id;
}

TEST_F(Deputies, WhatADeputyAcknowledgesCountsForTheDepartment) {
  begin(with_deputies(4min));
  story->advance(4min);
  story->act(act::Acknowledge{"INC-1", "sato"});
  story->act(act::Acknowledge{"INC-1", "mori"});
  ASSERT_THAT(story->intent_ids(), ElementsAre("INC-1.1.everybody-1"));
  EXPECT_THAT(told_until(20min), IsEmpty());
}

TEST_F(Deputies, HearAtOnceWhenTheSupervisorCannotBeReached) {
  begin(with_deputies(4min));
  story->advance(1min);
  const std::string lost = "INC-1.1.supervisor-cs-hasegawa";
  story->step(DeliveryStarted{story->now(), lost});
  DeliveryAnswer answer;
  answer.verdict = DeliveryVerdict::give_up;
  answer.reason = DeliveryReason::gone;
  const Effects& effects = story->step(DeliveryAnswered{story->now(), lost, answer});
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.1.deputy-cs-mori");
  EXPECT_EQ(effects.intents[0].delivery.why.en, "hasegawa could not be reached");
}

TEST_F(Deputies, HearWithTheSupervisorWhoIsNotOnDuty) {
  auto settings = with_deputies(4min);
  Rota rota;
  rota.id = "cs-leads";
  rota.role.reset();
  rota.overrides = {{"dubois", *parse_time("2031-05-14T00:00:00Z"), *parse_time("2031-05-14T12:00:00Z")}};
  settings->organisation.rotas = {rota};
  settings->organisation.departments.front().duty = "cs-leads";
  begin(settings);
  EXPECT_THAT(story->incident("INC-1").roles, IsEmpty());  // such a rota gives nobody a role
  EXPECT_THAT(story->intent_ids(), Contains("INC-1.1.supervisor-cs-hasegawa"));
  ASSERT_EQ(opening.intents.back().delivery.id, "INC-1.1.deputy-cs-dubois");
  EXPECT_EQ(opening.intents.back().delivery.why.en, "hasegawa is not on duty now");
  const auto told = told_until(20min);
  EXPECT_EQ(told.at("INC-1.1.deputy-cs-mori"), 4min);
}

TEST_F(Deputies, AJumpOfTheClockTellsThemBeforeEverybody) {
  begin(with_deputies(4min));
  const Effects& effects = story->step(TimeReached{story->now() + 16min});
  std::vector<std::string> ids;
  for (const auto& intent : effects.intents) ids.push_back(intent.delivery.id);
  EXPECT_THAT(ids, ElementsAre("INC-1.1.deputy-cs-mori", "INC-1.1.deputy-cs-dubois", "INC-1.1.everybody-1"));
}

TEST_F(Deputies, AFalseAlarmGoesNoFurther) {
  begin(with_deputies(4min));
  story->act(act::SetStatus{"INC-1", IncidentStatus::false_alarm, ""});
  EXPECT_THAT(told_until(20min), IsEmpty());
}

}  // namespace
}  // namespace iwakan::desk

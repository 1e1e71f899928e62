// Goal: each report names the time of the next, and that time is kept: by people, by what they wrote down, or by
// saying that it was missed. Reports wait for approval where the level wants it, and never for ever.
// Method: stories of events against the engine alone, with a replay of each at the end.
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Promise : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(story->rows_that_replay_changes(), ""); }

  void tell(const std::shared_ptr<Settings>& settings = demo_settings()) {
    story = std::make_unique<Story>(settings);
    story->fire(kCheckout);
    story->act(act::Acknowledge{"INC-1", "hasegawa"});
    story->act(act::Acknowledge{"INC-1", "sato"});
  }
  const Incident& incident() { return story->incident("INC-1"); }
  std::size_t timeline(std::string_view kind) const {
    std::size_t count = 0;
    for (const auto& [key, value] : story->rows()) {
      if (key.first == Table::timeline && value.find(kind) != std::string::npos) ++count;
    }
    return count;
  }

  std::unique_ptr<Story> story;
};

TEST_F(Promise, IsKeptByAPersonsUpdateAndMadeAnew) {
  tell();
  story->advance(20min);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_EQ(story->intent_ids().size(), 3U);
  EXPECT_EQ(incident().promises_kept, 1U);
  EXPECT_EQ(*incident().next_report_at, story->now() + 30min);
}

TEST_F(Promise, IsKeptWithNothingNewWhilePeopleAreAtWork) {
  tell();
  story->advance(5min);
  story->act(act::Note{"INC-1", "restarted the queue", {}}, "fujii");
  story->advance(25min);
  EXPECT_EQ(incident().reports_issued, 2U);
  EXPECT_EQ(incident().promises_kept, 1U);
  EXPECT_EQ(incident().promises_missed, 0U);
}

TEST_F(Promise, IsMissedWhenNobodySaysAnythingAndTheReadersAreTold) {
  tell();
  story->advance(25min);
  EXPECT_EQ(timeline("The time of the next report is near"), 1U);
  story->restart();
  story->advance(5min);
  EXPECT_EQ(incident().promises_missed, 1U);
  EXPECT_EQ(story->intent_ids().size(), 3U);
  EXPECT_EQ(*incident().next_report_at, story->now() + 1h);  // ever more rarely
  story->advance(1h);
  EXPECT_EQ(*incident().next_report_at, story->now() + 2h);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_EQ(*incident().next_report_at, story->now() + 30min);
}

TEST_F(Promise, AJumpOfTheClockIsOneMissAndNoFlood) {
  tell();
  story->act(act::Note{"INC-1", "on it", {}}, "fujii");
  const Effects& effects = story->step(TimeReached{story->now() + 48h});
  EXPECT_EQ(effects.intents.size(), 3U);
  EXPECT_EQ(incident().promises_missed, 1U);
}

TEST_F(Promise, NobodyGetsAReportTwiceAndNewPeopleGetTheNext) {
  tell();
  auto settings = demo_settings();
  Recipient late = settings->organisation.everybody.front();
  late.id = "everybody-2";
  late.address = "#new";
  settings->organisation.everybody.push_back(late);
  story->engine().configure(settings);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.2.everybody-1", "INC-1.2.supervisor-cs-hasegawa",
                                               "INC-1.2.supervisor-dev-sato", "INC-1.2.everybody-2"));
  story->engine().configure(demo_settings());
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_EQ(story->intent_ids().size(), 4U);  // whoever was told goes on being told
  story = std::make_unique<Story>(demo_settings());
}

TEST_F(Promise, ACorrectionIsAVersionOfTheLatestReport) {
  tell();
  const TimePoint promised = *incident().next_report_at;
  EXPECT_TRUE(story->act(act::IssueReport{"INC-1", ReportKind::correction, ""}).refusal);
  const Effects& effects = story->act(act::IssueReport{"INC-1", ReportKind::correction, "61%, not 16%"}, "fujii");
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.1v2.everybody-1", "INC-1.1v2.supervisor-cs-hasegawa",
                                               "INC-1.1v2.supervisor-dev-sato"));
  EXPECT_EQ(effects.intents[0].report->corrects.en, "61%, not 16%");
  EXPECT_EQ(*incident().next_report_at, promised);
  EXPECT_EQ(incident().told.at("everybody-1").version, 2U);
}

// --- approval

std::shared_ptr<Settings> with_approval() {
  auto settings = demo_settings();
  settings->organisation.levels.at(3).approval_within = 3min;
  return settings;
}

TEST_F(Promise, AReportWaitsForApproval) {
  story = std::make_unique<Story>(with_approval());
  story->fire(kCheckout);
  EXPECT_THAT(story->intent_ids(), IsEmpty());
  EXPECT_TRUE(incident().draft);
  EXPECT_TRUE(story->act(act::DeclareRecovery{"INC-1", "x"}, "fujii").refusal);
  story->advance(1min);
  story->act(act::ApproveReport{"INC-1"}, "fujii");
  EXPECT_EQ(story->intent_ids().size(), 2U);
  EXPECT_FALSE(incident().draft);
  EXPECT_TRUE(story->act(act::ApproveReport{"INC-1"}, "fujii").refusal);
}

TEST_F(Promise, NoApprovalIsNoReasonForSilence) {
  story = std::make_unique<Story>(with_approval());
  story->fire(kCheckout);
  story->advance(2min);
  story->restart();
  EXPECT_THAT(story->intent_ids(), IsEmpty());
  story->advance(1min);
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
}

TEST_F(Promise, AFalseAlarmBeforeApprovalTellsNobody) {
  story = std::make_unique<Story>(with_approval());
  story->fire(kCheckout);
  story->act(act::SetStatus{"INC-1", IncidentStatus::false_alarm, ""}, "fujii");
  story->advance(3h);
  EXPECT_TRUE(story->engine().desk().outbox().empty());
}

}  // namespace
}  // namespace iwakan::desk

// Goal: what was told and is wrong is put right at once, to exactly those who were told; the second report says what
// the recovery gate found; and each is told in the edition that is theirs. Method: stories of events against the engine
// alone, with a replay of each at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/reporter.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::Settings;
using engine::testing::demo_settings;
using engine::testing::kCheckout;
using engine::testing::Story;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class Telling : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(story->rows_that_replay_changes(), ""); }

  void begin(const std::shared_ptr<Settings>& settings = demo_settings()) {
    story = std::make_unique<Story>(settings);
    story->fire(kCheckout);
  }
  // Everybody hears when both have read it.
  const Effects& both_have_read() {
    story->act(act::Acknowledge{"INC-1", "hasegawa"});
    return story->act(act::Acknowledge{"INC-1", "sato"});
  }
  void knows(const std::string& what, const char* source = "monitor") {
    story->act(act::AddFact{"INC-1", FactKind::observation, same_in_all(what), same_in_all(source), {}, {}});
  }
  std::vector<std::string> known(const Report& report) {
    std::vector<std::string> all;
    for (const KnownFact& fact : report.known) all.push_back(fact.what.en);
    return all;
  }
  const Incident& incident() { return story->incident("INC-1"); }

  std::unique_ptr<Story> story;
};

// --- alerts

TEST_F(Telling, AlertsThatSayTheSameAreOneLine) {
  begin();
  story->advance(1min);
  for (int pod = 0; pod < 7; ++pod) {
    story->fire({{"alertname", "PodRestarting"}, {"service", "checkout"}, {"pod", std::to_string(pod)}});
  }
  const Effects& effects = both_have_read();
  ASSERT_FALSE(effects.intents.empty());
  const std::vector<std::string> told = known(*effects.intents[0].report);
  EXPECT_THAT(told,
              AllOf(Contains("Alert firing: HighErrorRatio"), Contains("Alert firing: PodRestarting (7 alerts)")));
  EXPECT_THAT(told, Not(Contains(::testing::HasSubstr("more alerts"))));
  EXPECT_EQ(effects.intents[0].report->known[0].source.en, "noticed by iwakan") << "no reader knows a rule by its name";
}

// --- corrections

TEST_F(Telling, AFactThatWasToldIsPutRightAtOnce) {
  begin();
  knows("61% of payments complete");
  both_have_read();
  story->advance(5min);
  const TimePoint promised = *incident().next_report_at;
  const Effects& effects =
      story->act(act::CorrectFact{"INC-1", 1, same_in_all("16% of payments complete"), {}, {}, "misread"});
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.1v2.everybody-1", "INC-1.1v2.supervisor-cs-hasegawa",
                                               "INC-1.1v2.supervisor-dev-sato"));
  const Report& report = *effects.intents[0].report;
  EXPECT_EQ(report.kind, ReportKind::correction);
  EXPECT_EQ(report.corrects.en, "not \"61% of payments complete\" but \"16% of payments complete\"");
  EXPECT_THAT(known(report), AllOf(Contains("16% of payments complete"), Not(Contains("61% of payments complete"))));
  EXPECT_EQ(*incident().next_report_at, promised);
  story->advance(1min);
  const Effects& withdrawn = story->act(act::WithdrawFact{"INC-1", 2, "the monitor is broken"});
  ASSERT_EQ(withdrawn.intents.size(), 3U);
  EXPECT_EQ(withdrawn.intents[0].report->version, 3U);
  EXPECT_EQ(withdrawn.intents[0].report->corrects.en, "withdrawn: \"16% of payments complete\"");
}

TEST_F(Telling, WhatNobodyHasReadIsSimplyRightInTheNextReport) {
  begin();
  both_have_read();
  story->advance(5min);
  knows("61% of payments complete");
  story->advance(1min);
  story->act(act::CorrectFact{"INC-1", 1, same_in_all("16% of payments complete"), {}, {}, ""});
  EXPECT_THAT(story->intent_ids(), IsEmpty());
}

TEST_F(Telling, WhoeverHearsLaterHearsTheFirstReportAsItIsRightByNow) {
  story = std::make_unique<Story>([] {
    auto settings = demo_settings();
    settings->organisation.levels.at(3).approval_within = 3min;
    return settings;
  }());
  story->fire(kCheckout);
  knows("61% of payments complete");
  story->advance(3min);  // nobody approves: the supervisors hear
  EXPECT_EQ(story->intent_ids().size(), 2U);
  story->engine().configure(demo_settings());
  story->act(act::CorrectFact{"INC-1", 1, same_in_all("16% of payments complete"), {}, {}, ""});
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.1v2.supervisor-cs-hasegawa", "INC-1.1v2.supervisor-dev-sato"));
  const Effects& effects = both_have_read();
  ASSERT_THAT(story->intent_ids(), ElementsAre("INC-1.1v2.everybody-1"));
  EXPECT_EQ(effects.intents[0].report->kind, ReportKind::first);
  EXPECT_TRUE(effects.intents[0].report->corrects.empty());
  EXPECT_THAT(known(*effects.intents[0].report), Contains("16% of payments complete"));
  story = std::make_unique<Story>(demo_settings());  // the journal does not hold the other configuration
}

TEST_F(Telling, WhoeverHearsForTheFirstTimeHearsAFirstReportWhateverWentBefore) {
  begin();
  knows("61% of payments complete");
  story->advance(2min);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.2.supervisor-cs-hasegawa", "INC-1.2.supervisor-dev-sato"));
  story->advance(1min);
  const Effects nothing_new = story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  EXPECT_TRUE(nothing_new.intents.at(0).report->previous_at) << "to the supervisors it is short";
  story->act(act::CorrectFact{"INC-1", 1, same_in_all("16% of payments complete"), {}, {}, ""});
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.3v2.supervisor-cs-hasegawa", "INC-1.3v2.supervisor-dev-sato"));
  const Effects effects = story->step(TimeReached{story->now() + 12min});
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.3v2.everybody-1");
  const Report& report = *effects.intents[0].report;
  EXPECT_EQ(report.kind, ReportKind::first);
  EXPECT_FALSE(report.previous_at);
  EXPECT_TRUE(report.corrects.empty());
  EXPECT_TRUE(report.may_mention);
  EXPECT_EQ(report.unconfirmed.size(), 2U);
  EXPECT_THAT(known(report), Contains("16% of payments complete"));
  EXPECT_TRUE(std::none_of(report.known.begin(), report.known.end(), [](const KnownFact& fact) { return fact.fresh; }));
}

TEST_F(Telling, ASupervisorsDeputyBeginsWithAFirstReportToo) {
  auto settings = demo_settings();
  Department& cs = settings->organisation.departments.front();
  Recipient mori;
  mori.id = "deputy-cs-mori";
  mori.person = "mori";
  mori.sink = "mail";
  mori.languages = {"ja"};
  cs.deputies = {{"mori", same_in_all("mori"), {mori}}};
  cs.deputies_after = 5min;
  begin(settings);
  story->advance(2min);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  const Effects effects = story->step(TimeReached{story->now() + 3min});
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.2.deputy-cs-mori");
  EXPECT_EQ(effects.intents[0].report->kind, ReportKind::first);
}

TEST_F(Telling, WhoJoinsLaterBeginsWithAFirstReport) {
  begin();
  both_have_read();
  auto grown = demo_settings();
  Recipient store = grown->organisation.everybody.front();
  store.id = "everybody-2";
  store.address = "#store";
  grown->organisation.everybody.push_back(store);
  story->engine().configure(grown);
  story->advance(1min);
  const Effects effects = story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  std::map<std::string, ReportKind> kinds;
  for (const auto& intent : effects.intents) kinds[intent.delivery.recipient.id] = intent.report->kind;
  EXPECT_EQ(kinds["everybody-1"], ReportKind::update);
  EXPECT_EQ(kinds["everybody-2"], ReportKind::first);
  EXPECT_FALSE(effects.intents.back().report->may_mention) << "nobody is called for a second time";
  story->restart();
  EXPECT_EQ(story->engine().desk().outbox().at("INC-1.2.everybody-2").edition, "joined");
  story = std::make_unique<Story>(demo_settings());  // the journal does not hold the other configuration
}

TEST_F(Telling, ACorrectionOfASecondReportHasItsOutcomeEachTime) {
  begin();
  knows("61% of payments complete");
  both_have_read();
  story->advance(1min);
  story->act(act::IssueReport{"INC-1", ReportKind::second, ""});
  story->advance(1min);
  for (std::uint32_t fact = 1; fact <= 2; ++fact) {
    const Effects& effects = story->act(act::CorrectFact{"INC-1", fact, same_in_all("16%"), {}, {}, ""});
    ASSERT_EQ(effects.intents.size(), 3U);
    EXPECT_EQ(effects.intents[0].report->kind, ReportKind::correction);
    EXPECT_TRUE(effects.intents[0].report->outcome);
    EXPECT_EQ(incident().reported->kind, ReportKind::second);
    story->advance(1min);
  }
}

TEST_F(Telling, ACorrectionGoesWithTheReportThatWaitsForApproval) {
  auto settings = demo_settings();
  settings->organisation.levels.at(3).approval_within = 3min;
  begin(settings);
  story->advance(3min);
  knows("61%");
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  story->act(act::ApproveReport{"INC-1"});
  story->advance(1min);
  story->act(act::IssueReport{"INC-1", ReportKind::second, ""});
  story->act(act::CorrectFact{"INC-1", 1, same_in_all("16%"), {}, {}, ""});
  EXPECT_EQ(incident().draft->kind, ReportKind::second);
  const Effects& effects = story->act(act::ApproveReport{"INC-1"});
  EXPECT_EQ(effects.intents.at(0).report->kind, ReportKind::second);
  EXPECT_EQ(effects.intents.at(0).report->corrects.en, "not \"61%\" but \"16%\"");
}

TEST_F(Telling, ACorrectionThatWaitsWhenThePromiseIsDueGoesWithTheUpdate) {
  auto settings = demo_settings();
  settings->organisation.levels.at(3).approval_within = 10min;
  begin(settings);
  story->act(act::ApproveReport{"INC-1"});
  both_have_read();
  knows("61%");
  story->advance(1min);
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  story->act(act::ApproveReport{"INC-1"});
  story->advance(25min);
  story->act(act::CorrectFact{"INC-1", 1, same_in_all("16%"), {}, {}, ""});
  ASSERT_TRUE(incident().draft);
  story->advance(5min);
  EXPECT_EQ(incident().reports_issued, 3U);
  EXPECT_FALSE(incident().draft);
  EXPECT_EQ(*incident().next_report_at, story->now() + 30min);
}

TEST_F(Telling, HowTheImpactIsNoticedIsAFact) {
  begin();
  story->act(act::SetImpact{"INC-1", Impact::confirmed, "orders fail"}, "hasegawa");
  const Effects& effects = both_have_read();
  const KnownFact& first = effects.intents.at(0).report->known.at(0);
  EXPECT_EQ(first.what.en, "Customers are affected: orders fail");
  EXPECT_EQ(first.kind, FactKind::impact);
  EXPECT_EQ(first.source.en, "hasegawa");
}

// --- the outcome

TEST_F(Telling, TheSecondReportNamesWhatIsMissingForRecoveryAndThenItsGrounds) {
  begin();
  both_have_read();
  story->advance(5min);
  const Effects open = story->act(act::IssueReport{"INC-1", ReportKind::second, ""});
  const Outcome missing = *open.intents.at(0).report->outcome;
  EXPECT_FALSE(missing.recovered);
  EXPECT_THAT(missing.grounds, IsEmpty());
  EXPECT_EQ(missing.conditions.at(0).en, "every alert of the monitoring is confirmed to have resolved (1 firing now)");
  EXPECT_EQ(missing.conditions.at(1).en, "no alert changes for 30 min (5 min so far)");
  story->resolve(kCheckout, story->now() - 5min);
  story->advance(30min);
  const Effects over = story->act(act::DeclareRecovery{"INC-1", ""}, "fujii");
  ASSERT_FALSE(over.refusal) << over.refusal->detail;
  const Outcome& declared = *over.intents.at(0).report->outcome;
  EXPECT_TRUE(declared.recovered);
  EXPECT_THAT(declared.conditions, IsEmpty());
  EXPECT_EQ(declared.grounds.back().en, "Decided by fujii");
}

// --- editions

TEST_F(Telling, EachIsToldInTheEditionThatIsTheirs) {
  auto settings = demo_settings();
  Organisation& organisation = settings->organisation;
  const auto recipient = [](const std::string& id, const std::string& edition) {
    Recipient one;
    one.id = id;
    one.sink = "mail";
    one.languages = {"en"};
    one.edition = edition;
    return one;
  };
  organisation.groups.push_back(
      {"management", {"経営", "Management"}, {recipient("group-management-1", "management")}});
  organisation.departments.front().rooms = {recipient("room-cs-1", "department.cs")};
  auto& waves = organisation.levels.at(3).waves;
  waves.insert(waves.end() - 1, {"management", 15min});
  begin(settings);
  const Effects everybody = both_have_read();
  std::map<std::string, Audience> audiences;
  for (const auto& intent : everybody.intents) audiences[intent.delivery.recipient.id] = intent.report->audience;
  EXPECT_EQ(audiences["group-management-1"], Audience::management);
  EXPECT_EQ(audiences["room-cs-1"], Audience::department);
  EXPECT_EQ(audiences["everybody-1"], Audience::everybody);
  story->restart();  // each delivery finds its own edition again
  for (const auto& [id, delivery] : story->engine().desk().outbox()) EXPECT_FALSE(delivery.edition.empty()) << id;
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  EXPECT_THAT(story->intent_ids(), Contains("INC-1.2.room-cs-1"));
}

// --- levels

TEST_F(Telling, ALevelMayAskOtherThingsOfADepartment) {
  auto settings = demo_settings();
  settings->organisation.levels.at(3).asks["cs"] = same_in_all("offer payment at a store");
  begin(settings);
  const Effects& effects = both_have_read();
  const std::vector<Ask>& asks = effects.intents.at(0).report->asks;
  EXPECT_EQ(asks.at(0).what.en, "offer payment at a store");
  EXPECT_EQ(asks.at(1).what.en, "please stand by");
}

TEST_F(Telling, OnlyTheFirstReportToEverybodyMayCallPeopleAndOnlyAtSuchALevel) {
  begin();
  const Effects everybody = both_have_read();
  EXPECT_TRUE(everybody.intents.at(0).report->may_mention);
  const Effects update = story->act(act::IssueReport{"INC-1", ReportKind::update, ""});
  for (const auto& intent : update.intents) EXPECT_FALSE(intent.report->may_mention);
  auto settings = demo_settings();
  settings->organisation.levels.at(3).may_mention = false;
  begin(settings);
  EXPECT_FALSE(both_have_read().intents.at(0).report->may_mention);
}

}  // namespace
}  // namespace iwakan::desk

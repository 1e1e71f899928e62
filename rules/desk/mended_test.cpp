// Goal: what the plots of tests/simulation found stays mended: each fault once more, in a short story.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/houses.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::testing::demo_settings;
using engine::testing::houses;
using engine::testing::kCheckout;
using engine::testing::Labels;
using engine::testing::refusal;
using engine::testing::Story;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Labels kMailer{{"alertname", "QueueGrowing"}, {"service", "mailer"}, {"severity", "critical"}};
const Labels kMajor{{"alertname", "Slow"}, {"service", "search"}, {"severity", "major"}};

bool timeline_names(const Story& story, const std::string& actor, const std::string& words) {
  return std::any_of(story.rows().begin(), story.rows().end(), [&](const auto& row) {
    return row.first.first == Table::timeline && row.second.find(actor) != std::string::npos &&
           row.second.find(words) != std::string::npos;
  });
}

TEST(Mended, ASecondAttemptUnderWayWhenTheProcessEndedMayHaveArrivedToo) {
  Story story(demo_settings());
  story.fire(kCheckout);
  const std::string delivery = "INC-1.1.supervisor-cs-hasegawa";
  DeliveryAnswer busy;
  busy.verdict = DeliveryVerdict::retry_later;
  busy.reason = DeliveryReason::rate_limited;
  story.step(DeliveryStarted{story.now(), delivery});
  story.step(DeliveryAnswered{story.now(), delivery, busy});
  story.restart();
  EXPECT_FALSE(story.engine().desk().outbox().at(delivery).maybe_sent);
  story.step(DeliveryStarted{story.now(), delivery});
  story.restart();
  EXPECT_TRUE(story.engine().desk().outbox().at(delivery).maybe_sent);
}

TEST(Mended, AFactEndsAfterItBeganAndIsOfThePast) {
  Story story(demo_settings());
  story.fire(kCheckout);
  const TimePoint now = story.now();
  const auto fact = [&](std::optional<TimePoint> since, std::optional<TimePoint> at) {
    return refusal(story.act(act::AddFact{"INC-1", FactKind::impact, same_in_all("x"), same_in_all("CS"), since, at}));
  };
  EXPECT_THAT(fact(now + 1min, {}), HasSubstr("ended"));
  EXPECT_THAT(fact(now - 1min, now - 2min), HasSubstr("ended"));
  EXPECT_EQ(fact(now - 2min, now - 1min), "");
  EXPECT_THAT(refusal(story.act(act::CorrectFact{"INC-1", 1, same_in_all("y"), {}, now + 1min, ""})),
              HasSubstr("of the past"));
  EXPECT_EQ(refusal(story.act(act::CorrectFact{"INC-1", 1, same_in_all("y"), {}, now - 5min, ""})), "");
  EXPECT_EQ(story.incident("INC-1").facts.at(1).since, now - 5min);
}

TEST(Mended, WhoSendsAReportStandsInTheTimeline) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_TRUE(timeline_names(story, "fujii", "Update goes to"));
}

TEST(Mended, AWatchThatWasLetGoComesBackAsAnIncidentOfTheDefaultLevel) {
  Story story(demo_settings());
  story.act(act::Hunch{"checkout", "pages feel slow"});
  story.act(act::SetStatus{"INC-1", IncidentStatus::false_alarm, "a test"});
  EXPECT_EQ(refusal(story.act(act::Reopen{"INC-1", "it is none"})), "");
  EXPECT_EQ(story.incident("INC-1").level, 2);
  EXPECT_EQ(story.incident("INC-1").next_report_at, story.now() + 60min);
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Mended, WhatPeopleAskedDuringAWatchIsStillAsked) {
  Story story(demo_settings());
  story.act(act::Hunch{"checkout", "pages feel slow"});
  story.act(act::AddUnknown{"INC-1", same_in_all("is it the new release"), same_in_all("Sato"), {}});
  story.act(act::SetImpact{"INC-1", Impact::possible, ""});
  const auto& unknowns = story.incident("INC-1").unknowns;
  const auto asked = [](const Unknown& unknown) { return unknown.what.en == "is it the new release"; };
  EXPECT_TRUE(std::any_of(unknowns.begin(), unknowns.end(), asked));
  EXPECT_EQ(unknowns.size(), 4U);
}

TEST(Mended, MergingLosesNoQuestionAndGivesEachItsOwnName) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.fire(kMailer);
  story.act(act::AddUnknown{"INC-1", same_in_all("one"), same_in_all("Sato"), {}});
  story.act(act::AddUnknown{"INC-2", same_in_all("other"), same_in_all("Sato"), {}});
  story.act(act::Merge{"INC-2", "INC-1", ""});
  story.act(act::AddUnknown{"INC-1", same_in_all("third"), same_in_all("Sato"), {}});
  std::map<std::string, std::string> by_id;
  for (const Unknown& unknown : story.incident("INC-1").unknowns) by_id[unknown.id] = unknown.what.en;
  EXPECT_EQ(by_id.size(), story.incident("INC-1").unknowns.size());
  EXPECT_EQ(by_id.at("u4"), "one");
  EXPECT_EQ(by_id.at("u5"), "other");
  EXPECT_EQ(by_id.at("u6"), "third");
}

TEST(Mended, MergingLeavesOneCommanderAndTheContactInPeace) {
  Story story(houses().at(0));
  story.fire(kCheckout);
  story.fire(kMailer);
  story.act(act::AssignRole{"INC-1", RoleKind::command, "sato", ""});
  story.act(act::AssignRole{"INC-2", RoleKind::command, "kato", ""});
  story.act(act::ReleaseRole{"INC-2", RoleKind::contact, "mori"});
  story.act(act::AssignRole{"INC-2", RoleKind::hands_on, "mori", ""});
  story.act(act::Merge{"INC-2", "INC-1", ""});
  std::multimap<RoleKind, std::string> roles;
  for (const RoleHolder& holder : story.incident("INC-1").roles) roles.emplace(holder.kind, holder.person);
  EXPECT_EQ(roles.count(RoleKind::command), 1U);
  EXPECT_EQ(roles.find(RoleKind::command)->second, "sato");
  EXPECT_THAT(roles, Not(Contains(std::pair(RoleKind::hands_on, std::string("mori")))));
}

// House 1 wants approval at level 2.
TEST(Mended, TheEndWaitingForApprovalIsNotPutOffByAnUpdate) {
  Story story(houses().at(1));
  story.fire(kMajor);
  story.act(act::ApproveReport{"INC-1"});
  story.act(act::DeclareRecovery{"INC-1", "it was a test"}, "fujii");
  story.advance(1min);
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  story.advance(2min);
  const Incident& incident = story.incident("INC-1");
  EXPECT_EQ(incident.reports_issued, 2U);
  EXPECT_FALSE(incident.draft);
  EXPECT_TRUE(story.engine().desk().outbox().contains("INC-1.2.supervisor-cs-hasegawa"));
}

TEST(Mended, WhatIsPutRightStaysSaidWhateverElseWaitsForApproval) {
  Story story(houses().at(1));
  story.fire(kMajor);
  story.act(act::ApproveReport{"INC-1"});
  story.act(act::IssueReport{"INC-1", ReportKind::correction, "not 10 but 12"}, "fujii");
  story.advance(1min);
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_EQ(story.incident("INC-1").draft->corrects.en, "not 10 but 12");
  story.act(act::IssueReport{"INC-1", ReportKind::correction, "not Monday"}, "fujii");
  EXPECT_EQ(story.incident("INC-1").draft->corrects.en, "not 10 but 12 / not Monday");
  EXPECT_EQ(story.incident("INC-1").draft->kind, ReportKind::update);
  story.advance(2min);
  EXPECT_EQ(story.incident("INC-1").reports_issued, 2U);
}

TEST(Mended, WhatNobodyHasBeenToldOfTakesNobodyIn) {
  Story story(houses().at(1));
  story.fire(kCheckout);  // level 3 wants no approval there
  story.fire(kMajor);
  EXPECT_THAT(refusal(story.act(act::Merge{"INC-1", "INC-2", ""})), HasSubstr("merge it into INC-1"));
  EXPECT_EQ(refusal(story.act(act::Merge{"INC-2", "INC-1", ""})), "");
}

// A sender whose clock is ahead by two minutes.
TEST(Mended, AnEpisodeThatBeginsInTheFutureCountsOnce) {
  Story story(demo_settings());
  EXPECT_EQ(story.fire(kCheckout, -2min).transitions, 1U);
  story.advance(30s);
  EXPECT_EQ(story.fire(kCheckout, -90s).transitions, 0U);
  story.step(SourceWithdrawn{story.now(), "alertmanager", ""});
  story.advance(30s);
  story.fire(kCheckout, -60s);
  const std::vector<Member>& members = story.incident("INC-1").members;
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].state, MemberState::firing);
  EXPECT_FALSE(timeline_names(story, "alertmanager", "Alert fired anew"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Mended, ADeclarationWithoutATitleSaysWhatIsTheMatter) {
  Story story(demo_settings());
  story.act(act::Declare{"checkout", "", Impact::possible, 0});
  EXPECT_EQ(story.incident("INC-1").title.en, "checkout: customers may be affected");
  EXPECT_THAT(refusal(story.act(act::Declare{"", "x", Impact::possible, 0})), HasSubstr("may be broken"));
  EXPECT_THAT(refusal(story.act(act::Hunch{"", "x"})), HasSubstr("feels off"));
}

TEST(Mended, AnImpactThatWasTakenBackNoLongerStandsAsImpact) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::SetImpact{"INC-1", Impact::unknown, "nobody can say"});
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""});
  const auto outbox = story.engine().desk().outbox();
  EXPECT_TRUE(outbox.contains("INC-1.2.supervisor-cs-hasegawa"));  // and the story has looked at the report
}

// Level 1 knows no management; at level 3 it hears within fifteen minutes.
TEST(Mended, MergingWhatIsWorsePlansTheWavesAnew) {
  Story story(houses().at(0));
  story.act(act::Declare{"checkout", "x", Impact::possible, 1});
  story.act(act::Acknowledge{"INC-1", "hasegawa"});
  story.act(act::Acknowledge{"INC-1", "sato"});
  story.act(act::Declare{"mailer", "y", Impact::possible, 3});
  story.act(act::Merge{"INC-2", "INC-1", ""});
  EXPECT_TRUE(story.engine().desk().outbox().contains("INC-1.2.group-management-1"));
  EXPECT_EQ(story.incident("INC-1").reports_issued, 2U);
}

TEST(Mended, WhatIsRefusedCountsAsNoWork) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::SetLevel{"INC-1", 2, ""});
  EXPECT_EQ(story.incident("INC-1").judgement, Judgement::none);
}

TEST(Mended, WhoAsksForAReportThatWaitsStandsInTheTimeline) {
  Story story(houses().at(1));
  story.fire(kMajor);
  story.act(act::ApproveReport{"INC-1"}, "kato");
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  EXPECT_TRUE(timeline_names(story, "fujii", "waits for approval"));
}

// House 1 has a department more.
TEST(Mended, ASupervisorWhoIsNewHearsBeforeEverybody) {
  Story story(houses().at(2));
  story.fire(kCheckout);
  story.act(act::ApproveReport{"INC-1"});
  story.engine().configure(houses().at(1));
  story.step(ConfigurationReplaced{story.now(), "another"});
  story.advance(15min);
  EXPECT_THAT(story.intent_ids(),
              ElementsAre("INC-1.1.supervisor-ops-mori", "INC-1.1.everybody-1", "INC-1.1.everybody-2"));
}

// Nobody was woken when the promised time came: a suspended machine.
TEST(Mended, ACorrectionAfterALongStopPromisesATimeToCome) {
  Story story(demo_settings());
  story.fire(kCheckout);
  PersonActed acted{story.now() + 4h, "fujii", act::IssueReport{"INC-1", ReportKind::correction, "not 10 but 12"}};
  story.step(acted);
  EXPECT_EQ(story.incident("INC-1").next_report_at, acted.at + 30min);
  EXPECT_EQ(story.incident("INC-1").promises_missed, 1U);
}

TEST(Mended, AFalseAlarmThatWaitsForApprovalPromisesNothing) {
  Story story(houses().at(1));
  story.fire(kMajor);
  story.act(act::ApproveReport{"INC-1"});
  story.act(act::SetStatus{"INC-1", IncidentStatus::false_alarm, "a test"});
  EXPECT_TRUE(story.incident("INC-1").draft);
  EXPECT_FALSE(story.incident("INC-1").next_report_at);
  story.act(act::Judge{"INC-1", Judgement::none, ""});
  story.act(act::ApproveReport{"INC-1"});
  EXPECT_EQ(story.incident("INC-1").due.at(Due::promise), story.now() + 60min);
}

TEST(Mended, ARoleIsHeldBySomebody) {
  Story story(demo_settings());
  story.fire(kCheckout);
  EXPECT_THAT(refusal(story.act(act::AssignRole{"INC-1", RoleKind::contact, "", ""})), HasSubstr("say who"));
  EXPECT_THAT(refusal(story.act(act::HandOver{"INC-1", ""})), HasSubstr("say who"));
}

// Known to the configuration when they took the one role, and no longer when they take the other.
TEST(Mended, TheContactStaysInPeaceWhenTheConfigurationForgetsThem) {
  Story story(houses().at(0));
  story.fire(kCheckout);
  story.engine().configure(houses().at(3));
  EXPECT_THAT(refusal(story.act(act::AssignRole{"INC-1", RoleKind::hands_on, "mori", ""})),
              HasSubstr("takes the questions"));
}

TEST(Mended, WhoAskedInSomebodysNameStandsInTheTimeline) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::AskQuestion{"INC-1", "kato", "when will it be over", true}, "fujii");
  EXPECT_TRUE(timeline_names(story, "fujii", "when will it be over (kato)"));
}

// The first alert ever is one that was held back, which counts for no frequency.
TEST(Mended, WhatARuleSawFirstIsKept) {
  Story story(houses().at(0));
  Silence silence;
  silence.conditions = {{"service", "checkout", false, false}};
  silence.starts_at = story.now();
  silence.ends_at = story.now() + 1h;
  story.act(act::SetSilence{silence, "known"});
  story.fire(kCheckout);
  story.act(act::ExpireSilence{"known"});
  story.restart();
  story.advance(5s);
  story.fire(kMajor);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

// Mori is a deputy in house 0, and a supervisor in house 1.
TEST(Mended, WhoIsReachedByTwoNamesHearsOnce) {
  Story story(houses().at(0));
  story.fire(kCheckout);
  story.advance(5min);
  ASSERT_TRUE(story.incident("INC-1").told.contains("deputy-dev-mori"));
  story.engine().configure(houses().at(1));
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  const auto ids = story.intent_ids();
  EXPECT_EQ(std::count_if(ids.begin(), ids.end(), [](const std::string& id) { return id.find("mori") != id.npos; }), 1);
}

// The machine slept past the promise: nobody is reminded of what comes now, and deputies hear nothing stale.
TEST(Mended, AfterALongStopNobodyIsAskedForWhatIsOver) {
  Story story(houses().at(0));
  story.fire(kCheckout);
  story.act(act::Hunch{"mailer", "slow"});
  const TimePoint woken = story.now() + 4h;
  const Effects effects = story.engine().step(TimeReached{woken});
  for (const engine::Intent& intent : effects.intents) {
    if (intent.report->next_report_at) {
      EXPECT_GT(*intent.report->next_report_at, woken) << intent.delivery.id;
    }
    if (intent.report->individual) {
      EXPECT_GE(intent.report->individual->everybody_at, woken) << intent.delivery.id;
    }
    EXPECT_FALSE(intent.report->notice && intent.report->notice->kind == NoticeKind::report_due);
  }
  EXPECT_FALSE(effects.intents.empty());
}

TEST(Mended, WhoIsNewAndHasTheLatestReportByAnotherNameHearsNothingTwice) {
  Story story(houses().at(0));
  story.act(act::Declare{"checkout", "x", Impact::possible, 1});
  story.advance(5min);  // the deputy has heard
  story.act(act::IssueReport{"INC-1", ReportKind::update, ""}, "fujii");
  ASSERT_TRUE(story.incident("INC-1").told.contains("deputy-dev-mori"));
  story.engine().configure(houses().at(1));
  story.step(ConfigurationReplaced{story.now(), "another"});
  story.advance(55min);
  EXPECT_TRUE(story.incident("INC-1").told.contains("supervisor-ops-mori"));
  EXPECT_FALSE(story.engine().desk().outbox().contains("INC-1.2.supervisor-ops-mori"));
}

TEST(Mended, AQuestionThatWaitsGetsItsRoundWhenTheIncidentIsReopened) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::AskQuestion{"INC-1", "kato", "is the shop in Osaka open", true}, "fujii");
  story.act(act::Judge{"INC-1", Judgement::dismissed, "a test"});
  story.act(act::Reopen{"INC-1", ""});
  EXPECT_TRUE(story.incident("INC-1").due.contains(Due::questions));
}

// What was merged was worked on: the budget hears of that at once, and not when an act is refused.
TEST(Mended, WhatIsRefusedWritesNothingAfterAMerge) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.fire(kMailer);
  story.act(act::Merge{"INC-1", "INC-2", ""});
  const Effects refused = story.act(act::IssueReport{"INC-1", ReportKind::update, ""});
  EXPECT_TRUE(refused.refusal);
  EXPECT_FALSE(refused.writes());
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Mended, ASubjectWithALongNameHasOneHomeToo) {
  Story story(demo_settings());
  const std::string subject(1'000, 'a');
  story.act(act::Hunch{subject, "it is slow"});
  EXPECT_THAT(refusal(story.act(act::Declare{subject, "it is slow", Impact::possible, 0})), HasSubstr("INC-1"));
}

// What was taken for nothing is reopened, and the report that says so waits for approval in house 1.
TEST(Mended, WhoHearsForTheFirstTimeIsPromisedTheNextReport) {
  Story story(houses().at(0));
  story.fire(kMajor);
  story.act(act::Judge{"INC-1", Judgement::dismissed, "a test"});
  story.engine().configure(houses().at(1));
  story.act(act::Reopen{"INC-1", "it was none"});
  story.act(act::Acknowledge{"INC-1", "hasegawa"});
  const Effects effects = story.act(act::Acknowledge{"INC-1", "mori"});
  ASSERT_FALSE(effects.intents.empty());
  EXPECT_EQ(effects.intents.front().report->kind, ReportKind::first);
  EXPECT_TRUE(effects.intents.front().report->next_report_at);
}

}  // namespace
}  // namespace iwakan::desk

// Goal: an incident lives as the practice has it: felt, opened, moved, merged, split, recovered on evidence,
// reopened; and what is not possible is refused with a sentence that says what is.
// Method: stories of events against the engine alone, with a replay of each at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::testing::demo_settings;
using engine::testing::kCheckout;
using engine::testing::Labels;
using engine::testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Labels kQueue{{"alertname", "QueueGrowing"}, {"service", "mailer"}, {"severity", "critical"}};
const Labels kSlow{{"alertname", "Slow"}, {"service", "checkout"}};

class Life : public ::testing::Test {
 protected:
  Story story{demo_settings()};

  void TearDown() override { EXPECT_EQ(story.rows_that_replay_changes(), ""); }

  const Incident& first() { return story.incident("INC-1"); }
  std::string act(Act what, std::string actor = "fujii") {
    last = story.act(std::move(what), std::move(actor));
    EXPECT_FALSE(last.refusal && last.writes());
    return engine::testing::refusal(last);
  }
  void open_and_tell_everybody() {
    story.fire(kCheckout);
    story.act(act::Acknowledge{"INC-1", "hasegawa"});
    story.act(act::Acknowledge{"INC-1", "sato"});
  }
  const Report& sent_last() { return *last.intents.back().report; }

  Effects last;
};

// --- a watch

TEST_F(Life, AHunchIsWatchedAndTellsNobody) {
  story.fire(kSlow);
  EXPECT_EQ(act(act::Hunch{"checkout", "pages feel slow"}), "");
  EXPECT_EQ(first().status, IncidentStatus::watch);
  EXPECT_EQ(first().level, 0);
  EXPECT_EQ(first().members.size(), 1U);  // what fires there is lined up
  EXPECT_EQ(first().unknowns.size(), 3U);
  EXPECT_THAT(last.intents, IsEmpty());
  EXPECT_THAT(act(act::Hunch{"checkout", "again"}), HasSubstr("INC-1"));
}

TEST_F(Life, WithoutAnAnswerInTimeAWatchOpensAtLevelOne) {
  act(act::Hunch{"checkout", "pages feel slow"});
  story.advance(10min - 1s);
  EXPECT_EQ(first().status, IncidentStatus::watch);
  story.restart();
  story.advance(1s);
  EXPECT_EQ(first().status, IncidentStatus::open);
  EXPECT_EQ(first().level, 1);
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
}

TEST_F(Life, PossibleImpactOpensAWatch) {
  act(act::Hunch{"checkout", "pages feel slow"});
  act(act::SetImpact{"INC-1", Impact::possible, "two calls"});
  EXPECT_EQ(first().status, IncidentStatus::open);
  EXPECT_EQ(first().level, 2);
  ASSERT_EQ(last.intents.size(), 2U);
  const std::vector<KnownFact>& known = sent_last().known;
  const auto hunch =
      std::find_if(known.begin(), known.end(), [](const KnownFact& fact) { return fact.what.en == "pages feel slow"; });
  ASSERT_NE(hunch, known.end());
  EXPECT_EQ(hunch->source.en, "fujii");
  act(act::Hunch{"mailer", "mails come late"}, std::string(kNobody));
  EXPECT_EQ(story.incident("INC-2").decision.evidence.front().source.en, "somebody's observation");
}

TEST_F(Life, NoImpactEndsAWatchSilentlyAndKeepsIt) {
  act(act::Hunch{"checkout", "pages feel slow"});
  EXPECT_THAT(act(act::SetStatus{"INC-1", IncidentStatus::closed, ""}), HasSubstr("none_confirmed"));
  act(act::SetImpact{"INC-1", Impact::none_confirmed, "asked CS"});
  EXPECT_EQ(first().status, IncidentStatus::closed);
  story.advance(2h);
  EXPECT_TRUE(story.engine().desk().outbox().empty());
  EXPECT_EQ(story.engine().desk().live_incident("checkout"), nullptr);
  EXPECT_THAT(act(act::Reopen{"INC-1", ""}), HasSubstr("came to nothing"));
}

TEST_F(Life, AnAlertThatOpensTurnsTheWatchIntoTheIncident) {
  act(act::Hunch{"checkout", "pages feel slow"});
  story.advance(1min);
  story.fire(kSlow);
  EXPECT_EQ(first().status, IncidentStatus::watch);
  EXPECT_EQ(first().members.size(), 1U);
  story.fire(kCheckout);
  EXPECT_EQ(first().status, IncidentStatus::open);
  EXPECT_EQ(first().level, 3);
  EXPECT_EQ(story.intent_ids().size(), 2U);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
}

// --- moves

TEST_F(Life, IllegalMovesSayWhatIsPossible) {
  open_and_tell_everybody();
  EXPECT_THAT(act(act::SetStatus{"INC-1", IncidentStatus::closed, "x"}), HasSubstr("identified, mitigated, recovered"));
  EXPECT_THAT(act(act::SetStatus{"INC-1", IncidentStatus::merged, ""}), HasSubstr("cannot become merged"));
  EXPECT_THAT(act(act::Reopen{"INC-1", ""}), HasSubstr("is open"));
  act(act::SetStatus{"INC-1", IncidentStatus::identified, "a full table"});
  act(act::SetStatus{"INC-1", IncidentStatus::mitigated, ""});
  EXPECT_EQ(first().reached.size(), 3U);
  act(act::DeclareRecovery{"INC-1", "checked by hand"});
  EXPECT_THAT(act(act::SetStatus{"INC-1", IncidentStatus::mitigated, ""}), HasSubstr("can become: open, closed"));
  EXPECT_THAT(act(act::SetStatus{"INC-1", IncidentStatus::closed, ""}), HasSubstr("what remains"));
  EXPECT_EQ(act(act::SetStatus{"INC-1", IncidentStatus::closed, "nothing left"}), "");
}

TEST_F(Life, AFalseAlarmIsToldToThoseWhoHeardAndToNobodyElse) {
  story.fire(kCheckout);
  act(act::SetStatus{"INC-1", IncidentStatus::false_alarm, "a test"});
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.2.supervisor-cs-hasegawa", "INC-1.2.supervisor-dev-sato"));
  EXPECT_FALSE(sent_last().next_report_at);
  story.advance(3h);
  EXPECT_EQ(story.engine().desk().outbox().size(), 4U);
  act(act::Judge{"INC-1", Judgement::none, ""});  // taken back
  EXPECT_EQ(first().status, IncidentStatus::open);
}

// --- levels

TEST_F(Life, RaisingIsAtOncePlansTheWavesAnewAndSaysSo) {
  act(act::Declare{"payments", "Card payments fail", Impact::possible, 1});
  story.advance(20min);
  EXPECT_EQ(story.engine().desk().outbox().size(), 2U);
  act(act::SetLevel{"INC-1", 3, "money is involved"});
  // Fifteen minutes are over: everybody hears now, and the supervisors hear of the change.
  EXPECT_THAT(story.intent_ids(),
              ElementsAre("INC-1.2.supervisor-cs-hasegawa", "INC-1.2.supervisor-dev-sato", "INC-1.2.everybody-1"));
  EXPECT_EQ(sent_last().level, 3);
  EXPECT_EQ(*first().next_report_at, story.now() + 30min);
}

TEST_F(Life, LoweringWantsAReasonAndTellsNobodyByItself) {
  open_and_tell_everybody();
  EXPECT_THAT(act(act::SetLevel{"INC-1", 2, ""}), HasSubstr("reason"));
  const TimePoint promised = *first().next_report_at;
  EXPECT_EQ(act(act::SetLevel{"INC-1", 2, "few customers"}), "");
  EXPECT_EQ(first().level, 2);
  EXPECT_EQ(*first().next_report_at, promised);
  EXPECT_THAT(last.intents, IsEmpty());
  EXPECT_THAT(act(act::SetLevel{"INC-1", 7, ""}), HasSubstr("levels 1, 2, 3"));
}

// --- recovery

TEST_F(Life, RecoveryIsDeclaredOnEvidenceAndToldToThoseWhoWereTold) {
  open_and_tell_everybody();
  const TimePoint began = story.now();
  EXPECT_THAT(act(act::DeclareRecovery{"INC-1", ""}), HasSubstr("HighErrorRatio resolves (it is firing)"));
  story.advance(5min);
  story.resolve(kCheckout, began);
  EXPECT_THAT(act(act::DeclareRecovery{"INC-1", ""}), HasSubstr("30 min"));
  story.advance(30min);
  EXPECT_THAT(act(act::DeclareRecovery{"INC-1", ""}, std::string(kNobody)), HasSubstr("named person"));
  EXPECT_EQ(act(act::DeclareRecovery{"INC-1", ""}), "");
  ASSERT_TRUE(first().recovery);
  EXPECT_EQ(first().recovery->grounds.size(), 3U);
  EXPECT_EQ(last.intents.size(), 3U);
  EXPECT_EQ(sent_last().kind, ReportKind::second);
  EXPECT_FALSE(sent_last().next_report_at);
}

TEST_F(Life, AbsenceIsNoRecoveryUnlessAPersonGivesAReason) {
  open_and_tell_everybody();
  story.step(SourceWithdrawn{story.now(), "alertmanager", "unsubscribed"});
  story.advance(40min);
  EXPECT_THAT(act(act::DeclareRecovery{"INC-1", ""}), HasSubstr("its state is not known"));
  act(act::IssueReport{"INC-1", ReportKind::second, ""});
  EXPECT_EQ(sent_last().kind, ReportKind::second);
  EXPECT_TRUE(sent_last().next_report_at);
  EXPECT_EQ(act(act::DeclareRecovery{"INC-1", "the monitor was taken down"}), "");
  EXPECT_THAT(first().recovery->grounds.at(1).en, HasSubstr("the monitor was taken down"));
}

TEST_F(Life, ARecoveredIncidentIsStillToldToEverybodyWithItsLatestReport) {
  story.fire(kCheckout);
  act(act::DeclareRecovery{"INC-1", "it was the test lane"});
  story.advance(15min);
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.2.everybody-1"));
}

TEST_F(Life, TheSameAlertWithinTheGracePeriodReopens) {
  open_and_tell_everybody();
  const TimePoint began = story.now();
  story.resolve(kCheckout, began);
  story.advance(31min);
  ASSERT_EQ(act(act::DeclareRecovery{"INC-1", ""}), "");
  story.advance(20min);
  story.restart();
  story.fire(kSlow);  // another alert of the subject says nothing about the old one
  EXPECT_EQ(first().status, IncidentStatus::recovered);
  last = story.fire(kCheckout);
  EXPECT_EQ(first().status, IncidentStatus::open);
  EXPECT_FALSE(first().recovery);
  EXPECT_EQ(last.intents.size(), 3U);
  EXPECT_TRUE(sent_last().next_report_at);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
}

TEST_F(Life, AfterTheGracePeriodTheSameTroubleIsANewIncident) {
  open_and_tell_everybody();
  const TimePoint began = story.now();
  story.resolve(kCheckout, began);
  story.advance(31min);
  act(act::DeclareRecovery{"INC-1", ""});
  story.advance(61min);
  EXPECT_THAT(act(act::Reopen{"INC-1", "again"}), HasSubstr("declare a new one"));
  story.fire(kCheckout);
  EXPECT_EQ(first().status, IncidentStatus::recovered);
  EXPECT_EQ(story.incident("INC-2").status, IncidentStatus::open);
}

// --- two that are one, one that is two

TEST_F(Life, MergingMovesAlertsAndPeopleAndSaysWhereItWent) {
  open_and_tell_everybody();
  story.fire(kQueue);
  EXPECT_EQ(act(act::Merge{"INC-2", "INC-1", "one cause"}), "");
  EXPECT_EQ(story.incident("INC-2").status, IncidentStatus::merged);
  EXPECT_EQ(story.incident("INC-2").merged_into, "INC-1");
  EXPECT_THAT(first().subjects, ElementsAre("checkout", "mailer"));
  EXPECT_EQ(first().members.size(), 2U);
  EXPECT_THAT(story.intent_ids(),
              ElementsAre("INC-1.2.everybody-1", "INC-1.2.supervisor-cs-hasegawa", "INC-1.2.supervisor-dev-sato"));
  EXPECT_EQ(story.engine().desk().live_incident("mailer")->id, "INC-1");
  story.advance(20min);
  EXPECT_EQ(story.incident("INC-2").waves.back().state, WaveState::waiting);  // told in the one that goes on
  EXPECT_THAT(act(act::SetStatus{"INC-2", IncidentStatus::open, ""}), HasSubstr("goes on as INC-1"));
  EXPECT_THAT(act(act::Merge{"INC-1", "INC-1", ""}), HasSubstr("itself"));
}

TEST_F(Life, SplittingOpensAnIncidentOfItsOwn) {
  open_and_tell_everybody();
  story.fire(kQueue);
  act(act::Merge{"INC-2", "INC-1", ""});
  EXPECT_THAT(act(act::Split{"INC-1", {"checkout", "mailer"}, "", ""}), HasSubstr("must stay"));
  EXPECT_THAT(act(act::Split{"INC-1", {"nothing"}, "", ""}), HasSubstr("checkout, mailer"));
  EXPECT_EQ(act(act::Split{"INC-1", {"mailer"}, "Mail is late", "two causes"}), "");
  EXPECT_EQ(last.incident, "INC-3");
  EXPECT_EQ(story.incident("INC-3").split_from, "INC-1");
  EXPECT_EQ(story.incident("INC-3").members.size(), 1U);
  EXPECT_EQ(first().members.size(), 1U);
  EXPECT_THAT(first().subjects, ElementsAre("checkout"));
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-3.1.supervisor-cs-hasegawa", "INC-3.1.supervisor-dev-sato"));
}

TEST_F(Life, TheOriginMayChangeAndIsNeverForced) {
  open_and_tell_everybody();
  EXPECT_EQ(first().origin, Origin::unknown);
  act(act::SetOrigin{"INC-1", Origin::third_party, "the provider says so"});
  EXPECT_EQ(first().origin, Origin::third_party);
}

}  // namespace
}  // namespace iwakan::desk

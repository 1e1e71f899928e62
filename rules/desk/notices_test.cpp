// Goal: what somebody has to do is asked of them, by their own ways, once, and survives a restart; those with their
// hands in the repair are asked last.
// Method: stories of events against the engine alone, with a replay of each at the end.
#include "desk/notices.hpp"

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

const TimePoint kStart = *parse_time("2031-05-14T01:00:00Z");

void add_person(Organisation& organisation, const std::string& id, RoleKind role) {
  Person person;
  person.id = id;
  person.name = same_in_all(id);
  person.languages = {"en"};
  person.reach = {{"mail", id + "@example.com", {}}};
  organisation.people[id] = person;
  organisation.roles.push_back({role, id, person.name, {}, {}, "iwakan"});
}

// fujii commands, oda repairs, mori speaks with customers; each can be reached.
std::shared_ptr<Settings> with_responders() {
  auto settings = demo_settings();
  add_person(settings->organisation, "fujii", RoleKind::command);
  add_person(settings->organisation, "oda", RoleKind::hands_on);
  add_person(settings->organisation, "mori", RoleKind::customers);
  return settings;
}

class Notices : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(story->rows_that_replay_changes(), ""); }

  void begin(const std::shared_ptr<Settings>& settings) { story = std::make_unique<Story>(settings); }
  void tell_everybody() {
    story->fire(kCheckout);
    story->act(act::Acknowledge{"INC-1", "hasegawa"});
    story->act(act::Acknowledge{"INC-1", "sato"});
  }
  const Incident& incident() { return story->incident("INC-1"); }

  std::unique_ptr<Story> story;
};

TEST_F(Notices, WhoeverReportsIsRemindedOnceBeforeThePromise) {
  begin(with_responders());
  tell_everybody();
  story->advance(25min - 1s);
  EXPECT_EQ(incident().notices, 0U);
  story->restart();
  const Effects effects = story->step(TimeReached{story->now() + 1s});
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.n1.person-fujii");
  EXPECT_EQ(effects.intents[0].delivery.recipient.address, "fujii@example.com");
  const Report& report = *effects.intents[0].report;
  EXPECT_EQ(report.audience, Audience::responder);
  EXPECT_EQ(report.notice->kind, NoticeKind::report_due);
  EXPECT_EQ(report.notice->at, *incident().next_report_at);
  story->restart();
  EXPECT_TRUE(story->engine().desk().outbox().contains("INC-1.n1.person-fujii"));
  story->advance(1min);
  EXPECT_EQ(incident().notices, 1U);
}

TEST_F(Notices, TheRepairIsAskedOnlyWhenNobodyElseCanBeReached) {
  auto settings = demo_settings();
  add_person(settings->organisation, "oda", RoleKind::hands_on);
  begin(settings);
  tell_everybody();
  story->advance(25min);
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.n1.person-oda"));
}

TEST_F(Notices, WithNobodyToAskTheTimelineSaysSo) {
  begin(demo_settings());
  tell_everybody();
  story->advance(25min);
  EXPECT_THAT(story->intent_ids(), IsEmpty());
  EXPECT_EQ(incident().notices, 0U);
}

TEST_F(Notices, AMissedPromisePagesTheDutyLeadAndTheReadersAreTold) {
  auto settings = with_responders();
  add_person(settings->organisation, "hara", RoleKind::scribe);
  settings->organisation.roles.pop_back();
  Rota rota;
  rota.id = "lead";
  rota.role = RoleKind::command;
  // Fujii commands since the opening; Hara has taken over the duty meanwhile.
  rota.overrides = {{"fujii", kStart, kStart + 10min}, {"hara", kStart + 10min, kStart + 9h}};
  settings->organisation.rotas = {rota};
  begin(settings);
  tell_everybody();
  story->advance(30min - 1s);
  const Effects effects = story->step(TimeReached{story->now() + 1s});
  ASSERT_EQ(effects.intents.size(), 4U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.n2.person-hara");
  EXPECT_EQ(effects.intents[0].report->notice->kind, NoticeKind::promise_missed);
  const Report& update = *effects.intents[1].report;
  EXPECT_FALSE(update.notice);
  EXPECT_EQ(update.missed_for, effects.intents[0].report->notice->at);
  EXPECT_FALSE(incident().told.contains("person-hara"));  // no reader
}

TEST_F(Notices, ADeadNoticeIsNotAReaderWhoWasNotReached) {
  begin(with_responders());
  tell_everybody();
  story->advance(25min);
  DeliveryAnswer answer;
  answer.verdict = DeliveryVerdict::give_up;
  answer.reason = DeliveryReason::gone;
  story->step(DeliveryStarted{story->now(), "INC-1.n1.person-fujii"});
  story->step(DeliveryAnswered{story->now(), "INC-1.n1.person-fujii", answer});
  EXPECT_THAT(incident().not_reached, IsEmpty());
  EXPECT_TRUE(story->engine().desk().dead_letters().contains("INC-1.n1.person-fujii"));
  story->restart();
  story->act(act::Redeliver{"INC-1.n1.person-fujii"});
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.n1.person-fujii"));
}

TEST_F(Notices, ApprovalIsAskedOfWhoeverCommandsOnceAReport) {
  auto settings = with_responders();
  settings->organisation.levels.at(3).approval_within = 3min;
  begin(settings);
  const Effects effects = story->fire(kCheckout);
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.id, "INC-1.n1.person-fujii");
  EXPECT_EQ(effects.intents[0].report->notice->kind, NoticeKind::approval);
  EXPECT_EQ(effects.intents[0].report->notice->at, story->now() + 3min);
  EXPECT_EQ(effects.intents[0].report->kind, ReportKind::first);
  story->advance(3min);
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "oda");
  EXPECT_THAT(story->intent_ids(), ElementsAre("INC-1.n2.person-fujii"));
  story->act(act::IssueReport{"INC-1", ReportKind::update, ""}, "oda");
  EXPECT_THAT(story->intent_ids(), IsEmpty());
}

TEST_F(Notices, AWatchAsksWhoCanFindOutAndRemindsThemOnce) {
  begin(with_responders());
  const Effects asked = story->act(act::Hunch{"checkout", "pages feel slow"}, "oda");
  ASSERT_EQ(asked.intents.size(), 3U);
  EXPECT_EQ(asked.intents[0].delivery.id, "INC-1.n1.person-fujii");
  const Notice& notice = *asked.intents[0].report->notice;
  EXPECT_EQ(notice.kind, NoticeKind::watch);
  EXPECT_EQ(notice.at, story->now() + 10min);
  EXPECT_EQ(notice.lines.size(), 3U);
  story->advance(7min - 1s);
  story->restart();
  const Effects reminded = story->step(TimeReached{story->now() + 1s});
  ASSERT_EQ(reminded.intents.size(), 3U);
  EXPECT_EQ(reminded.intents[0].report->notice->kind, NoticeKind::watch_due);
}

TEST_F(Notices, AWatchThatWasAnsweredRemindsNobody) {
  begin(with_responders());
  story->act(act::Hunch{"checkout", "pages feel slow"}, "oda");
  story->act(act::SetImpact{"INC-1", Impact::none_confirmed, "asked CS"}, "mori");
  story->advance(1h);
  EXPECT_EQ(incident().notices, 1U);
}

}  // namespace
}  // namespace iwakan::desk

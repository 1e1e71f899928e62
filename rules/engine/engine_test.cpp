// Goal: the promises of the engine that can be seen from outside: transitions count, deliveries do not;
// absence is not recovery; supervisors first; told once; a restart or a replay changes nothing.
// Method: stories of events against the engine alone, its rows kept as a store would.
#include "engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/journal.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using testing::demo_settings;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Labels;
using testing::settings_of;
using testing::Story;

const Labels kCheckout{{"alertname", "HighErrorRatio"}, {"service", "checkout"}, {"severity", "critical"}};
const Labels kQueue{{"alertname", "QueueGrowing"}, {"service", "mailer"}, {"severity", "warning"}};

TEST(Engine, ACriticalAlertOpensAnIncidentAndTellsSupervisorsFirst) {
  Story story(demo_settings());
  const Effects& effects = story.fire(kCheckout, 30s);
  ASSERT_EQ(effects.decisions.size(), 1U);
  EXPECT_EQ(effects.decisions[0].reason, DecisionReason::opened_by_impact);
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
  EXPECT_EQ(story.incident("INC-1").level, 3);
  EXPECT_EQ(story.incident("INC-1").impact, Impact::possible);
  const Report& report = *effects.intents[0].report;
  EXPECT_FALSE(report.known.empty());
  EXPECT_FALSE(report.unknown.empty());
  EXPECT_FALSE(report.asks.empty());
  EXPECT_FALSE(report.responders.empty());
  EXPECT_GT(*report.next_report_at, report.issued_at);
}

TEST(Engine, EverybodyHearsWhenAllSupervisorsHaveAcknowledged) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.advance(1min);
  story.act(act::Acknowledge{"INC-1", "hasegawa"});
  EXPECT_THAT(story.intent_ids(), IsEmpty());
  const Effects& effects = story.act(act::Acknowledge{"INC-1", ""}, "sato");
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.1.everybody-1"));
  EXPECT_THAT(effects.intents[0].report->unconfirmed, IsEmpty());
  story.advance(20min);
  EXPECT_EQ(story.engine().desk().outbox().size(), 3U);  // nobody is told twice at the deadline
}

TEST(Engine, EverybodyHearsAtTheDeadlineWithTheUnconfirmedListed) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(act::Acknowledge{"INC-1", "hasegawa"});
  story.advance(15min - 1s);
  EXPECT_EQ(story.engine().desk().outbox().size(), 2U);
  story.advance(1s);
  ASSERT_EQ(story.engine().desk().outbox().size(), 3U);
  story.restart();
  std::vector<Sentence> unconfirmed;
  const Effects again = story.engine().step(Started{story.now()});
  for (const Intent& intent : again.intents) {
    if (intent.delivery.edition == "everybody") unconfirmed = intent.report->unconfirmed;
  }
  EXPECT_THAT(unconfirmed, ElementsAre(Sentence{"Development", "Development"}));
}

TEST(Engine, RepeatsTwinsAndOvertakenMessagesCountForNothing) {
  Story story(demo_settings());
  story.fire(kQueue, 10s);
  const TimePoint started = story.now() - 10s;
  story.advance(1min);
  EXPECT_EQ(story.fire(kQueue, 70s).refreshes, 1U);              // a repeat
  EXPECT_EQ(story.fire(kQueue, 60s).refreshes, 1U);              // the twin's copy, started a little later
  EXPECT_EQ(story.resolve(kQueue, started - 1h).refreshes, 0U);  // ends after this episode began: believed
  EXPECT_EQ(story.fire(kQueue, 60s).transitions, 0U);            // overtaken by the resolve
  EXPECT_FALSE(story.fire(kQueue, 60s).writes());
  story.advance(1min);
  EXPECT_EQ(story.fire(kQueue, 1s).transitions, 1U);  // a new episode
}

TEST(Engine, ARefreshWritesNothing) {
  Story story(demo_settings());
  story.fire(kQueue);
  const TimePoint started = story.now();
  story.advance(10s);
  AlertsReceived again{.at = story.now(), .source = "alertmanager", .batch = {}, .truncated = true};
  again.batch = testing::one_alert(AlertState::firing, kQueue, started);
  EXPECT_FALSE(story.step(std::move(again)).writes());
}

TEST(Engine, ALateCopyOfAnEndedEpisodeOpensNothing) {
  Story story(demo_settings());
  story.resolve(kCheckout, story.now() - 5min);
  EXPECT_EQ(story.fire(kCheckout, 5min).transitions, 0U);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
}

TEST(Engine, AbsenceIsNotRecovery) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.advance(4h);
  story.fire(kQueue);  // the sender goes on speaking of other things
  story.advance(1h + 2min);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::expired);
  story.fire(kCheckout);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing);
  story.advance(5h + 2min);  // and now falls silent altogether
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::source_lost);
  EXPECT_EQ(story.incident("INC-1").status, IncidentStatus::open);
}

TEST(Engine, NothingExpiresAfterARestartUntilItsSenderHadTimeToSpeak) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.advance(4h);
  story.restart();
  story.advance(4h);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing);
  story.advance(1h + 2min);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::source_lost);
}

TEST(Engine, AWithdrawnSourceIsLostNotRecovered) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.step(SourceWithdrawn{story.now(), "alertmanager", "unsubscribed"});
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::source_lost);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Engine, AlertsOfAnOpenIncidentJoinItAndTellNobodyAgain) {
  Story story(demo_settings());
  story.fire(kCheckout);
  Labels other = kCheckout;
  other.push_back({"zone", "b"});
  const Effects& effects = story.fire(other);
  EXPECT_THAT(effects.intents, IsEmpty());
  EXPECT_EQ(story.incident("INC-1").members.size(), 2U);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
}

TEST(Engine, AnAttemptUnderWayWhenTheProcessEndedMayHaveArrived) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.step(DeliveryStarted{story.now(), "INC-1.1.supervisor-cs-hasegawa"});
  story.restart();
  const auto& outbox = story.engine().desk().outbox();
  EXPECT_TRUE(outbox.at("INC-1.1.supervisor-cs-hasegawa").maybe_sent);
  EXPECT_FALSE(outbox.at("INC-1.1.supervisor-dev-sato").maybe_sent);
  EXPECT_THAT(story.intent_ids(), ElementsAre("INC-1.1.supervisor-cs-hasegawa", "INC-1.1.supervisor-dev-sato"));
}

TEST(Engine, ADeadLetterStaysVisibleAndGetsAnotherChance) {
  Story story(demo_settings());
  story.fire(kCheckout);
  const std::string id = "INC-1.1.supervisor-cs-hasegawa";
  DeliveryAnswer refused{.verdict = DeliveryVerdict::give_up,
                         .reason = DeliveryReason::rejected,
                         .detail = "no",
                         .retry_after = {},
                         .outcome_unknown = false};
  story.step(DeliveryAnswered{story.now(), id, refused});
  EXPECT_EQ(story.engine().desk().dead_letters().count(id), 1U);
  story.restart();
  EXPECT_EQ(story.engine().desk().dead_letters().count(id), 1U);
  story.act(act::Redeliver{id});
  EXPECT_THAT(story.intent_ids(), ElementsAre(id));
  story.deliver(id);
  EXPECT_TRUE(story.engine().desk().dead_letters().empty());
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Engine, WhatIsNotKnownIsRefusedAndChangesNothing) {
  Story story(demo_settings());
  const Effects& effects = story.act(act::Note{"INC-7", "hello", {}});
  ASSERT_TRUE(effects.refusal);
  EXPECT_EQ(effects.refusal->reason, Reason::not_found);
  EXPECT_FALSE(effects.writes());
}

TEST(Engine, PeopleDeclareWhatNoAlertAnnounced) {
  Story story(demo_settings());
  const Effects& effects = story.act(act::Declare{"payments", "Card payments fail", Impact::confirmed, 3}, "fujii");
  EXPECT_EQ(effects.incident, "INC-1");
  EXPECT_EQ(story.intent_ids().size(), 2U);
  EXPECT_EQ(story.act(act::Declare{"payments", "again", Impact::possible, 0}).refusal->reason, Reason::conflict);
  story.act(act::SetStatus{"INC-1", IncidentStatus::recovered, "limit restored"});
  EXPECT_EQ(story.engine().desk().live_incident("payments"), nullptr);
}

// A day of everything, in which crashes fall between any two events.
class LongStory : public ::testing::TestWithParam<int> {};

TEST_P(LongStory, ReplayAndRestartGiveTheSameBytes) {
  Story story(demo_settings());
  auto random = static_cast<std::uint64_t>(GetParam());
  const auto chance = [&random](std::uint64_t of) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (random >> 33U) % of;
  };
  for (int i = 0; i < 400; ++i) {
    Labels labels{{"alertname", "A" + std::to_string(chance(7))}, {"service", "s" + std::to_string(chance(5))}};
    if (chance(20) == 0) labels.push_back({"severity", "critical"});
    switch (chance(8)) {
      case 0: story.advance(std::chrono::minutes(chance(200))); break;
      case 1: story.resolve(labels, story.now() - std::chrono::minutes(chance(60))); break;
      case 2:
        for (const auto& [id, delivery] : std::map(story.engine().desk().outbox())) story.deliver(id);
        break;
      case 3:
        story.act(act::Acknowledge{"INC-" + std::to_string(1 + chance(3)), chance(2) != 0U ? "hasegawa" : "sato"});
        break;
      case 4:
        story.act(act::SetStatus{"INC-" + std::to_string(1 + chance(3)), static_cast<IncidentStatus>(chance(6)), ""});
        break;
      case 5:
        if (chance(3) == 0) story.restart();
        break;
      default: story.fire(labels, std::chrono::seconds(chance(300))); break;
    }
  }
  EXPECT_EQ(story.rows_that_replay_changes(), "");

  // A restarted engine holds what its rows say: saving everything anew changes no row.
  const auto before = story.rows();
  story.engine().configure(demo_settings());
  story.restart();
  for (const auto& [key, value] : before) {
    if (key.first == Table::rules || key.first == Table::alerts) {
      EXPECT_EQ(story.rows().at(key), value);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LongStory, ::testing::Range(1, 41));

TEST(Journal, DecodesWhatItEncodes) {
  const TimePoint at = *parse_time("2031-05-14T01:00:00.5Z");
  const Event events[] = {
      Started{at},
      TimeReached{at},
      SourceWithdrawn{at, "cloudwatch", "bye"},
      PersonActed{at, "sato", act::Note{"INC-1", "再起動した", at}},
      PersonActed{at, "sato", act::Declare{"a", "b", Impact::confirmed, 3}},
      DeliveryStarted{at, "INC-1.1.x"},
      DeliveryAnswered{at, "INC-1.1.x", {DeliveryVerdict::retry_later, DeliveryReason::rate_limited, "slow", 3s, true}},
      ConfigurationReplaced{at, "abc"}};
  for (const Event& event : events) {
    const std::string bytes = encode_record(event);
    const auto record = decode_record(bytes);
    ASSERT_TRUE(record);
    EXPECT_EQ(encode_record(std::get<Event>(*record)), bytes);
    EXPECT_EQ(record_time(bytes), at);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_FALSE(decode_record(std::string_view(bytes).substr(0, length)));
    }
    EXPECT_FALSE(decode_record(bytes + "x"));
  }
}

// Requests of several alerts, listed forwards or backwards.
std::map<std::pair<Table, std::string>, std::string> rows_of_days(bool backwards) {
  Story story(settings_of({}, "5 per week"));
  std::mt19937_64 random(11);
  for (int request = 0; request < 600; ++request) {
    story.advance(std::chrono::minutes(1 + random() % 60));
    std::vector<testing::Labels> labels;
    const std::uint64_t alerts = 1 + random() % 6;
    for (std::uint64_t i = 0; i < alerts; ++i) {
      labels.push_back({{"alertname", "Alert" + std::to_string(random() % 9)},
                        {"service", "service-" + std::to_string(random() % 5)},
                        {"n", std::to_string(random() % 400)}});
    }
    if (backwards) std::reverse(labels.begin(), labels.end());
    AlertsReceived event{.at = story.now(), .source = "alertmanager", .batch = {}, .truncated = false};
    for (const testing::Labels& one : labels) {
      event.batch.add_copy(testing::one_alert(AlertState::firing, one, story.now()).alerts()[0]);
    }
    story.step(std::move(event));
  }
  return story.rows();
}

TEST(Engine, TheOrderOfWhatIsSaidAtOnceDoesNotMatter) {
  EXPECT_EQ(rows_of_days(false), rows_of_days(true));
}

// --- senders that vouch for an alert until a time (Prometheus)

AlertsReceived vouched(TimePoint at, const Labels& labels, TimePoint starts_at, TimePoint expires_at) {
  AlertsReceived event{.at = at, .source = "prometheus", .batch = {}, .truncated = false};
  const AlertBatch one = testing::one_alert(AlertState::firing, labels, starts_at);
  Alert alert = one.alerts()[0];
  alert.expires_at = expires_at;
  event.batch.add_copy(alert);
  return event;
}

std::shared_ptr<Settings> with_prometheus() {
  auto settings = demo_settings();
  settings->expire_after["prometheus"] = 5min;
  return settings;
}

TEST(Engine, AnAlertExpiresWhenItsSenderNoLongerVouchesForIt) {
  Story story(with_prometheus());
  story.step(vouched(story.now(), kCheckout, story.now(), story.now() + 4min));
  for (int i = 0; i < 3; ++i) {  // sent again each minute, and so are others
    story.advance(1min);
    story.step(vouched(story.now(), kCheckout, story.now() - 1min, story.now() + 4min));
    story.step(vouched(story.now(), kQueue, story.now(), story.now() + 4min));
  }
  for (int i = 0; i < 3; ++i) {
    story.advance(1min);
    story.step(vouched(story.now(), kQueue, story.now(), story.now() + 4min));
    EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing) << i;
  }
  story.advance(2min + 30s);  // within a minute of its time
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::expired);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Engine, AnAlertOfASenderThatFellSilentIsLost) {
  Story story(with_prometheus());
  story.step(vouched(story.now(), kCheckout, story.now(), story.now() + 4min));
  story.advance(6min);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::source_lost);
}

TEST(Engine, AnAlertWithoutABeginningBeginsOnceAndAgainAfterItsEnd) {
  Story story(with_prometheus());
  const auto again = [&story] {
    return story.step(vouched(story.now(), kCheckout, kZeroTime, story.now() + 4min)).transitions;
  };
  EXPECT_EQ(again(), 1U);
  EXPECT_EQ(story.incident("INC-1").members.at(0).starts_at, story.now());
  for (int i = 0; i < 5; ++i) {
    story.advance(1min);
    EXPECT_EQ(again(), 0U);
  }
  AlertsReceived ended{.at = story.now(), .source = "prometheus", .batch = {}, .truncated = false};
  ended.batch = testing::one_alert(AlertState::resolved, kCheckout, kZeroTime, story.now());
  story.step(std::move(ended));
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::resolved);
  story.advance(1min);
  EXPECT_EQ(again(), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

}  // namespace
}  // namespace iwakan::engine

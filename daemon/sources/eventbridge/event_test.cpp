// Goal: what EventBridge says of an alarm is what SNS says of it, and of AWS nothing more than it said. Method:
// the events in testdata, changed one member at a time (reference wire-formats A5, F5), and the engine for what
// counts once.
#include "sources/eventbridge/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "engine/engine.hpp"
#include "runtime/read_file.hpp"
#include "sources/cloudwatch/alarm.hpp"
#include "sources/cloudwatch/sns_alarm.hpp"

namespace iwakan::sources::eventbridge {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

const TimePoint kNow = *parse_time("2026-09-01T00:00:30Z");

json::object sample(const std::string& name) {
  const std::string folder = std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/daemon/sources/eventbridge/testdata/";
  return json::parse(*runtime::read_file(folder + name + ".json", 65536)).as_object();
}

Received read(const json::object& event) {
  auto received = parse_event(json::serialize(event), kNow);
  EXPECT_TRUE(received) << to_string(received.error());
  return received ? *std::move(received) : Received{};
}

json::object with_state(json::object event, const char* value, const char* timestamp) {
  json::object& state = event["detail"].as_object()["state"].as_object();
  state["value"] = value;
  state["timestamp"] = timestamp;
  return event;
}

// The same state change as SNS tells it.
json::object sns(const char* value, const char* timestamp) {
  return {{"AlarmName", "API 5xx (本番)"},
          {"AWSAccountId", "012345678901"},
          {"NewStateValue", value},
          {"StateChangeTime", timestamp},
          {"AlarmArn", "arn:aws:cloudwatch:ap-northeast-1:012345678901:alarm:API 5xx (本番)"},
          {"NewStateReason", "1 out of the last 1 datapoints [91.5 (01/09/26 00:04:00)] was greater"},
          {"Region", "Asia Pacific (Tokyo)"}};
}

AlertBatch read_sns(const json::object& message) {
  AlertBatch batch;
  const auto topic = cloudwatch::parse_topic("arn:aws:sns:ap-northeast-1:111122223333:alarms");
  EXPECT_TRUE(cloudwatch::parse_alarm(json::serialize(message), *topic, kNow, batch));
  return batch;
}

// --- alarms

TEST(EventBridge, AStateChangeKeepsItsNumbers) {
  const Received received = read(sample("state_change"));
  EXPECT_EQ(received.source, "cloudwatch");
  ASSERT_EQ(received.batch.size(), 1U);
  const Alert& alert = received.batch.alerts()[0];
  EXPECT_EQ(alert.state, AlertState::firing);
  EXPECT_EQ(format_time(alert.starts_at), "2026-09-01T00:00:01.250Z");
  EXPECT_EQ(alert.label("alertname"), "API 5xx (本番)");
  EXPECT_EQ(alert.label("account"), "012345678901");
  EXPECT_EQ(alert.label("metric"), "HTTPCode_Target_5XX_Count");
  EXPECT_EQ(alert.label("dimension_LoadBalancer"), "app/web/0a1b");
  EXPECT_EQ(alert.annotation("value"), "91.50160229693434");  // of the newest, though it stands first
  EXPECT_EQ(alert.annotation("threshold"), "90");
  EXPECT_EQ(alert.annotation("summary"), "5xx of the API");
  EXPECT_EQ(alert.annotation("previous_state"), "OK");
  EXPECT_EQ(alert.label("muted"), "");
}

TEST(EventBridge, WithoutTimesTheLastDatapointIsTheNewest) {
  json::object event = sample("state_change");
  event["detail"].as_object()["state"].as_object()["reasonData"] = R"({"recentDatapoints":[1.0,null,0.25]})";
  EXPECT_EQ(read(event).batch.alerts()[0].annotation("value"), "0.25");
  // What is wrong with reasonData loses no alarm; the reason's words still tell a number.
  event["detail"].as_object()["state"].as_object()["reasonData"] = "{";
  EXPECT_EQ(read(event).batch.alerts()[0].annotation("value"), "91.5");
}

TEST(EventBridge, OtherKindsOfAlarmsAreTaken) {
  const Received band = read(sample("anomaly"));
  EXPECT_EQ(band.batch.alerts()[0].annotation("lower_threshold"), "0.9");
  EXPECT_EQ(band.batch.alerts()[0].annotation("upper_threshold"), "1.4");
  EXPECT_EQ(band.batch.alerts()[0].annotation("value"), "0.4");
  EXPECT_EQ(band.batch.alerts()[0].label("metric"), "HTTPCode_Target_5XX_Count");
  const Received composite = read(sample("composite"));
  EXPECT_EQ(composite.batch.alerts()[0].annotation("children"), "API 5xx (本番)");
  EXPECT_EQ(composite.batch.alerts()[0].annotation("rule"), "ALARM(\"API 5xx (本番)\")");
  EXPECT_EQ(composite.batch.alerts()[0].label("suppressed_by"), "WaitPeriod");
}

TEST(EventBridge, ContributorsOfOneAlarmAreToldApart) {
  json::object event = sample("contributor");
  const Received one = read(event);
  event["detail"].as_object()["alarmContributor"].as_object()["id"] = "c-2";
  const Received other = read(event);
  const Received parent = read(sample("state_change"));
  EXPECT_EQ(one.batch.alerts()[0].label("dimension_LoadBalancer"), "app/web/0a1b");
  EXPECT_NE(one.batch.alerts()[0].fingerprint, other.batch.alerts()[0].fingerprint);
  EXPECT_NE(one.batch.alerts()[0].fingerprint, parent.batch.alerts()[0].fingerprint);
}

TEST(EventBridge, AMutedAlarmSaysSo) {
  const Received muted = read(sample("muted"));
  const Alert& alert = muted.batch.alerts()[0];
  EXPECT_EQ(alert.label("muted"), "true");
  EXPECT_EQ(alert.annotation("muted_until"), "2026-09-01T03:00:00.000+0000");
  EXPECT_THAT(std::string(alert.annotation("muted_by")), HasSubstr("nightly"));
  EXPECT_EQ(alert.fingerprint, read(sample("state_change")).batch.alerts()[0].fingerprint);
}

TEST(EventBridge, ADeletedAlarmTellsNoMoreAndDidNotRecover) {
  json::object event = sample("deleted");
  const Received deleted = read(event);
  ASSERT_EQ(deleted.batch.size(), 1U);
  EXPECT_EQ(deleted.batch.alerts()[0].state, AlertState::no_data);
  EXPECT_EQ(deleted.batch.alerts()[0].fingerprint, read(sample("state_change")).batch.alerts()[0].fingerprint);
  for (const char* operation : {"create", "update"}) {
    event["detail"].as_object()["operation"] = operation;
    EXPECT_EQ(read(event).batch.size(), 0U) << operation;
  }
}

// --- both ways wired

class BothWays : public ::testing::Test {
 protected:
  BothWays() {
    Complaints complaints;
    const Setting setting;
    Fields fields(setting, complaints);
    engine.emplace(std::make_shared<engine::Settings>(engine::parse_settings(fields, {})));
    static_cast<void>(engine->step(Started{kNow - 1h}));
  }

  std::size_t take(std::string_view source, AlertBatch batch, Duration after) {
    return engine->step(AlertsReceived{kNow + after, std::string(source), std::move(batch), false}).transitions;
  }
  std::size_t by_sns(const char* value, const char* timestamp, Duration after) {
    return take(cloudwatch::kSource, read_sns(sns(value, timestamp)), after);
  }
  std::size_t by_eventbridge(const char* value, const char* timestamp, Duration after) {
    Received received = read(with_state(sample("state_change"), value, timestamp));
    return take(received.source, std::move(received.batch), after);
  }

  std::optional<engine::Engine> engine;
};

constexpr const char* kAlarmAt = "2026-09-01T00:00:01.250+0000";
constexpr const char* kOkAt = "2026-09-01T00:10:00.000+0000";

TEST_F(BothWays, OneStateChangeCountsOnce) {
  EXPECT_EQ(by_sns("ALARM", kAlarmAt, 0s), 1U);
  EXPECT_EQ(by_eventbridge("ALARM", kAlarmAt, 2s), 0U);
  EXPECT_EQ(by_eventbridge("OK", kOkAt, 10min), 1U);
  EXPECT_EQ(by_sns("OK", kOkAt, 10min + 1s), 0U);
  EXPECT_EQ(engine->alerts().size(), 1U);
  EXPECT_EQ(by_eventbridge("ALARM", "2026-09-01T00:20:00.000+0000", 20min), 1U);
  EXPECT_EQ(by_sns("ALARM", "2026-09-01T00:20:00.000+0000", 20min), 0U);
}

TEST_F(BothWays, ACopyThatComesHoursLateRaisesNothing) {
  EXPECT_EQ(by_sns("ALARM", kAlarmAt, 0s), 1U);
  EXPECT_EQ(by_sns("OK", kOkAt, 10min), 1U);
  EXPECT_EQ(by_eventbridge("ALARM", kAlarmAt, 5h), 0U);  // EventBridge tries for 24 hours
  EXPECT_EQ(engine->alerts().firing(), 0U);
}

TEST_F(BothWays, OutOfOrderTheLaterStateHolds) {
  EXPECT_EQ(by_eventbridge("OK", kOkAt, 10min), 1U);
  EXPECT_EQ(by_sns("ALARM", kAlarmAt, 11min), 0U);
  EXPECT_EQ(engine->alerts().firing(), 0U);
}

TEST(Reason, TellsTheNewestDatapoint) {
  using cloudwatch::value_in_reason;
  EXPECT_EQ(value_in_reason("2 datapoints [0.0 (09/01/23 14:02:00), 1.0 (09/01/23 14:01:00)] were not greater"), "0");
  EXPECT_EQ(value_in_reason("1 datapoint [2.5E-4 (07/02/18 17:33:00)] was greater"), "0.00025");
  for (const char* other : {"", "datapoints", "datapoints [", "The most recent datapoints: [40.7, 41.3].",
                            "no datapoints were received for 1 period", "datapoints [x (1)]", "datapoint [nan]"}) {
    EXPECT_EQ(value_in_reason(other), "") << other;
  }
}

// --- AWS Health

TEST(Health, AnIssueOfAwsFiresAndEndsAsAwsSays) {
  const Received open = read(sample("health_open"));
  EXPECT_EQ(open.source, "");  // its own: eventbridge
  ASSERT_EQ(open.batch.size(), 1U);
  const Alert& alert = open.batch.alerts()[0];
  EXPECT_EQ(alert.label("alertname"), "AWS_EC2_OPERATIONAL_ISSUE");
  EXPECT_EQ(alert.label("third_party"), "aws");
  EXPECT_EQ(alert.label("aws_service"), "EC2");
  EXPECT_EQ(alert.annotation("summary"), "We are investigating increased API error rates.");
  EXPECT_EQ(alert.annotation("entities"), "i-0a1b, i-0c2d");
  EXPECT_EQ(format_time(alert.starts_at), "2026-09-01T00:00:00Z");
  // A copy from another region, with another communication, is of the same event.
  const Received closed = read(sample("health_closed"));
  EXPECT_EQ(closed.batch.alerts()[0].state, AlertState::resolved);
  EXPECT_EQ(format_time(*closed.batch.alerts()[0].ends_at), "2026-09-01T02:00:00Z");
  EXPECT_EQ(closed.batch.alerts()[0].fingerprint, alert.fingerprint);
  EXPECT_EQ(closed.batch.alerts()[0].label("region"), "ap-northeast-1");
}

TEST(Health, PlansAndNoticesAreNoCondition) {
  json::object event = sample("health_planned");
  EXPECT_EQ(read(event).batch.size(), 0U);
  event["detail"].as_object()["statusCode"] = "open";
  EXPECT_EQ(read(event).batch.size(), 0U);
  event["detail"].as_object()["eventTypeCategory"] = "accountNotification";
  EXPECT_EQ(read(event).batch.size(), 0U);
}

// --- what is wrong

TEST(EventBridge, NamesWhatIsWrong) {
  const auto without = [](const char* sample_name, auto change) {
    json::object event = sample(sample_name);
    change(event);
    return json::serialize(event);
  };
  const auto detail = [](json::object& event) -> json::object& { return event["detail"].as_object(); };
  const struct {
    std::string body;
    const char* path;
  } cases[] = {
      {"x", ""},
      {"[]", ""},
      {"{}", "/source"},
      {R"({"source":"aws.cloudwatch"})", "/detail-type"},
      {R"({"source":"aws.cloudwatch","detail-type":"x"})", "/detail"},
      {R"({"source":"aws.ec2","detail-type":"x","detail":{}})", "/detail-type"},
      {R"({"source":"aws.ec2","detail-type":"x","detail":{"a":1,"a":2}})", "/detail/a"},
      {without("state_change", [&](auto& e) { detail(e).erase("state"); }), "/detail/state"},
      {without("state_change", [&](auto& e) { detail(e)["state"].as_object()["value"] = "BAD"; }),
       "/detail/state/value"},
      {without("state_change", [&](auto& e) { detail(e)["state"].as_object()["timestamp"] = "now"; }),
       "/detail/state/timestamp"},
      {without("state_change",
               [&](auto& e) {
                 detail(e).erase("alarmName");
                 e["resources"] = json::array{};
               }),
       "/detail/alarmName"},
      {without("state_change", [&](auto& e) { e["time"] = "1"; }), "/time"},
      {without("contributor", [&](auto& e) { detail(e).erase("alarmContributor"); }), "/detail/alarmContributor"},
      {without("contributor", [&](auto& e) { detail(e)["alarmContributor"] = json::object{}; }),
       "/detail/alarmContributor/id"},
      {without("health_open", [&](auto& e) { detail(e).erase("eventTypeCode"); }), "/detail/eventTypeCode"},
      {without("health_open", [&](auto& e) { detail(e)["startTime"] = "soon"; }), "/detail/startTime"},
  };
  for (const auto& one : cases) {
    const auto received = parse_event(one.body, kNow);
    ASSERT_FALSE(received) << one.body.substr(0, 120);
    EXPECT_EQ(received.error().path, one.path) << to_string(received.error());
  }
}

}  // namespace
}  // namespace iwakan::sources::eventbridge

// Goal: what Alertmanager really posts is taken, and what is wrong is named by its JSON pointer. Method: tables
// from reference wire-formats A1 and F1, and the recording of a real Alertmanager.
#include "sources/alertmanager/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>

namespace iwakan::sources::alertmanager {
namespace {

const TimePoint kNow = *parse_time("2026-09-01T00:10:00Z");

Result<Webhook> decode(const std::string& body) {
  Decoder decoder;
  return decoder.decode(body, kNow);
}

std::string with_alert(const std::string& members) {
  return R"({"version":"4","alerts":[{)" + members + "}]}";
}

constexpr const char* kSpecimen =
    R"({"receiver":"iwakan\\.prod","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"DiskFull","instance":"db1.example:9100"},"annotations":{"summary":"disk 96% used <b>"},"startsAt":"2026-09-01T09:00:00.123456789+09:00","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom.example:9090/graph?g0.expr=x\u0026g0.tab=1","fingerprint":"8f1d0c6b2a3e4f50","future":{"deep":[1,2]}}],"notification_reason":"first notification","groupLabels":{},"commonLabels":{},"commonAnnotations":{},"routeLabels":{},"externalURL":"http://am-0:9093","version":"4","groupKey":"{}:{alertname=\"DiskFull\"}","truncatedAlerts":0})"
    "\n";

TEST(Webhook, TakesWhatAlertmanagerPosts) {
  const auto webhook = decode(kSpecimen);
  ASSERT_TRUE(webhook) << to_string(webhook.error());
  EXPECT_FALSE(webhook->truncated);
  ASSERT_EQ(webhook->batch.size(), 1U);
  const Alert& alert = webhook->batch.alerts()[0];
  EXPECT_EQ(alert.state, AlertState::firing);
  EXPECT_EQ(format_time(alert.starts_at), "2026-09-01T00:00:00.123456789Z");
  EXPECT_FALSE(alert.ends_at);
  EXPECT_EQ(alert.label("alertname"), "DiskFull");
  EXPECT_EQ(alert.annotation("summary"), "disk 96% used <b>");
  EXPECT_EQ(alert.link, "http://prom.example:9090/graph?g0.expr=x&g0.tab=1");
  EXPECT_EQ(format_fingerprint(alert.fingerprint), "430dc5b99dcf6198");  // ours, not the sender's
}

TEST(Webhook, TakesWhatOldAndOtherSendersLeaveOut) {
  const auto plain = decode(with_alert(R"("status":"firing","labels":{"alertname":"A","empty":""})"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->batch.alerts()[0].starts_at, kZeroTime);  // the engine knows whether it goes on
  EXPECT_EQ(plain->batch.alerts()[0].labels.size(), 1U);
  const auto resolved = decode(with_alert(
      R"("status":"resolved","labels":{"a":"b"},"startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:05:00Z")"));
  ASSERT_TRUE(resolved);
  EXPECT_EQ(format_time(*resolved->batch.alerts()[0].ends_at), "2026-09-01T00:05:00Z");
  EXPECT_TRUE(decode(R"({"alerts":[]})"));
  EXPECT_TRUE(decode(R"({"alerts":[],"truncatedAlerts":3})")->truncated);
  EXPECT_EQ(decode(with_alert(R"("status":"firing","labels":{"a":"b"},"generatorURL":"javascript:alert")"))
                ->batch.alerts()[0]
                .link,
            "");
  // What is not read is skipped without recursion, however deep.
  EXPECT_TRUE(decode(R"({"alerts":[],"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
  EXPECT_TRUE(decode(with_alert(R"("status":"firing","labels":{"ラベル":"値\t\n"})")));
}

// Cut to max_alerts, a group says "resolved" while some of it fires: only what each alert says of itself is believed.
TEST(Webhook, AGroupThatWasCutConcludesNothing) {
  const std::string ended = R"({"status":"resolved","labels":{"a":"1"},"endsAt":"2026-09-01T00:05:00Z"})";
  const auto cut = decode(R"({"status":"resolved","truncatedAlerts":2,"alerts":[)" + ended +
                          R"(,{"status":"firing","labels":{"a":"2"},"endsAt":"2026-09-01T00:05:00Z"}]})");
  ASSERT_TRUE(cut) << to_string(cut.error());
  EXPECT_TRUE(cut->truncated);
  ASSERT_EQ(cut->batch.size(), 2U);
  EXPECT_EQ(cut->batch.alerts()[0].state, AlertState::resolved);
  EXPECT_EQ(cut->batch.alerts()[1].state, AlertState::firing);
  EXPECT_FALSE(cut->batch.alerts()[1].ends_at);
}

TEST(Webhook, NamesWhatIsWrongAndWhere) {
  std::string many = "{";
  for (int i = 0; i < 257; ++i) many += (i == 0 ? "\"l" : ",\"l") + std::to_string(i) + "\":\"x\"";
  many += "}";
  std::string alerts = R"({"status":"firing","labels":{"a":"b"}})";
  for (int i = 0; i < 10'000; ++i) alerts += R"(,{"status":"firing","labels":{"a":"b"}})";
  const struct {
    std::string body;
    const char* path;
    Reason reason;
  } cases[] = {
      {"", "", Reason::malformed},
      {"not json", "", Reason::wrong_type},
      {"[]", "", Reason::wrong_type},
      {"{}", "/alerts", Reason::missing},
      {R"({"alerts":[]} x)", "", Reason::malformed},
      {R"({"alerts":[]} {"alerts":[]})", "", Reason::malformed},
      {R"({"alerts":[)" + alerts + "]}", "/alerts", Reason::too_large},
      {R"({"alerts":{}})", "/alerts", Reason::wrong_type},
      {R"({"alerts":[1]})", "/alerts/0", Reason::wrong_type},
      {R"({"alerts":[],"truncatedAlerts":"x"})", "/truncatedAlerts", Reason::wrong_type},
      {with_alert(R"("labels":{"a":"b"})"), "/alerts/0/status", Reason::missing},
      {with_alert(R"("status":"on","labels":{"a":"b"})"), "/alerts/0/status", Reason::out_of_range},
      {with_alert(R"("status":1,"labels":{"a":"b"})"), "/alerts/0/status", Reason::wrong_type},
      {with_alert(R"("status":"firing")"), "/alerts/0/labels", Reason::missing},
      {with_alert(R"("status":"firing","labels":{})"), "/alerts/0/labels", Reason::missing},
      {with_alert(R"("status":"firing","labels":{"a":""})"), "/alerts/0/labels", Reason::missing},
      {with_alert(R"("status":"firing","labels":{"a":1})"), "/alerts/0/labels/a", Reason::wrong_type},
      {with_alert(R"("status":"firing","labels":{"a/b~":1})"), "/alerts/0/labels/a~1b~0", Reason::wrong_type},
      {with_alert(R"("status":"firing","labels":{"a":"x","a":"y"})"), "/alerts/0/labels", Reason::duplicate},
      {with_alert(R"("status":"firing","labels":{"a":"\u0000"})"), "/alerts/0/labels/a", Reason::out_of_range},
      {with_alert(R"("status":"firing","labels":{"a":"\u001b[31m"})"), "/alerts/0/labels/a", Reason::out_of_range},
      {with_alert(R"("status":"firing","labels":{"a":")" + std::string(70'000, 'x') + "\"}"), "/alerts/0/labels/a",
       Reason::out_of_range},
      {with_alert(R"("status":"firing","labels":)" + many), "/alerts/0/labels", Reason::too_large},
      {with_alert(R"("status":"firing","labels":{"a":"b"},"startsAt":"yesterday")"), "/alerts/0/startsAt",
       Reason::malformed},
      {with_alert(R"("status":"firing","labels":{"a":"b"},"annotations":[])"), "/alerts/0/annotations",
       Reason::wrong_type},
      {with_alert(R"("status":"firing","labels":{"a":"b)"), "", Reason::malformed},
      {R"({"alerts":[{"status":"firing","labels":{"a":"b"}},{"status":"firing","labels":{"a":5}}]})",
       "/alerts/1/labels/a", Reason::wrong_type},
      {"{\"alerts\":[],\"x\":\"\xff\"}", "", Reason::malformed},
  };
  for (const auto& one : cases) {
    const auto webhook = decode(one.body);
    ASSERT_FALSE(webhook) << one.body.substr(0, 100);
    if (*one.path != '\0') {
      EXPECT_EQ(webhook.error().path, one.path) << one.body.substr(0, 100);
    }
    EXPECT_EQ(webhook.error().reason, one.reason) << one.body.substr(0, 100) << ": " << to_string(webhook.error());
    EXPECT_FALSE(webhook.error().detail.empty());
  }
}

TEST(Webhook, TakesARealRecordingByteForByte) {
  std::ifstream recording(std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/config/demo/alertmanager.jsonl");
  Decoder decoder;  // one for all, as in the daemon
  std::size_t requests = 0;
  std::size_t alerts = 0;
  for (std::string line; std::getline(recording, line); ++requests) {
    const auto value = boost::json::parse(line);
    constexpr std::string_view kBody = "\"body\":";
    const std::size_t begin = line.find(kBody) + kBody.size();
    const auto webhook = decoder.decode(line.substr(begin, line.size() - begin - 1), kNow);  // as it stands there
    ASSERT_TRUE(webhook) << to_string(webhook.error());
    const auto& wanted = value.at("body").at("alerts").as_array();
    ASSERT_EQ(webhook->batch.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i, ++alerts) {
      const Alert& alert = webhook->batch.alerts()[i];
      EXPECT_EQ(alert.labels.size(), wanted[i].at("labels").as_object().size());
    }
  }
  EXPECT_EQ(requests, 24U);
  EXPECT_GT(alerts, 40U);
}

}  // namespace
}  // namespace iwakan::sources::alertmanager

// Goal: the mappings that are shipped say what their senders mean: what fires, what ends it, and that both are of
// one alert. Method: a request as each sends it, in testdata, and the same with its end in it (wire-formats A7).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "runtime/read_file.hpp"
#include "settings/yaml.hpp"
#include "sources/generic/mapping.hpp"

namespace iwakan::sources::generic {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kSource = std::getenv("IWAKAN_SOURCE_DIR");
const TimePoint kNow = *parse_time("2026-09-21T14:20:00Z");

Mapping mapping_of(const std::string& file) {
  Complaints complaints;
  const auto tree = settings::parse_yaml(*runtime::read_file(file, 65536), file, complaints);
  Mapping mapping;
  if (tree) mapping = parse_mapping(*tree, complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return mapping;
}

json::value sample(const std::string& name) {
  return json::parse(*runtime::read_file(kSource + "/daemon/sources/generic/testdata/" + name + ".json", 65536));
}

Result<Received> map(const std::string& name, const std::string& body,
                     std::span<const std::pair<std::string_view, std::string_view>> headers = {}) {
  return apply(mapping_of(kSource + "/config/mappings/" + name + ".yaml"),
               {.method = "POST", .target = "/v1/events/x", .headers = headers, .body = body, .at = kNow});
}

struct Shipped {
  const char* name;
  const char* alert_name;
  const char* service;
  const char* severity;
  const char* value;
  const char* starts_at;
  std::vector<std::pair<const char*, json::value>> end;  // what is different when it ends
};

const Shipped kShipped[] = {
    {"azure",
     "cpu",
     "orders",
     "high",
     "77.5",
     "2026-09-21T14:13:20.123456700Z",
     {{"/data/essentials/monitorCondition", "Resolved"}}},
    {"cloudevents", "ReplicationLag", "orders", "", "12.5", "2026-09-21T14:13:20Z", {{"/data/status", "resolved"}}},
    {"datadog",
     "[Triggered] Checkout latency",
     "checkout",
     "critical",
     "",
     "2026-09-21T14:13:20.123Z",
     {{"/state", "Recovered"}, {"/title", "[Recovered] Checkout latency"}}},
    {"google_cloud",
     "API errors",
     "api",
     "critical",
     "7.25",
     "2026-09-21T14:13:20Z",
     {{"/incident/state", "closed"}, {"/incident/ended_at", 1'790'000'300}}},
    {"pagerduty",
     "disk full on srv01",
     "storage",
     "critical",
     "96.5",
     "2026-09-21T14:13:20Z",
     {{"/event_action", "resolve"}, {"/payload", nullptr}}},
    {"uptime_kuma",
     "shop",
     "shop",
     "",
     "",
     "2026-09-21T14:13:20Z",
     {{"/heartbeat/status", 1}, {"/heartbeat/ping", 31}}},
    {"zabbix", "ディスク残量低下 on db1", "orders", "high", "96.5 %", "2026-09-21T14:13:20Z", {{"/state", "recovery"}}},
};

TEST(Shipped, EachHasATest) {
  std::size_t mappings = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSource + "/config/mappings")) {
    mappings += entry.path().extension() == ".yaml" ? 1U : 0U;
  }
  EXPECT_EQ(mappings, std::size(kShipped));
}

TEST(Shipped, EachTellsBeginningAndEndOfOneAlert) {
  for (const Shipped& one : kShipped) {
    SCOPED_TRACE(one.name);
    json::value body = sample(one.name);
    const auto began = map(one.name, json::serialize(body));
    ASSERT_TRUE(began) << to_string(began.error());
    ASSERT_EQ(began->batch.size(), 1U);
    const Alert& alert = began->batch.alerts()[0];
    EXPECT_EQ(alert.state, AlertState::firing);
    EXPECT_EQ(alert.label("alertname"), one.alert_name);
    EXPECT_EQ(alert.label("service"), one.service);
    EXPECT_EQ(alert.label("severity"), one.severity);
    EXPECT_EQ(alert.annotation("value"), one.value);
    EXPECT_EQ(format_time(alert.starts_at), one.starts_at);
    EXPECT_FALSE(alert.annotation("summary").empty() && one.name != std::string("cloudevents"));
    for (const Label& each : alert.labels) EXPECT_THAT(std::string(each.value), Not(HasSubstr("canary")));

    for (const auto& [pointer, value] : one.end) body.at_pointer(pointer) = value;
    const auto ended = map(one.name, json::serialize(body));
    ASSERT_TRUE(ended) << to_string(ended.error());
    ASSERT_EQ(ended->batch.size(), 1U);
    EXPECT_EQ(ended->batch.alerts()[0].state, AlertState::resolved);
    EXPECT_EQ(ended->batch.alerts()[0].fingerprint, alert.fingerprint);
  }
}

TEST(Shipped, WhatIsNoNewsIsNone) {
  const struct {
    const char* name;
    const char* pointer;
    json::value value;
  } cases[] = {{"uptime_kuma", "/heartbeat", nullptr},
               {"uptime_kuma", "/heartbeat/status", 3},
               {"zabbix", "/state", "update"},
               {"pagerduty", "/event_action", "acknowledge"},
               {"datadog", "/state", "Renotify"}};
  for (const auto& one : cases) {
    json::value body = sample(one.name);
    body.at_pointer(one.pointer) = one.value;
    const auto received = map(one.name, json::serialize(body));
    ASSERT_TRUE(received) << one.name << to_string(received.error());
    EXPECT_EQ(received->batch.size(), 0U) << one.name;
  }
  json::value blind = sample("datadog");
  blind.at_pointer("/state") = "No Data";
  EXPECT_EQ(map("datadog", json::serialize(blind))->batch.alerts()[0].state, AlertState::no_data);
}

TEST(Shipped, VariablesWithoutAValueAreLeftOut) {
  const auto received = map("datadog", json::serialize(sample("datadog")));
  EXPECT_EQ(received->batch.alerts()[0].label("host"), "");
  EXPECT_EQ(received->batch.alerts()[0].label("env"), "prod");
  EXPECT_EQ(map("zabbix", json::serialize(sample("zabbix")))->batch.alerts()[0].link, "");
}

TEST(Shipped, KumasFormDataIsItsJson) {
  const std::pair<std::string_view, std::string_view> headers[] = {{"content-type", "multipart/form-data; boundary=b"}};
  const auto received = map("uptime_kuma",
                            "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n" +
                                json::serialize(sample("uptime_kuma")) + "\r\n--b--\r\n",
                            headers);
  ASSERT_TRUE(received) << to_string(received.error());
  EXPECT_EQ(received->batch.alerts()[0].label("tag_team"), "web");
}

TEST(Shipped, CloudEventsComeInHeadersAndInBatchesToo) {
  const std::pair<std::string_view, std::string_view> headers[] = {{"ce-source", "/probe"},
                                                                   {"ce-subject", "db1"},
                                                                   {"ce-type", "com.example.alert"},
                                                                   {"ce-time", "2026-09-21T14:13:20Z"}};
  const json::value event = sample("cloudevents");
  const auto structured = map("cloudevents", json::serialize(event));
  const auto binary = map("cloudevents", json::serialize(event.at_pointer("/data")), headers);
  ASSERT_TRUE(binary) << to_string(binary.error());
  EXPECT_EQ(binary->batch.alerts()[0].fingerprint, structured->batch.alerts()[0].fingerprint);
  EXPECT_EQ(map("cloudevents", json::serialize(json::array{event, event}))->batch.size(), 2U);
}

TEST(Shipped, PagerDutysSendersHearWhatTheyWaitFor) {
  const auto received = map("pagerduty", json::serialize(sample("pagerduty")));
  EXPECT_EQ(received->status, 202);
  EXPECT_EQ(json::parse(received->answer).at("dedup_key"), "srv01/disk");
}

}  // namespace
}  // namespace iwakan::sources::generic

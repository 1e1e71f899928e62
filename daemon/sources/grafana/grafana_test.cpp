// Goal: Grafana's numbers are kept, and what Grafana no longer looked at is no recovery. Method: webhooks as
// Grafana posts them, in testdata (reference wire-formats A6), through the source as the catalogue makes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "runtime/read_file.hpp"
#include "sinks/http_client.hpp"
#include "sources/grafana/source.hpp"

namespace iwakan::sources::grafana {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class NoClient final : public sinks::HttpClient {
 public:
  void send(sinks::HttpRequest, Done) override { FAIL() << "nothing is fetched"; }
  void send(sinks::MailRequest, Done) override { FAIL() << "nothing is sent"; }
};

std::string sample(const std::string& name) {
  const std::string folder = std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/daemon/sources/grafana/testdata/";
  return *runtime::read_file(folder + name + ".json", 65536);
}

class Grafana : public ::testing::Test {
 protected:
  Grafana() {
    const Setting setting;
    Complaints complaints;
    Fields fields(setting, complaints);
    source = parse(fields)({client, [](const std::function<void()>& what) { what(); }});
  }

  Result<Received> receive(const std::string& body) {
    Result<Received> outcome = Failure{};
    source->receive({.method = "PUT",
                     .target = "/v1/grafana",
                     .headers = {},
                     .body = body,
                     .at = *parse_time("2026-09-01T00:31:00Z")},
                    [&outcome](Result<Received> received) { outcome = std::move(received); });
    return outcome;
  }

  // The only alert of a sample; it stays until the next.
  const Alert& alert_of(const std::string& name) {
    auto received = receive(sample(name));
    EXPECT_TRUE(received) << to_string(received.error());
    EXPECT_EQ(received->batch.size(), 1U);
    kept = *std::move(received);
    return kept.batch.alerts()[0];
  }

  NoClient client;
  std::unique_ptr<Source> source;
  Received kept;
};

TEST_F(Grafana, ValuesAreKeptAsNumbers) {
  const Alert& alert = alert_of("firing");
  EXPECT_EQ(alert.state, AlertState::firing);
  EXPECT_EQ(alert.annotation("value"), "812.25");  // A, not the condition C
  EXPECT_EQ(alert.annotation("value_A"), "812.25");
  EXPECT_EQ(alert.annotation("value_C"), "1");
  EXPECT_EQ(alert.annotation("dashboard"), "https://grafana.example/d/abc?from=1");
  EXPECT_EQ(alert.annotation("panel"), "");
  EXPECT_EQ(alert.label("grafana_folder"), "shop");
  EXPECT_EQ(format_time(alert.starts_at), "2026-09-01T00:00:00Z");
  EXPECT_EQ(alert.link, "https://grafana.example/alerting/grafana/abc/view?orgId=1");
  for (const Label& annotation : alert.annotations)
    EXPECT_THAT(std::string(annotation.value), Not(HasSubstr("silence")));
}

TEST_F(Grafana, TheAlertsOwnValueComesFirst) {
  json::value body = json::parse(sample("firing"));
  body.at_pointer("/alerts/0/annotations").as_object()["value"] = "95 %";
  EXPECT_EQ(receive(json::serialize(body))->batch.alerts()[0].annotation("value"), "95 %");
}

TEST_F(Grafana, ValuesOfOneAlertAreNotThoseOfTheNext) {
  json::value body = json::parse(sample("firing"));
  json::array& alerts = body.as_object()["alerts"].as_array();
  alerts.push_back(alerts[0]);
  alerts[1].as_object()["labels"].as_object()["service"] = "search";
  alerts[1].as_object().erase("values");
  alerts[1].as_object().erase("dashboardURL");
  const auto received = receive(json::serialize(body));
  ASSERT_EQ(received->batch.size(), 2U);
  EXPECT_EQ(received->batch.alerts()[1].annotation("value"), "");
  EXPECT_EQ(received->batch.alerts()[1].annotation("dashboard"), "");
  // Nor are those of a request that was refused half-way.
  alerts[1] = alerts[0];
  alerts[1].as_object()["status"] = "perhaps";
  EXPECT_FALSE(receive(json::serialize(body)));
  alerts.erase(alerts.begin(), alerts.end());
  alerts.push_back(json::parse(sample("no_data")).at_pointer("/alerts/0"));
  EXPECT_EQ(receive(json::serialize(body))->batch.alerts()[0].annotation("value"), "");
}

TEST_F(Grafana, ARecoveryIsOneAndASeriesThatIsGoneIsNone) {
  const Fingerprint fired = alert_of("firing").fingerprint;
  EXPECT_EQ(alert_of("resolved").state, AlertState::resolved);
  EXPECT_EQ(kept.batch.alerts()[0].fingerprint, fired);
  EXPECT_EQ(alert_of("missing_series").state, AlertState::no_data);
  EXPECT_EQ(kept.batch.alerts()[0].fingerprint, fired);
  EXPECT_FALSE(kept.batch.alerts()[0].ends_at);
}

TEST_F(Grafana, BeingBlindIsAnAlertOfItsOwn) {
  for (const char* name : {"no_data", "error"}) {
    const Alert& alert = alert_of(name);
    EXPECT_EQ(alert.state, AlertState::firing) << name;
    EXPECT_EQ(alert.label("rulename"), "HighLatency");
    EXPECT_EQ(alert.annotation("value"), "");
  }
}

TEST_F(Grafana, NamesWhatIsWrong) {
  const struct {
    const char* pointer;
    json::value value;
    const char* path;
  } cases[] = {{"/alerts/0/values", "x", "/alerts/0/values"},
               {"/alerts/0/panelURL", 5, "/alerts/0/panelURL"},
               {"/alerts/0/status", "alerting", "/alerts/0/status"},
               {"/alerts", 5, "/alerts"}};
  for (const auto& one : cases) {
    json::value body = json::parse(sample("firing"));
    body.at_pointer(one.pointer) = one.value;
    const auto received = receive(json::serialize(body));
    ASSERT_FALSE(received) << one.pointer;
    EXPECT_EQ(received.error().path, one.path);
  }
  EXPECT_THAT(receive("{}").error().detail, HasSubstr("Grafana"));
}

}  // namespace
}  // namespace iwakan::sources::grafana

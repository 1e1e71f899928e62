// Goal: every happening moves its metric and, where it should, writes its line; the metrics are such as
// Prometheus' own linter accepts. Method: report each, read both; promtool when it is installed, and
// its rules by hand in any case.
#include "telemetry/telemetry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace iwakan::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct TelemetryTest : testing::Test {
  std::string metric(const std::string& name) const {  // the value of a sample, by name and labels as printed
    std::istringstream lines(telemetry.metrics());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
    }
    return "absent";
  }

  std::ostringstream out;
  Log log{Level::info, Log::Form::journal, out};
  runtime::ManualClock clock;
  Telemetry telemetry{
      {.sources = {"alertmanager", "cloudwatch"}, .sinks = {"slack"}, .started_at = TimePoint(1500ms)}, log, clock};
};

TEST_F(TelemetryTest, CountsAlertsWithoutALinePerRequest) {
  telemetry.report(AlertsTaken{"alertmanager", 64, 3});
  telemetry.report(AlertsTaken{"alertmanager", 1, 0});
  EXPECT_EQ(metric("iwakan_source_requests_total{source=\"alertmanager\"}"), "2");
  EXPECT_EQ(metric("iwakan_source_alerts_total{source=\"alertmanager\"}"), "65");
  EXPECT_EQ(metric("iwakan_source_transitions_total{source=\"alertmanager\"}"), "3");
  EXPECT_EQ(metric("iwakan_source_alerts_total{source=\"cloudwatch\"}"), "0");
  EXPECT_EQ(out.str(), "");
}

TEST_F(TelemetryTest, SaysWhyARequestWasRefused) {
  telemetry.report(RequestRefused{.source = "alertmanager",
                                  .reason = Reason::missing,
                                  .detail = "no \"alerts\"\nhere",
                                  .path = "/alerts",
                                  .remote = "192.0.2.7"});
  EXPECT_EQ(metric("iwakan_requests_refused_total{reason=\"missing\",source=\"alertmanager\"}"), "1");
  EXPECT_EQ(out.str(),
            "<4>level=warning msg=\"request refused\" source=alertmanager reason=missing path=/alerts "
            "detail=\"no \\\"alerts\\\"\\nhere\" remote=192.0.2.7\n");
}

TEST_F(TelemetryTest, AStormOfRefusalsFillsTheMetricAndNotTheLog) {
  for (int i = 0; i < 1000; ++i) telemetry.report(RequestRefused{.source = "http"});
  EXPECT_EQ(metric("iwakan_requests_refused_total{reason=\"malformed\",source=\"http\"}"), "1000");
  const std::string storm = out.str();
  EXPECT_EQ(std::count(storm.begin(), storm.end(), '\n'), 20);
  clock.advance(10s);
  telemetry.report(ConnectionRefused{ConnectionRefusal::too_many, "192.0.2.7"});
  EXPECT_THAT(out.str(), HasSubstr("refusals=980\n"));
  EXPECT_THAT(out.str(), HasSubstr("msg=\"connection refused\" reason=too_many remote=192.0.2.7\n"));
}

TEST_F(TelemetryTest, SaysWhatBecameOfADelivery) {
  telemetry.report(DeliveryAttempted{"INC-1.1.supervisor-abe", "slack", DeliveryVerdict::retry_later,
                                     DeliveryReason::rate_limited, "asked to wait", 250ms});
  EXPECT_EQ(metric("iwakan_delivery_attempts_total{reason=\"rate_limited\",sink=\"slack\",verdict=\"retry_later\"}"),
            "1");
  EXPECT_EQ(metric("iwakan_delivery_duration_seconds_sum{sink=\"slack\"}"), "0.25");
  EXPECT_THAT(out.str(), HasSubstr("<4>level=warning msg=\"delivery attempted\" delivery=INC-1.1.supervisor-abe "));
}

TEST_F(TelemetryTest, MeasuresHowWellPeopleAreTold) {
  telemetry.report(IncidentDetected{2min});
  telemetry.report(FirstReportSent{Audience::supervisor, 40s});
  telemetry.report(FirstReportSent{Audience::everybody, 5min});
  telemetry.report(ReportAcknowledged{90s});
  telemetry.report(PromiseSettled{true});
  telemetry.report(PromiseSettled{false});
  telemetry.report(QuestionWent{QuestionWay::responders});
  EXPECT_EQ(metric("iwakan_incident_detection_seconds_sum"), "120");
  EXPECT_EQ(metric("iwakan_incident_first_report_seconds_sum{audience=\"supervisors\"}"), "40");
  EXPECT_EQ(metric("iwakan_incident_first_report_seconds_sum{audience=\"everybody\"}"), "300");
  EXPECT_EQ(metric("iwakan_acknowledgement_seconds_bucket{le=\"120\"}"), "1");
  EXPECT_EQ(metric("iwakan_promises_total{outcome=\"kept\"}"), "1");
  EXPECT_EQ(metric("iwakan_promises_total{outcome=\"missed\"}"), "1");
  EXPECT_EQ(metric("iwakan_questions_total{way=\"responders\"}"), "1");
  EXPECT_EQ(metric("iwakan_questions_total{way=\"known\"}"), "0");
}

TEST_F(TelemetryTest, ASinkThatCameByReloadBeginsAtZero) {
  telemetry.know_sink("mail");
  telemetry.know_sink("mail");
  EXPECT_EQ(metric("iwakan_delivery_attempts_total{reason=\"accepted\",sink=\"mail\",verdict=\"delivered\"}"), "0");
  telemetry.report(DeliveryAttempted{.delivery = "d", .sink = "mail"});
  EXPECT_EQ(metric("iwakan_delivery_attempts_total{reason=\"accepted\",sink=\"mail\",verdict=\"delivered\"}"), "1");
}

TEST_F(TelemetryTest, AnUnknownNameBecomesNoLabel) {
  telemetry.report(AlertsTaken{"forged", 1, 1});
  telemetry.report(AlertsTaken{"http", 1, 1});
  telemetry.report(RequestRefused{.source = "forged"});
  telemetry.report(DeliveryAttempted{.delivery = "d", .sink = "forged"});
  // What the dispatcher never says counts for nothing either.
  telemetry.report(DeliveryAttempted{.delivery = "d", .sink = "slack", .reason = DeliveryReason::tls});
  EXPECT_THAT(telemetry.metrics(), Not(HasSubstr("forged")));
}

TEST_F(TelemetryTest, TellsOfAReloadBothWays) {
  EXPECT_EQ(metric("iwakan_configuration_last_reload_success_timestamp_seconds"), "1.5");
  telemetry.report(ConfigurationReloaded{Failure{Reason::unknown_name, "unknown key", "sinks.mail.prot"}, {}, {}});
  EXPECT_EQ(metric("iwakan_configuration_last_reload_successful"), "0");
  EXPECT_EQ(metric("iwakan_configuration_reloads_refused_total"), "1");
  EXPECT_THAT(out.str(), HasSubstr("path=sinks.mail.prot detail=\"unknown key\""));
  telemetry.report(ConfigurationReloaded{{}, TimePoint(2s), {}});
  EXPECT_EQ(metric("iwakan_configuration_last_reload_successful"), "1");
  EXPECT_EQ(metric("iwakan_configuration_last_reload_success_timestamp_seconds"), "2");
}

TEST_F(TelemetryTest, MovesTheRestOfItsMetrics) {
  telemetry.report(IncidentOpened{"INC-1", "checkout\n", DecisionReason::opened_by_statement, 2});
  telemetry.report(TemplateFellBack{"first.ja", "no such section"});
  telemetry.report(CommitWritten{3, 400, 2ms});
  telemetry.report(RequestAnswered{202, 1ms});
  telemetry.report(RequestAnswered{503, 1ms});
  telemetry.report(RequestAnswered{0, 1ms});
  telemetry.report(ConnectionsCounted{12});
  telemetry.report(ConnectionRefused{ConnectionRefusal::out_of_descriptors, ""});
  telemetry.report(Standing{1, 2, 3, 4, 5, 6, 7s, 8});
  telemetry.report(RuleRemembers{"flapping", 20, 0});
  telemetry.report(RuleRemembers{"flapping", 18, 3});
  struct Row {
    const char* name;
    const char* value;
  };
  for (const Row& row : {Row{"iwakan_rule_streams{rule=\"flapping\"}", "18"},
                         Row{"iwakan_rule_streams_forgotten{rule=\"flapping\"}", "3"},
                         Row{"iwakan_incidents_opened_total{reason=\"opened_by_statement\"}", "1"},
                         Row{"iwakan_template_fallbacks_total", "1"},
                         Row{"iwakan_commit_records_total", "3"},
                         Row{"iwakan_commit_bytes_total", "400"},
                         Row{"iwakan_commit_duration_seconds_count", "1"},
                         Row{"iwakan_http_requests_total{code=\"2xx\"}", "1"},
                         Row{"iwakan_http_requests_total{code=\"5xx\"}", "1"},
                         Row{"iwakan_http_requests_total{code=\"1xx\"}", "0"},
                         Row{"iwakan_http_request_duration_seconds_count", "3"},
                         Row{"iwakan_http_connections", "12"},
                         Row{"iwakan_http_connections_refused_total{reason=\"out_of_descriptors\"}", "1"},
                         Row{"iwakan_events_queued", "1"},
                         Row{"iwakan_alerts_active", "2"},
                         Row{"iwakan_suspicions", "3"},
                         Row{"iwakan_incidents_live", "4"},
                         Row{"iwakan_deliveries_pending", "5"},
                         Row{"iwakan_deliveries_dead", "6"},
                         Row{"iwakan_deliveries_oldest_pending_age_seconds", "7"},
                         Row{"iwakan_journal_sequence", "8"},
                         Row{"iwakan_start_time_seconds", "1.5"},
                         Row{"iwakan_build_info{version=\"0.1.0\"}", "1"}}) {
    EXPECT_EQ(metric(row.name), row.value) << row.name;
  }
  EXPECT_THAT(out.str(), HasSubstr("rule=flapping forgotten=3"));
  EXPECT_THAT(out.str(), HasSubstr("msg=\"incident opened\" incident=INC-1 subject=\"checkout\\n\""));
}

// The rules of promlint (Prometheus client_golang), as far as names go.
TEST_F(TelemetryTest, NamesItsMetricsAsPrometheusLikesThem) {
  const std::string text = telemetry.metrics();
  std::istringstream words(text);
  int families = 0;
  for (std::string word; words >> word;) {
    std::string name, type;
    if (word != "TYPE" || !(words >> name >> type)) continue;
    ++families;
    EXPECT_TRUE(name.starts_with("iwakan_")) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    EXPECT_EQ(type == "counter", name.ends_with("_total")) << name;
    for (const char* part : {"_count_", "_sum_", "_bucket_", "_gauge_", "_counter_", "_histogram_", "_summary_", "_ms_",
                             "_milliseconds_", "_sec_", "_minutes_", "_hours_", "_kb_", "_kilobytes_"}) {
      EXPECT_THAT(name + "_", Not(HasSubstr(part)));
    }
    EXPECT_THAT(text, HasSubstr("# HELP " + name + " "));
  }
  EXPECT_GT(families, 25);
}

TEST_F(TelemetryTest, PassesPromtoolWhereItIsInstalled) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) return;
  telemetry.report(RequestAnswered{200, 1ms});
  std::FILE* promtool = popen("promtool check metrics 2>&1", "w");
  ASSERT_NE(promtool, nullptr);
  const std::string text = telemetry.metrics();
  std::fwrite(text.data(), 1, text.size(), promtool);
  EXPECT_EQ(pclose(promtool), 0);
}

}  // namespace
}  // namespace iwakan::telemetry

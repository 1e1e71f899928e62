// Goal: what must not be kept of an alert's text stands nowhere, and the alert is still the same one; what only looks a
// little like a credential stays readable. Method: tables of texts, and an engine whose rows and records are searched.
#include "engine/redaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using ::testing::HasSubstr;
using testing::list;
using testing::map;
using testing::scalar;

Redaction redaction_of(Setting section, std::string& complaints_text) {
  Complaints complaints;
  const Setting tree = map({{"redact", std::move(section)}});
  Fields root(tree, complaints);
  Redaction redaction = Redaction::parse(root);
  for (const Complaint& complaint : complaints) complaints_text += to_string(complaint) + "\n";
  return redaction;
}

Redaction redaction_of(Setting section) {
  std::string complaints;
  Redaction redaction = redaction_of(std::move(section), complaints);
  EXPECT_EQ(complaints, "");
  return redaction;
}

TEST(Redaction, TakesOutCredentialsByTheirShape) {
  const struct {
    const char* text;
    const char* kept;
  } cases[] = {
      {"postgres://app:s3cr3t@db/x failed", "postgres://app:[removed]@db/x failed"},
      {"curl -H 'Authorization: Bearer abcdef0123456789' x", "curl -H 'Authorization: Bearer [removed]' x"},
      {"https://x/?a=1&token=canary&b=2", "https://x/?a=1&token=[removed]&b=2"},
      {"DB_PASSWORD=canary; PWD='canary two'", "DB_PASSWORD=[removed]; PWD='[removed] two'"},
      {R"({"password": "hunter2", "api_key":"k3y"})", R"({"password": "[removed]", "api_key":"[removed]"})"},
      {"https://b.blob/x?sv=1&sig=canary%3D&se=2", "https://b.blob/x?sv=1&sig=[removed]&se=2"},
      {"key AKIAABCDEFGHIJKLMNOP leaked", "key [removed] leaked"},
      {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln.", "jwt [removed]."},
      {"https://hooks.slack.com/services/T0/B0/canary", "https://hooks.slack.com/services/[removed]"},
      {"ghp_0123456789abcdef0123 と xoxb-0123456789-abcdef", "[removed] と [removed]"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nend", "[removed]\nend"},
      {"a -----BEGIN PRIVATE KEY-----\ncut off", "a [removed]"},
  };
  const Redaction redaction;
  for (const auto& one : cases) {
    EXPECT_EQ(redaction.redact(one.text).value_or(one.text), one.kept);
    AlertBatch batch;
    const Label labels[] = {{"alertname", "A"}, {"team", one.text}, {"z", "1"}};
    Alert alert;
    alert.labels = labels;
    const auto redacted = redaction.redact(alert, batch);
    ASSERT_TRUE(redacted) << one.text;
    EXPECT_EQ(redacted->label("team"), one.kept);
    EXPECT_EQ(redacted->label("alertname"), "A");
  }
}

TEST(Redaction, LeavesWhatTellsSomething) {
  for (const char* text :
       {"", "disk 96% used on db1", "password: expired for three users", "http://prom:9090/graph?g0.expr=up&g0.tab=1",
        "secret db-credentials is missing", "tokens_per_second=5", "basic auth fails", "mailto:sato@books.example",
        "https://example.com/a:b@c", "残り 3 件、トークン期限切れ", "arn:aws:sns:ap-northeast-1:111122223333:alarms"}) {
    EXPECT_EQ(Redaction().redact(text), std::nullopt) << text;
  }
}

TEST(Redaction, TakesOutWhatTheConfigurationSays) {
  const Redaction redaction = redaction_of(
      map({{"credentials", scalar("false")},
           {"labels", list({scalar("client_ip")})},
           {"patterns", list({scalar(R"(\b0\d{1,3}-\d{2,4}-\d{4}\b)"), scalar(R"(customer ([A-Z]\d+))")})}}));
  EXPECT_EQ(redaction.redact("call 03-1234-5678 for customer K77 or customer L8"),
            "call [removed] for customer [removed] or customer [removed]");
  EXPECT_EQ(redaction.redact("token=stays"), std::nullopt);
  EXPECT_TRUE(redaction.removes("client_ip"));
  EXPECT_FALSE(redaction.removes("client"));
}

TEST(Redaction, EverySlipIsNamed) {
  const struct {
    Setting pattern;
    const char* says;
  } cases[] = {{scalar("("), "\"(\" is none: missing"},
               {scalar("(a)(b)"), "has several groups"},
               {scalar("a*"), "fits the empty text"},
               {scalar(".{0,1000}.{0,1000}z"), "is too costly"}};
  for (const auto& one : cases) {
    std::string complaints;
    redaction_of(map({{"patterns", list({one.pattern})}}), complaints);
    EXPECT_THAT(complaints, HasSubstr(one.says));
  }
  std::vector<Setting> many;
  many.reserve(30);
  for (int i = 0; i < 30; ++i) many.push_back(scalar("[a-z]{1,150}" + std::to_string(i)));
  std::string complaints;
  redaction_of(map({{"patterns", list(many)}}), complaints);
  EXPECT_THAT(complaints, HasSubstr("all expressions together are too costly"));
}

TEST(Redaction, OfAnAlertNothingIsKeptAndItIsTheSameOne) {
  auto settings = testing::demo_settings();
  settings->redaction = redaction_of(map({{"labels", list({scalar("client_ip"), scalar("who")})}}));
  testing::Story story(settings);
  const testing::Labels labels{
      {"alertname", "Down token=canary1"}, {"client_ip", "canary2"}, {"service", "pay"}, {"severity", "critical"}};
  const auto batch = [&](AlertState state, TimePoint starts_at) {
    const AlertBatch plain = testing::one_alert(state, labels, starts_at);
    AlertBatch whole;
    Alert alert = plain.alerts()[0];
    const Label annotations[] = {{"summary", "login to https://app:canary3@pay/ fails"}, {"who", "canary4"}};
    alert.annotations = annotations;
    alert.link = "https://pay/?api_key=canary5";
    whole.add_copy(alert);
    return whole;
  };
  const TimePoint began = story.now();
  EXPECT_EQ(
      story.step(AlertsReceived{story.now(), "alertmanager", batch(AlertState::firing, began), false}).transitions, 1U);
  story.advance(std::chrono::minutes(1));
  EXPECT_EQ(story.step(AlertsReceived{story.now(), "alertmanager", batch(AlertState::firing, began), false}).refreshes,
            1U);
  EXPECT_NE(story.engine().alerts().find("alertmanager", batch(AlertState::firing, began).alerts()[0].fingerprint),
            nullptr);
  story.step(AlertsReceived{story.now(), "alertmanager", batch(AlertState::resolved, began), false});
  EXPECT_EQ(story.engine().alerts().firing(), 0U);
  std::string kept;
  for (const auto& [key, value] : story.rows()) kept += key.second + value + "\n";
  for (const std::string& record : story.journal()) kept += record + "\n";
  EXPECT_THAT(kept, ::testing::Not(HasSubstr("canary")));
  for (const char* text : {"Down token=[removed]", "https://app:[removed]@pay/", "https://pay/?api_key=[removed]"}) {
    EXPECT_THAT(kept, HasSubstr(text));
  }
}

}  // namespace
}  // namespace iwakan::engine

// Goal: a number far from its usual is told; what is no number, and what varies always, is not. Method:
// stories against the engine with this rule alone.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::scalar;
using testing::settings_of;
using testing::Story;

void reading(Story& story, const char* service, const std::string& value) {
  AlertBatch batch;
  Alert alert;
  std::vector<Label> labels{{"alertname", "Slow"}, {"service", batch.keep(service)}};
  std::vector<Label> annotations{{"value", batch.keep(value)}};
  EXPECT_TRUE(batch.keep_sorted(labels, alert.labels));
  EXPECT_TRUE(batch.keep_sorted(annotations, alert.annotations));
  alert.starts_at = story.now();
  alert.fingerprint = fingerprint_of(alert.labels);
  batch.add(alert);
  story.step(
      AlertsReceived{.at = story.now(), .source = "alertmanager", .batch = std::move(batch), .truncated = false});
  story.resolve({{"alertname", "Slow"}, {"service", service}}, story.now());
}

Story after_four_weeks() {
  Story story(settings_of({{"never_seen", scalar("off")}, {"silence", scalar("off")}}, "1 per week"));
  for (int i = 0; i < 28 * 2; ++i) {
    reading(story, "checkout", std::to_string(200 + i * 29 % 40) + " ms");
    story.advance(5h + std::chrono::minutes(i * 41 % 50));
    reading(story, "search", std::to_string(50 + i * 61 % 900));
    story.advance(6h);
  }
  return story;
}

TEST(ValueDeviates, ANumberFarOffIsTold) {
  Story story = after_four_weeks();
  reading(story, "search", "940");
  EXPECT_EQ(story.engine().desk().live_incident("search"), nullptr);
  reading(story, "checkout", "1900 ms");
  const Incident* incident = story.engine().desk().live_incident("checkout");
  ASSERT_NE(incident, nullptr);
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.en, HasSubstr("reads 1900; usual is"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(ValueDeviates, WhatIsNoNumberIsNotRead) {
  Story story = after_four_weeks();
  for (const char* text : {"", "n/a", "nan", "1e999", "inf"}) {
    reading(story, "checkout", text);
    story.advance(11h);
  }
  EXPECT_TRUE(story.engine().suspicions().find("checkout") == story.engine().suspicions().end());
  EXPECT_EQ(story.engine().desk().live_incident("checkout"), nullptr);
}

}  // namespace
}  // namespace iwakan::engine

// Goal: an alert that outlasts its own past is told while it fires; one that always took long is not. Method:
// stories against the engine with this rule alone.
#include <gmock/gmock.h>

#include "engine/testing/story.hpp"
#include "kinds/longer_than_usual/longer_than_usual.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::map;
using testing::scalar;
using testing::settings_of;
using testing::Story;

const testing::Labels kShort{{"alertname", "Queue"}, {"service", "checkout"}};
const testing::Labels kLong{{"alertname", "Reindex"}, {"service", "search"}};

void episode(Story& story, const testing::Labels& labels, Duration lasts) {
  const TimePoint began = story.now();
  story.fire(labels);
  story.advance(lasts);
  story.resolve(labels, began);
}

Story after_four_weeks() {
  Story story(settings_of({{"never_seen", scalar("off")}, {"silence", scalar("off")}}, "1 per week"));
  for (int day = 0; day < 28; ++day) {
    episode(story, kShort, 4min + std::chrono::seconds(day * 97 % 240));
    story.advance(9h);
    episode(story, kLong, 3h + std::chrono::minutes(day * 31 % 90));
    story.advance(10h + std::chrono::minutes(day * 53 % 60));
  }
  return story;
}

// Long episodes while an incident of the subject is open, from `after` its opening on; then one of 150 minutes.
bool hours_are_unusual(Duration after) {
  Story story = after_four_weeks();
  const testing::Labels stated{{"alertname", "Broken"}, {"service", "checkout"}, {"customer_impact", "possible"}};
  const TimePoint began = story.now();
  story.fire(stated);
  EXPECT_NE(story.engine().desk().live_incident("checkout"), nullptr);
  story.advance(after);
  for (int i = 0; i < 4; ++i) {
    episode(story, kShort, 5h);
    story.advance(30min);
  }
  story.resolve(stated, began);
  story.act(act::Judge{"INC-1", Judgement::confirmed, ""});
  story.act(act::DeclareRecovery{"INC-1", "seen to be over"});
  story.act(act::SetStatus{"INC-1", IncidentStatus::closed, "nothing remains"});
  EXPECT_EQ(story.engine().desk().live_incident("checkout"), nullptr);
  story.advance(12h);
  story.fire(kShort);
  story.advance(150min);
  return story.engine().desk().live_incident("checkout") != nullptr;
}

TEST(LongerThanUsual, LearnsNothingFromAnIncidentForADay) {
  EXPECT_TRUE(hours_are_unusual(1min)) << "what belongs to the incident was taken for usual";
  EXPECT_FALSE(hours_are_unusual(25h)) << "an incident that goes on makes deaf for ever";
}

TEST(LongerThanUsual, IsToldWhileItFires) {
  Story story = after_four_weeks();
  story.fire(kLong);
  story.fire(kShort);
  story.advance(3h);
  EXPECT_EQ(story.engine().desk().live_incident("search"), nullptr);
  const Incident* incident = story.engine().desk().live_incident("checkout");
  ASSERT_NE(incident, nullptr);
  EXPECT_THAT(incident->decision.evidence.at(0).sentence.en, HasSubstr("has been firing for"));
  EXPECT_LT(incident->opened_at, story.now() - 1h);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(LongerThanUsual, GoesOnAfterARestart) {
  Story story = after_four_weeks();
  story.fire(kShort);
  story.restart();
  story.advance(3h);
  EXPECT_NE(story.engine().desk().live_incident("checkout"), nullptr);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(LongerThanUsual, BelievesASendersTimesWithinReason) {
  Story story = after_four_weeks();
  for (const char* hostile : {"1700-01-01T00:00:00Z", "2200-01-01T00:00:00Z"}) {
    AlertsReceived event{.at = story.now(), .source = "alertmanager", .batch = {}, .truncated = false};
    event.batch =
        testing::one_alert(AlertState::firing, {{"alertname", "Odd"}, {"service", hostile}}, *parse_time(hostile));
    story.step(std::move(event));
    story.advance(3h);
    story.resolve({{"alertname", "Odd"}, {"service", hostile}}, *parse_time(hostile));
  }
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(LongerThanUsual, WaitsForNothingThatItForgot) {
  const Setting few = map({{"streams_max", scalar("100")}});
  Complaints complaints;
  Fields fields(few, complaints);
  const auto rule = kinds::longer_than_usual::parse(fields)();
  ASSERT_TRUE(complaints.empty());
  const TimePoint began = *parse_time("2031-05-14T01:00:00Z");
  std::vector<Evidence> evidence;
  for (int i = 1; i <= 1'000; ++i) {
    Transition transition;
    transition.at = began + std::chrono::seconds(i);
    transition.fingerprint = static_cast<Fingerprint>(i);
    transition.starts_at = transition.at;
    transition.of_alert = "hostile";
    rule->observe(transition, true, evidence);
  }
  EXPECT_GT(*rule->next_deadline(), began + 900s + 1min) << "of one that is forgotten";
}

}  // namespace
}  // namespace iwakan::engine

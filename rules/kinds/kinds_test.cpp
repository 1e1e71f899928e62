// Goal: each rule finds what it is for, says it so that a manager understands, and keeps quiet
// otherwise. Method: stories against the engine with one rule at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"
#include "kinds/catalog.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::Labels;
using testing::map;
using testing::scalar;
using testing::Story;

std::shared_ptr<Settings> settings_of(std::vector<std::pair<std::string, Setting>> rules, const char* budget) {
  const Setting root = map({{"rules", map(std::move(rules))}, {"budget", scalar(budget)}});
  Complaints complaints;
  Fields fields(root, complaints);
  auto settings = std::make_shared<Settings>(parse_settings(fields, {}));
  fields.finish();
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return settings;
}

TEST(UnusualFrequency, OpensOnABurstAndSaysWhatIsUsual) {
  Story story(settings_of({{"never_seen", scalar("off")}}, "1 per week"));
  for (int i = 0; i < 28 * 4; ++i) {
    story.advance(6h);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", std::to_string(i)}});
  }
  ASSERT_TRUE(story.engine().desk().incidents().empty());
  story.advance(3h);
  for (int i = 0; i < 12; ++i) {
    story.advance(20s);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", "burst" + std::to_string(i)}});
  }
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  const Decision& decision = story.incident("INC-1").decision;
  EXPECT_EQ(decision.reason, DecisionReason::opened_by_evidence);
  EXPECT_LT(decision.evidence.at(0).p_value, decision.threshold);
  EXPECT_THAT(decision.evidence.at(0).sentence.en, HasSubstr("checkout: "));
  EXPECT_THAT(decision.evidence.at(0).sentence.ja, HasSubstr("通常は"));
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(UnusualFrequency, IsNotBelievedWhileItLearns) {
  Story story(settings_of({{"never_seen", scalar("off")}}, "1000 per week"));
  for (int i = 0; i < 20; ++i) {
    story.advance(10s);
    story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"instance", std::to_string(i)}});
  }
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  ASSERT_EQ(story.engine().suspicions().count("checkout"), 1U);
  EXPECT_EQ(story.engine().suspicions().find("checkout")->second.decision.reason, DecisionReason::learning);
  story.restart();
  EXPECT_EQ(story.engine().suspicions().count("checkout"), 1U);
}

TEST(NeverSeen, NewsIsToldOnceAtItsWidestLevel) {
  Story story(settings_of({{"unusual_frequency", scalar("off")}}, "1 per week"));
  for (int i = 0; i < 40; ++i) {
    story.advance(6h);
    story.fire({{"alertname", "Slow"}, {"service", i % 2 == 0 ? "checkout" : "mailer"}, {"n", std::to_string(i)}});
  }
  story.fire({{"alertname", "DataLoss"}, {"service", "checkout"}});
  const Decision& news = story.engine().suspicions().find("checkout")->second.decision;
  ASSERT_EQ(news.evidence.size(), 1U);
  EXPECT_THAT(news.evidence[0].sentence.en, HasSubstr("\"DataLoss\" has never fired before"));
  // A new service is one piece of news, not one for each of its alerts.
  EXPECT_EQ(story.fire({{"alertname", "One"}, {"service", "new"}}).decisions.size(), 1U);
  EXPECT_EQ(story.fire({{"alertname", "Two"}, {"service", "new"}}).decisions.size(), 0U);
  // A new host of a known alert is no news.
  EXPECT_EQ(story.fire({{"alertname", "Slow"}, {"service", "mailer"}, {"n", "new host"}}).decisions.size(), 0U);
}

TEST(OpenWhen, CustomerImpactOpensWhateverTheBudgetSays) {
  Story story(settings_of({}, "0 per week"));
  story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"customer_impact", "confirmed"}});
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.incident("INC-1").impact, Impact::confirmed);
  EXPECT_EQ(story.incident("INC-1").decision.reason, DecisionReason::opened_by_impact);
}

TEST(Catalog, IsSortedByName) {
  const auto kinds = kinds::catalog();
  for (std::size_t i = 1; i < kinds.size(); ++i) EXPECT_LT(kinds[i - 1].name, kinds[i].name);
}

TEST(Settings, AMisspeltRuleIsNamed) {
  const Setting root = map({{"rules", map({{"never_sean", map({})}})}, {"budget", scalar("once a week")}});
  Complaints complaints;
  Fields fields(root, complaints);
  parse_settings(fields, {});
  ASSERT_EQ(complaints.size(), 2U);
  EXPECT_THAT(complaints[0].problem, HasSubstr("1 per week"));
  EXPECT_EQ(complaints[1].remedy, "did you mean \"never_seen\"?");
}

}  // namespace
}  // namespace iwakan::engine

// Goal: news is told once, at its widest. Method: stories against the engine with this rule alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::scalar;
using testing::settings_of;
using testing::Story;

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

}  // namespace
}  // namespace iwakan::engine

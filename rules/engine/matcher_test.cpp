// Goal: matchers mean what they mean in Alertmanager, and an expression that would be slow on hostile
// labels is refused when it is read.
#include "engine/matcher.hpp"

#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

TEST(Matcher, MeansWhatItMeansInAlertmanager) {
  const AlertBatch batch =
      testing::one_alert(AlertState::firing, {{"service", "check\"out"}, {"severity", "critical"}}, {});
  const struct {
    const char* text;
    bool matches;
  } cases[] = {{"severity=\"critical\"", true},
               {"severity = critical", true},
               {"severity!=\"critical\"", false},
               {"severity=~\"crit|warn\"", false},
               {"severity=~\"crit.*|warn\"", true},
               {"severity!~\"info\"", true},
               {"absent=\"\"", true},
               {"absent!=\"\"", false},
               {"service=\"check\\\"out\"", true}};
  for (const auto& one : cases) {
    const auto matcher = Matcher::parse(one.text);
    ASSERT_TRUE(matcher) << one.text;
    EXPECT_EQ(matcher->matches(batch.alerts()[0]), one.matches) << one.text;
  }
}

TEST(Matcher, RefusesWhatCannotBeReadOrWouldBeSlow) {
  for (const char* text : {"", "severity", "=critical", "a!b", "a=~\"(\"", "a=\"x", "a=~\".{0,1000}.{0,1000}z\""}) {
    const auto matcher = Matcher::parse(text);
    ASSERT_FALSE(matcher) << text;
    EXPECT_NE(matcher.error().detail.find("write label="), std::string::npos);
  }
}

}  // namespace
}  // namespace iwakan::engine

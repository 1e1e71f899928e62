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
               {"service=\"check\\\"out\"", true},
               {" \"severity\" = \"critical\" ", true},
               {"\"a=b\"!=\"\"", false},
               {"severity!=\"line\\nbreak\"", true}};
  for (const auto& one : cases) {
    const auto matcher = Matcher::parse(one.text);
    ASSERT_TRUE(matcher) << one.text;
    EXPECT_EQ(matcher->matches(batch.alerts()[0]), one.matches) << one.text;
  }
}

TEST(Matcher, RefusesWhatCannotBeReadOrWouldBeSlow) {
  for (const char* text : {"", "severity", "=critical", "a!b", "a=~\"(\"", "a=\"x", "a=~\".{0,1000}.{0,1000}z\"",
                           "\"a\"", "\"a=1", "\"a\"b=1", "\"\"=1"}) {
    const auto matcher = Matcher::parse(text);
    ASSERT_FALSE(matcher) << text;
    EXPECT_NE(matcher.error().detail.find("write label="), std::string::npos);
  }
}

// However long a label is, an expression takes a bounded time.
TEST(Matcher, LooksAtTheBeginningOfALongValue) {
  const auto letters = Matcher::parse("service=~\"a+\"");
  ASSERT_TRUE(letters);
  EXPECT_FALSE(letters->matches(std::string(4095, 'a') + "b"));
  EXPECT_TRUE(letters->matches(std::string(4096, 'a') + "b"));
}

TEST(Matcher, ReadsWhatItWrites) {
  const LabelCondition all[] = {{"severity", "critical", false, false},
                                {"service", "check.*|\"x\"", true, true},
                                {"警報 =\"名\"", "back\\slash\nline", false, true}};
  for (const LabelCondition& condition : all) {
    const auto made = Matcher::make(condition);
    ASSERT_TRUE(made);
    const auto read = Matcher::parse(made->text());
    ASSERT_TRUE(read) << made->text();
    EXPECT_EQ(read->condition(), condition) << made->text();
  }
}

}  // namespace
}  // namespace iwakan::engine

// Goal: a story that comes as expected passes, one that does not says what was expected and what came, and a
// slip in the file is named with its place. Method: small files.
#include <gmock/gmock.h>

#include "ruletest/rule_test.hpp"

namespace iwakan::ruletest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> differences(const std::string& expect) {
  const std::string yaml = R"(tests:
  - name: impact opens
    alerts:
      - {at: 1m, labels: {alertname: Slow, service: checkout, customer_impact: confirmed}, lasts: 5m}
    expect:
      - )" + expect + "\n";
  Complaints complaints;
  const auto tests = parse_rule_tests(yaml, "t.yaml", ".", complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return tests.empty() ? std::vector<std::string>{"no test"} : run_rule_test(tests[0]);
}

TEST(RuleTests, PassWhenAllComesAsExpected) {
  EXPECT_THAT(differences("{incidents: [{subjects: [checkout], why: [Customers are affected], report: [影響]}]}"),
              IsEmpty());
  EXPECT_THAT(differences("{at: 30s, incidents: []}"), IsEmpty());
}

TEST(RuleTests, SayWhatWasExpectedAndWhatCame) {
  EXPECT_THAT(differences("{incidents: []}"), ElementsAre(HasSubstr("expected 0 incidents; came 1: INC-1 (checkout)")));
  EXPECT_THAT(differences("{incidents: [{subjects: [mailer]}]}"),
              ElementsAre("INC-1: expected subject mailer; came checkout"));
  EXPECT_THAT(differences("{incidents: [{level: 9}]}"), ElementsAre(HasSubstr("expected level 9; came ")));
  EXPECT_THAT(differences("{incidents: [{why: [tea]}]}"),
              ElementsAre(HasSubstr("expected why: \"tea\"; came Customers are")));
  EXPECT_THAT(differences("{incidents: [{report: [tea]}]}"), ElementsAre(HasSubstr("in the first report: \"tea\"")));
  EXPECT_THAT(differences("{not_opened: [{subject: mailer, reason: withheld}]}"),
              ElementsAre("mailer: expected not opened, withheld; came nothing noticed"));
}

TEST(RuleTests, ASlipIsNamedWithItsPlace) {
  const auto complaint = [](const std::string& yaml) {
    Complaints complaints;
    EXPECT_THAT(parse_rule_tests(yaml, "t.yaml", ".", complaints), IsEmpty());
    return complaints.empty() ? "" : to_string(complaints[0]);
  };
  EXPECT_THAT(complaint("tests:\n  - name: a\n    alert: []\n    expect: [{incidents: []}]\n"),
              HasSubstr("t.yaml:3:12: tests[0].alert: unknown key; did you mean \"alerts\"?"));
  EXPECT_THAT(complaint("tests:\n  - {name: a}\n"), HasSubstr("expects nothing"));
  EXPECT_THAT(complaint("tests: []\n"), HasSubstr("holds no test"));
  EXPECT_THAT(complaint("tests:\n  - {name: a, alerts: [{labels: {a: b}, times: 3}], expect: [{incidents: []}]}\n"),
              HasSubstr("add every: 20s"));
}

}  // namespace
}  // namespace iwakan::ruletest

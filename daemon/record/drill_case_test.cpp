// Goal: a case holds the alerts and the opening in the order of time, and no name or secret. Method: an incident whose
// every text names a person or a secret.
#include "record/drill_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace iwakan::record {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr TimePoint kBegan{std::chrono::seconds{1'790'000'000}};

Member member(MemberState state, Duration after) {
  return {.source = "alertmanager",
          .fingerprint = 1,
          .subject = "checkout",
          .starts_at = kBegan + after,
          .state = state,
          .changed_at = kBegan + after + 20min,
          .alert_name = "CheckoutErrors",
          .summary = "token hunter2 of sato",
          .link = "https://user:hunter2@monitor.example/graph"};
}

Incident incident() {
  Incident incident;
  incident.id = "INC-1";
  incident.level = 2;
  incident.title = {"佐藤さんの hunter2", "Sato's hunter2"};
  incident.subjects = {"checkout"};
  incident.began_at = kBegan;
  incident.opened_at = kBegan + 3min;
  incident.members = {member(MemberState::firing, 5min), member(MemberState::resolved, 0min)};
  return incident;
}

std::vector<json::object> lines(const std::string& text) {
  std::vector<json::object> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(json::parse(line).as_object());
  return all;
}

TEST(DrillCase, HoldsTheAlertsAndTheOpeningInTheOrderOfTime) {
  const auto all = lines(drill_case(incident(), Names(Names::Policy::by_role), "service"));
  ASSERT_EQ(all.size(), 4U);
  std::string last;
  for (const json::object& line : all) {
    const std::string at(line.at("at").as_string());
    EXPECT_LE(last, at);
    last = at;
  }
  EXPECT_EQ(all[0].at("path"), "/v1/alertmanager");
  const json::object& first = all[0].at("body").at("alerts").at(0).as_object();
  EXPECT_EQ(first.at("status"), "firing");
  EXPECT_EQ(first.at("labels").at("service"), "checkout");
  EXPECT_EQ(first.at("labels").at("alertname"), "CheckoutErrors");
  EXPECT_EQ(all[1].at("path"), "/api/v1/incidents");
  EXPECT_EQ(all[1].at("body").at("level"), 2);
  EXPECT_EQ(all[3].at("body").at("alerts").at(0).at("status"), "resolved");
  EXPECT_EQ(all[3].at("body").at("alerts").at(0).at("endsAt").as_string(), format_time(kBegan + 20min));
  EXPECT_NE(all[0].at("body").at("alerts").at(0).at("labels"), all[2].at("body").at("alerts").at(0).at("labels"))
      << "two members are two alerts";
}

TEST(DrillCase, HoldsNoNameAndNoSecret) {
  const std::string text = drill_case(incident(), Names(Names::Policy::by_role), "service");
  for (const char* secret : {"hunter2", "sato", "Sato", "佐藤", "monitor.example"})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
}

}  // namespace
}  // namespace iwakan::record

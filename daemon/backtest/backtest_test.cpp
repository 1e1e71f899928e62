// Goal: offline, a recording comes to what it came to in the daemon. Method: the same requests as there, and a look at
// how their alerts stand. tests/integration/backtest_test.py holds whole recordings against the daemon.
#include "backtest/backtest.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace iwakan::backtest {
namespace {

std::string sample(const std::string& source, const std::string& name) {
  std::ifstream file(std::filesystem::path(std::getenv("IWAKAN_SOURCE_DIR")) / "daemon" / "sources" / source /
                     "testdata" / (name + ".json"));
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class BacktestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Complaints complaints;
    settings_ = settings::parse("sources: {eventbridge: {}}", "test.yaml", ".", complaints);
    for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
    ASSERT_TRUE(settings_);
    backtest_.emplace(*settings_, std::nullopt, nullptr);
  }

  void send(const std::string& body) {
    const auto taken = backtest_->request(
        {.at = at_, .method = "POST", .path = "/v1/eventbridge", .headers = {}, .body = body, .verified = false});
    EXPECT_TRUE(taken) << to_string(taken.error());
    at_ += std::chrono::minutes(1);
  }

  std::multiset<MemberState> states() const {
    std::multiset<MemberState> found;
    for (const engine::AlertEntry& entry : backtest_->engine().alerts().entries()) found.insert(entry.state);
    return found;
  }

  std::unique_ptr<settings::Settings> settings_;
  std::optional<Backtest> backtest_;
  TimePoint at_ = *parse_time("2031-05-14T01:00:00Z");
};

TEST_F(BacktestTest, ADeletedAlarmTakesItsContributorsAlong) {
  send(sample("eventbridge", "state_change"));
  send(sample("eventbridge", "contributor"));
  const auto fires = states().count(MemberState::firing);
  ASSERT_GE(fires, 1U);
  send(sample("eventbridge", "deleted"));
  EXPECT_EQ(states().count(MemberState::firing), 0U);
  EXPECT_GE(states().count(MemberState::source_lost), 1U);
}

}  // namespace
}  // namespace iwakan::backtest

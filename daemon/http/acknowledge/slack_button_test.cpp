// Goal: only what Slack signed within five minutes is believed. Method: the example of Slack's own documentation
// (https://docs.slack.dev/authentication/verifying-requests-from-slack), and that example changed.
#include "http/acknowledge/slack_button.hpp"

#include <gtest/gtest.h>

namespace iwakan::http::acknowledge {
namespace {

using namespace std::chrono_literals;

const Secret kSecret("8f742231b10e8888abcd99yyyzzz85a5");
constexpr std::string_view kTimestamp = "1531420618";
constexpr std::string_view kSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
constexpr std::string_view kBody =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
    "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks."
    "slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
    "803a0bc887a14d10d2c447fce8b6703c";
const TimePoint kSent{1531420618s};

TEST(SlackSignature, AgreesWithSlacksExample) {
  EXPECT_TRUE(check_slack_signature(kSecret, kTimestamp, kSignature, kBody, kSent));
  EXPECT_TRUE(check_slack_signature(kSecret, kTimestamp, kSignature, kBody, kSent + 5min));
}

TEST(SlackSignature, RefusesAllElse) {
  EXPECT_FALSE(check_slack_signature(kSecret, kTimestamp, kSignature, kBody, kSent + 5min + 1s));
  EXPECT_FALSE(check_slack_signature(kSecret, kTimestamp, kSignature, kBody, kSent - 5min - 1s));
  EXPECT_FALSE(check_slack_signature(Secret("another"), kTimestamp, kSignature, kBody, kSent));
  EXPECT_FALSE(check_slack_signature(kSecret, "1531420619", kSignature, kBody, kSent));
  EXPECT_FALSE(check_slack_signature(kSecret, kTimestamp, kSignature, std::string(kBody) + "&x=1", kSent));
  EXPECT_FALSE(check_slack_signature(kSecret, kTimestamp, "", kBody, kSent));
  EXPECT_FALSE(check_slack_signature(kSecret, kTimestamp, kSignature.substr(3), kBody, kSent));
  for (const char* bad : {"", "now", "1531420618.5", "-1531420618", "99999999999999999999"}) {
    EXPECT_FALSE(check_slack_signature(kSecret, bad, kSignature, kBody, kSent)) << bad;
  }
}

TEST(SlackButton, IsReadFromItsPayload) {
  const auto pressed = parse_slack_button(
      "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U1%22%2C%22username%22%3A%22yui+h"
      "%22%7D%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22iwakan_acknowledge%22%2C%22value%22%3A%22INC-17.1.h.9.s%22"
      "%7D%5D%7D");
  ASSERT_TRUE(pressed);
  EXPECT_EQ(pressed->token, "INC-17.1.h.9.s");
  EXPECT_EQ(pressed->user, "yui h");
  // A button of somebody else in the same app.
  const auto other = parse_slack_button(
      "payload={\"type\":\"block_actions\",\"user\":{\"id\":\"U1\"},\"actions\":[{\"action_id\":\"x\",\"value\":\"y\"}]"
      "}");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->token, "");
  EXPECT_EQ(other->user, "U1");
}

TEST(SlackButton, RefusesWhatIsNone) {
  for (const char* bad :
       {"", "payload=", "payload=%", "payload=%7", "payload=[]", "payload={}", "payload={\"type\":\"view_submission\"}",
        "payload={\"type\":\"block_actions\"}", "payload={\"type\":\"block_actions\",\"user\":1,\"actions\":[{}]}",
        "payload={\"type\":\"block_actions\",\"user\":{},\"actions\":[1]}"}) {
    EXPECT_FALSE(parse_slack_button(bad)) << bad;
  }
}

}  // namespace
}  // namespace iwakan::http::acknowledge

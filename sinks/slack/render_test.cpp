// Goal: no text can mention anybody, Slack takes the message whatever its size, and Slack's answers mean what
// they mean. Method: golden message, hostile texts, tables of answers (reference wire-formats C1).
#include "sinks/slack/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "sinks/slack/sink.hpp"
#include "sinks/testing/stage.hpp"

namespace iwakan::sinks::slack {
namespace {

using namespace sinks::testing;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Slack, EscapesWhatCouldMentionOrBreakOut) {
  EXPECT_EQ(escape("<!channel> & <@U1>"), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
  for (std::size_t length = 3; length < 12; ++length) {
    EXPECT_THAT(escape(std::string(length, '`')), Not(HasSubstr("```"))) << length;
  }
}

TEST(Slack, ReadsAsTheReport) {
  expect_golden(
      "slack", "first_report.json",
      message_of(specimen_first_report(), specimen_delivery(), plain_layout(), {.channel = "#all", .mention = {}}) +
          "\n");
}

TEST(Slack, CallsPeopleOnlyWhenTheReportMayAndNeverToADrillOrOneByOne) {
  Report report = specimen_first_report();
  Delivery room = specimen_delivery();
  room.recipient.person.clear();
  const auto message = [&](const Delivery& delivery, std::string_view mention) {
    return message_of(report, delivery, plain_layout(), {.channel = "#all", .mention = mention});
  };
  EXPECT_THAT(message(room, "here"), Not(HasSubstr("<!")));
  report.may_mention = true;
  EXPECT_THAT(message(room, "here"), HasSubstr("\"<!here>\\n"));
  EXPECT_THAT(message(room, "channel"), HasSubstr("\"<!channel>\\n"));
  EXPECT_THAT(message(room, ""), Not(HasSubstr("<!")));
  EXPECT_THAT(message(specimen_delivery(), "here"), Not(HasSubstr("<!")));
  report.drill = true;
  EXPECT_THAT(message(room, "here"), Not(HasSubstr("<!")));
}

TEST(Slack, StaysWithinWhatSlackTakes) {
  const std::string message =
      message_of(hostile_report(std::string(3'900, 'x') + "😀"), specimen_delivery(), plain_layout(), {});
  const auto value = boost::json::parse(message);
  std::size_t total = 0;
  for (const auto& block : value.at("blocks").as_array()) {
    const std::size_t size = block.at("text").at("text").as_string().size();
    EXPECT_LE(size, 3'000U);
    total += size;
  }
  EXPECT_LT(total, 12'000U);
  EXPECT_LE(value.at("text").as_string().size(), 4'000U);
  EXPECT_FALSE(value.at("unfurl_links").as_bool());
}

TEST(Slack, AnswersMeanWhatTheyMean) {
  const struct {
    int status;
    const char* body;
    DeliveryVerdict verdict;
    DeliveryReason reason;
    bool unknown;
  } cases[] = {
      {200, R"({"ok":true,"ts":"1"})", DeliveryVerdict::delivered, DeliveryReason::accepted, false},
      {200, R"({"ok":false,"error":"invalid_auth"})", DeliveryVerdict::give_up, DeliveryReason::unauthorized, false},
      {200, R"({"ok":false,"error":"channel_not_found"})", DeliveryVerdict::give_up, DeliveryReason::gone, false},
      {200, R"({"ok":false,"error":"msg_too_long"})", DeliveryVerdict::give_up, DeliveryReason::rejected, false},
      {200, R"({"ok":false,"error":"ratelimited"})", DeliveryVerdict::retry_later, DeliveryReason::rate_limited, false},
      {200, R"({"ok":false,"error":"fatal_error"})", DeliveryVerdict::retry_later, DeliveryReason::server_error, true},
      {200, "<html>", DeliveryVerdict::retry_later, DeliveryReason::server_error, true},
      {429, "", DeliveryVerdict::retry_later, DeliveryReason::rate_limited, false},
      {500, "", DeliveryVerdict::retry_later, DeliveryReason::server_error, false},
  };
  for (const auto& one : cases) {
    HttpOutcome outcome;
    outcome.status = one.status;
    outcome.body = one.body;
    const DeliveryAnswer answer = api_verdict(outcome, {});
    EXPECT_EQ(answer.verdict, one.verdict) << one.body;
    EXPECT_EQ(answer.reason, one.reason) << one.body;
    EXPECT_EQ(answer.outcome_unknown, one.unknown) << one.body;
  }
  HttpOutcome gone;
  gone.status = 404;
  gone.body = "no_service";
  EXPECT_THAT(webhook_verdict(gone, {}).detail, HasSubstr("no_service"));
}

// Error pages say back what was asked for, and the address of an incoming webhook is its secret.
TEST(Slack, QuotesNothingButSlacksOwnWords) {
  HttpOutcome page;
  page.status = 404;
  page.body = "<html>Not found: /services/T1/B2/canary</html>";
  EXPECT_EQ(webhook_verdict(page, {}).detail, "answered 404");
  page.status = 200;
  page.body = R"({"ok":false,"error":"bad token xoxb-canary"})";
  EXPECT_EQ(api_verdict(page, {}).detail, "Slack refused, and gave no reason");
}

TEST(Slack, ByTokenNeedsAChannel) {
  const Folder folder;
  const Setting setting = map({{"token", map({{"file", scalar(folder.write("token", "xoxb-canary"))}})}});
  Complaints complaints;
  Fields fields(setting, complaints);
  RememberingClient client;
  client.answer.status = 200;
  client.answer.body = R"({"ok":true})";
  const Layout layout = plain_layout();
  const auto sink = parse(fields)({client, layout, {}});
  ASSERT_TRUE(sink->start());
  Delivery delivery = specimen_delivery();
  delivery.recipient.address.clear();
  EXPECT_EQ(deliver(*sink, specimen_first_report(), delivery).reason, DeliveryReason::misconfigured);
  delivery.recipient.address = "#all";
  EXPECT_EQ(deliver(*sink, specimen_first_report(), delivery).verdict, DeliveryVerdict::delivered);
  EXPECT_EQ(client.requests.at(0).url, "https://slack.com/api/chat.postMessage");
  EXPECT_THAT(client.requests.at(0).body, Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace iwakan::sinks::slack

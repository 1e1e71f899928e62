// Goal: what Slack signed reaches the desk and is answered at once, to the one who typed; what it did not sign changes
// nothing; a person's words mention nobody. Method: the route, with an engine of the tests.
#include "http/slack_command/slack_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/base64.hpp"
#include "sinks/hmac.hpp"

namespace iwakan::http::slack_command {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SlackCommandsTest : public ::testing::Test {
 protected:
  SlackCommandsTest() {
    commands_.add_routes(router_);
    engine_.step(Started{now_});
    engine_.step(PersonActed{now_, "test", act::Declare{"pay", "Card payments fail", Impact::possible, 2}});
  }

  static std::shared_ptr<engine::Settings> settings() {
    const Setting nothing;
    Complaints complaints;
    Fields fields(nothing, complaints);
    auto made = std::make_shared<engine::Settings>(engine::parse_settings(fields, {}));
    Person person;
    person.id = "hasegawa";
    person.name = {"長谷川", "Hasegawa"};
    person.languages = {"en"};
    person.time_zone = "Asia/Tokyo";
    person.slack = "U1";
    made->organisation.people["hasegawa"] = person;
    return made;
  }

  Response type(const std::string& text, const std::string& user = "U1",
                const std::string& secret = "a signing secret") {
    const std::string body = "user_id=" + user + "&user_name=somebody&command=%2Fiwakan&text=" + text;
    const std::string at =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count());
    const std::string signature = "v0=" + sinks::hex(sinks::hmac_sha256(Secret(secret), "v0:" + at + ":" + body));
    const std::vector<Header> headers{{"X-Slack-Request-Timestamp", at}, {"X-Slack-Signature", signature}};
    Response answer{.status = 0, .content_type = {}, .body = {}, .headers = {}};
    auto found = router_.find("POST", kPath);
    Request request;
    request.method = "POST";
    request.target = request.path = kPath;
    request.headers = headers;
    request.body = body;
    (*std::get<Match>(found).handler)(request, [&answer](Response given) { answer = std::move(given); });
    return answer;
  }

  const Incident& incident() { return *engine_.desk().find("INC-1"); }

  TimePoint now_ = *parse_time("2031-05-14T01:21:00Z");
  engine::Engine engine_{settings()};
  Secret signing_secret_{"a signing secret"};
  Router router_;
  std::vector<std::string> refused_;
  SlackCommands commands_{
      {.engine = engine_,
       .signing_secret = signing_secret_,
       .time_zone = [] { return "UTC"; },
       .now = [this] { return now_; },
       .submit =
           [this](Event event, const SlackCommands::Done& done) {
             const engine::Effects effects = engine_.step(event);
             done(effects);
           },
       .refused = [this](const Failure& failure, std::string_view) { refused_.push_back(failure.detail); }}};
};

TEST_F(SlackCommandsTest, WhatIsKnownIsAnsweredAtOnceToTheOneWhoAsked) {
  const Response answer = type("ask+Do+card+payments+fail%3F");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("\"response_type\":\"ephemeral\""));
  EXPECT_THAT(answer.body, HasSubstr("Known: Card payments fail (10:21 JST"));
  EXPECT_THAT(answer.body, Not(HasSubstr("分かっています"))) << "in the person's language";
  ASSERT_EQ(incident().questions.size(), 1U);
  EXPECT_EQ(incident().questions[0].askers[0].person, "hasegawa");
}

TEST_F(SlackCommandsTest, AStrangerOfTheWorkspaceMayAskAndNotWrite) {
  const Response answer = type("ask+May+we+promise+%3C%21channel%3E+refunds%3F", "U9");
  EXPECT_THAT(answer.body, HasSubstr("The desk has it"));
  EXPECT_THAT(answer.body, HasSubstr("お預かりしました"));
  EXPECT_THAT(answer.body, Not(HasSubstr("<!channel>"))) << "mentions nobody";
  EXPECT_EQ(incident().questions.at(0).askers[0].person, "slack:somebody");
  const std::uint32_t length = incident().timeline_length;
  EXPECT_THAT(type("note+restarted", "U9").body, HasSubstr("slack: U9"));
  EXPECT_EQ(incident().timeline_length, length);
  EXPECT_THAT(type("note+restarted").body, HasSubstr("Noted in INC-1"));
  EXPECT_EQ(incident().timeline_length, length + 1);
}

TEST_F(SlackCommandsTest, WhatSlackDidNotSignChangesNothing) {
  EXPECT_EQ(type("note+restarted", "U1", "another secret").status, 403);
  EXPECT_EQ(refused_.size(), 1U);
  EXPECT_TRUE(incident().questions.empty());
}

TEST_F(SlackCommandsTest, ARefusalAndHelpAreWords) {
  EXPECT_THAT(type("ask+INC-9+why%3F").body, HasSubstr("there is no incident"));
  EXPECT_THAT(type("").body, HasSubstr("ask QUESTION"));
}

}  // namespace
}  // namespace iwakan::http::slack_command

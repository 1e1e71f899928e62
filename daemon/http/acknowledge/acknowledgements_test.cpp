// Goal: looking at a link changes nothing, pressing its button acknowledges once and says thank you; a link of another
// making, an expired one, and a title full of markup do no harm. Method: the routes, with an engine of the tests.
#include "http/acknowledge/acknowledgements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/base64.hpp"
#include "sinks/hmac.hpp"

namespace iwakan::http::acknowledge {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class AcknowledgementsTest : public ::testing::Test {
 protected:
  AcknowledgementsTest() {
    acknowledgements_.add_routes(router_);
    engine_.step(Started{now_});
    act(act::Declare{"pay", "Payments <script>alert('x')</script> & \"more\"", Impact::possible, 3});
  }

  static std::shared_ptr<engine::Settings> settings() {
    const Setting nothing;
    Complaints complaints;
    Fields fields(nothing, complaints);
    auto made = std::make_shared<engine::Settings>(engine::parse_settings(fields, {}));
    made->organisation.people["hasegawa"] = {"hasegawa", {"長谷川", "Hasegawa"}, {"ja", "en"}, "Asia/Tokyo", {}};
    return made;
  }

  void act(Act what) { engine_.step(PersonActed{now_, "test", std::move(what)}); }

  std::string token(Duration valid_for = 72h) { return links_.token({"INC-1", 1, "hasegawa", now_ + valid_for}); }

  Response ask(std::string_view method, const std::string& path, std::span<const Header> headers = {},
               std::string_view body = {}) {
    Response answer{.status = 0, .content_type = {}, .body = {}, .headers = {}};
    auto found = router_.find(method, path);
    if (auto* refused = std::get_if<Response>(&found)) return *refused;
    Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers = headers;
    request.body = body;
    request.parameter = std::get<Match>(found).parameter;
    (*std::get<Match>(found).handler)(request, [&answer](Response given) { answer = std::move(given); });
    return answer;
  }

  std::size_t acknowledged() { return engine_.desk().find("INC-1")->acknowledged.size(); }

  TimePoint now_ = *parse_time("2031-05-14T01:21:00Z");
  engine::Engine engine_{settings()};
  Links links_{Secret("a key of the tests"), "https://iwakan.example", 72h};
  Secret signing_secret_{"a signing secret"};
  std::vector<std::string> refused_;
  std::vector<std::pair<std::string, std::string>> replies_;
  Acknowledgements acknowledgements_{
      {.engine = engine_,
       .links = links_,
       .slack_signing_secret = signing_secret_,
       .time_zone = [] { return "UTC"; },
       .now = [this] { return now_; },
       .submit =
           [this](Event event, const Acknowledgements::Done& done) {
             const engine::Effects effects = engine_.step(event);
             done(effects);
           },
       .refused = [this](const Failure& failure, std::string_view) { refused_.push_back(failure.detail); },
       .reply = [this](std::string url, std::string body) { replies_.emplace_back(std::move(url), std::move(body)); }}};
  Router router_;
};

TEST_F(AcknowledgementsTest, LookingChangesNothing) {
  for (const char* method : {"GET", "HEAD"}) {
    const Response page = ask(method, "/ack/" + token());
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<form method=\"post\">"));
    EXPECT_THAT(page.body, HasSubstr("長谷川 さま"));
  }
  EXPECT_EQ(acknowledged(), 0U);
}

TEST_F(AcknowledgementsTest, PressingAcknowledgesAndThanks) {
  const Response thanks = ask("POST", "/ack/" + token());
  EXPECT_EQ(thanks.status, 200);
  EXPECT_THAT(thanks.body, HasSubstr("10:21 に受け取りを記録しました"));  // in the zone of the reader
  EXPECT_THAT(thanks.body, Not(HasSubstr("<form")));
  EXPECT_EQ(engine_.desk().find("INC-1")->acknowledged.at("hasegawa").actor, "hasegawa");
  now_ += 5min;
  EXPECT_THAT(ask("POST", "/ack/" + token()).body, HasSubstr("Received at 10:21"));
  EXPECT_THAT(ask("GET", "/ack/" + token()).body, HasSubstr("Received at 10:21"));
  EXPECT_EQ(acknowledged(), 1U);
}

TEST_F(AcknowledgementsTest, TheTitleStaysText) {
  const Response page = ask("GET", "/ack/" + token());
  EXPECT_THAT(page.body, HasSubstr("Payments &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  EXPECT_THAT(page.body, Not(HasSubstr("style=")));
  EXPECT_THAT(page.headers, ::testing::Contains(::testing::Pair("Content-Security-Policy",
                                                                HasSubstr("default-src 'none'; style-src 'self';"))));
  EXPECT_EQ(ask("GET", "/ack.css").content_type, "text/css; charset=utf-8");
}

TEST_F(AcknowledgementsTest, OtherLinksAcknowledgeNothing) {
  const std::string expired = token(1min);
  now_ += 1min;
  EXPECT_EQ(ask("POST", "/ack/" + expired).status, 410);
  EXPECT_EQ(ask("POST", "/ack/INC-1.1.hasegawa.9999999999.AAAA").status, 404);
  EXPECT_EQ(ask("GET", "/ack/x").status, 404);
  EXPECT_EQ(ask("POST", "/ack/" + links_.token({"INC-9", 1, "hasegawa", now_ + 1h})).status, 404);
  EXPECT_EQ(acknowledged(), 0U);
  EXPECT_EQ(refused_.size(), 2U);  // told of those that were not made here
}

TEST_F(AcknowledgementsTest, TheButtonInSlackAcknowledges) {
  const std::string body =
      R"(payload={"type":"block_actions","user":{"username":"<!yui>"},"response_url":"https://hooks.slack.com/actions/1",)"
      R"("message":{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"the report"}},{"type":"actions"}]},"actions":[{"action_id":"iwakan_acknowledge","value":")" +
      token() + R"("}]})";
  const std::string timestamp =
      std::to_string(std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count());
  const std::string signature = "v0=" + sinks::hex(sinks::hmac_sha256(signing_secret_, "v0:" + timestamp + ":" + body));
  std::vector<Header> headers{{"X-Slack-Request-Timestamp", timestamp}, {"X-Slack-Signature", "v0=0"}};
  EXPECT_EQ(ask("POST", "/v1/slack/interactive", headers, body).status, 403);
  EXPECT_EQ(acknowledged(), 0U);
  EXPECT_TRUE(replies_.empty());
  headers[1].second = signature;
  EXPECT_EQ(ask("POST", "/v1/slack/interactive", headers, body).status, 200);
  EXPECT_EQ(engine_.desk().find("INC-1")->acknowledged.at("hasegawa").actor, "slack:<!yui>");
  // The message shows it in the place of the button, and nobody's name calls anybody.
  ASSERT_EQ(replies_.size(), 1U);
  EXPECT_EQ(replies_[0].first, "https://hooks.slack.com/actions/1");
  EXPECT_THAT(replies_[0].second, HasSubstr(R"("replace_original":true)"));
  EXPECT_THAT(replies_[0].second, HasSubstr("the report"));
  EXPECT_THAT(replies_[0].second, HasSubstr("Received: &lt;!yui&gt;, 10:21"));
  EXPECT_THAT(replies_[0].second, Not(HasSubstr("\"actions\"")));
}

}  // namespace
}  // namespace iwakan::http::acknowledge

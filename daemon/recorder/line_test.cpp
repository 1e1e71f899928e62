// Goal: a recorded request is the one that came, byte for byte, and tells nothing by which somebody could be or send
// again in the place of somebody else; and it is read back as it was. Method: requests with secrets in every place.
#include "recorder/line.hpp"

#include <gmock/gmock.h>

#include "ctl/recording.hpp"

namespace iwakan::recorder {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

const TimePoint kAt = *parse_time("2031-05-14T01:00:00.123456789Z");

Request request(const Headers& headers, std::string_view target, std::string_view body) {
  return {kAt, "POST", target, headers, body, false, {}};
}

TEST(Line, IsReadBackAsItCame) {
  const std::string body = "{ \"labels\" : {\"a\": \"\\u30c6\\u30b9\\u30c8 \xE6\x97\xA5\"},\n\t\"n\": 1.50e3 }\n";
  const Headers headers{{"Content-Type", "application/json"}, {"x-amz-sns-topic-arn", "arn:aws:sns:x:1:t"}};
  const std::string line = line_of(request(headers, "/v1/events/kuma?team=a", body), {});
  ASSERT_EQ(line.find('\n'), line.size() - 1);
  const auto read = ctl::parse_recorded(line.substr(0, line.size() - 1));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->at, kAt);
  EXPECT_EQ(read->method, "POST");
  EXPECT_EQ(read->path, "/v1/events/kuma?team=a");
  EXPECT_EQ(read->body, body);
  EXPECT_EQ(read->headers.size(), 2U);
}

TEST(Line, HoldsNoSecret) {
  const Secrets own{.headers = {"x-team"}, .members = {"api.key", "quo\"ted"}};
  const Headers headers{{"Authorization", "Bearer canary"},
                        {"proxy-authorization", "canary"},
                        {"Cookie", "canary"},
                        {"X-Api-Key", "canary"},
                        {"DD-API-KEY", "canary"},
                        {"X-Grafana-Alerting-Signature", "canary"},
                        {"X-Auth-Request-Email", "canary"},
                        {"X-Team", "canary"},
                        {"Referer", "https://proxy/?a=kept&token=canary"},
                        {"User-Agent", "kept"}};
  const std::string line =
      line_of(request(headers, "/v1/events/x?token=canary&a=kept&ACCESS_KEY=canary&sig=canary",
                      R"({"routing_key": "canary\"y", "Token":"canary", "SubscribeURL" : "https://x/?Token=canary",
                  "UnsubscribeURL": "canary", "TopicArn": "arn-kept", "api.key": "canary", "apiikey": "other-kept",
                  "in": [{"quo\"ted" :
                  "canary"}, ":", "api.key", "last-kept"], "ro\u0075ting_key": "canary", "api.key": "canary)"),
              own);
  EXPECT_THAT(line, Not(HasSubstr("canary")));
  for (const char* kept : {"User-Agent", "a=kept", "arn-kept", "TopicArn", "other-kept", "last-kept", "proxy"})
    EXPECT_THAT(line, HasSubstr(kept));
  EXPECT_TRUE(ctl::parse_recorded(line));
}

TEST(Line, HoldsNoSecretOfAForm) {
  const Headers headers{{"content-type", "Application/x-www-form-urlencoded; charset=utf-8"}};
  const std::string line = line_of(request(headers, "/v1/events/x", "token=canary&data=kept&Password=canary"), {});
  EXPECT_THAT(line, HasSubstr("\"token=removed&data=kept&Password=removed\""));
}

TEST(Line, HoldsNothingThatMustNotBeKept) {
  Complaints complaints;
  Setting labels;
  labels.kind = Setting::Kind::scalar;
  labels.scalar = "client_ip";
  Setting redact;
  redact.kind = Setting::Kind::map;
  redact.fields = {{"labels", labels}};
  Setting tree;
  tree.kind = Setting::Kind::map;
  tree.fields = {{"redact", redact}};
  Fields root(tree, complaints);
  const Secrets secrets{.headers = {}, .members = {}, .redaction = engine::Redaction::parse(root)};
  const Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const Headers text{{"Content-Type", "text/plain"}};
  const struct {
    const Headers& headers;
    const char* body;
    const char* kept;
  } cases[] = {
      {text, R"({"summary" : "token=canary \u65e5", "n": 1.50})", R"({"summary" : "token=[removed] 日", "n": 1.50})"},
      {text, R"({"client_ip": "canary", "summary": "\u65e5"})", R"({"client_ip": "removed", "summary": "\u65e5"})"},
      {text, R"({"Message":"{\"a\":\"password=canary b\",\"client_ip\":\"canary\"}"})",
       R"({"Message":"{\"a\":\"password=[removed] b\",\"client_ip\":\"removed\"}"})"},
      {form, "data=%7B%22a%22%3A%22token%3Dcanary%22%7D&b=pass+on",
       "data=%7B%22a%22%3A%22token%3D%5Bremoved%5D%22%7D&b=pass+on"},
      {form, "a=password%3Dcanary+x&b", "a=password%3D%5Bremoved%5D%20x&b"},
      {text, "token=canary, and so on", "token=[removed], and so on"},
  };
  for (const auto& one : cases) {
    const std::string line = line_of(request(one.headers, "/v1/events/x", one.body), secrets);
    const auto read = ctl::parse_recorded(line);
    ASSERT_TRUE(read) << line;
    EXPECT_EQ(read->body, one.kept);
  }
}

TEST(Line, SaysWhetherItWasVerifiedOrRefused) {
  Request one = request({}, "/v1/cloudwatch", "{}");
  EXPECT_FALSE(ctl::parse_recorded(line_of(one, {}))->verified);
  one.verified = true;
  EXPECT_TRUE(ctl::parse_recorded(line_of(one, {}))->verified);
  one.refused = "forbidden";
  EXPECT_THAT(line_of(one, {}), HasSubstr("\"refused\":\"forbidden\""));
}

TEST(Line, IsOneWhateverBytesCame) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  const std::string line = line_of(request({{"X-Odd", "caf\xE9"}}, "/v1/events/x", every), {});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto read = ctl::parse_recorded(line);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->body.size(), 256U);
}

}  // namespace
}  // namespace iwakan::recorder

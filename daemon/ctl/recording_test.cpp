// Goal: a recording is sent byte for byte as it was, mistakes in it are named by line, and moved times
// stay consistent with each other.
// Method: tables of lines; properties of moved times.

#include "ctl/recording.hpp"

#include <gtest/gtest.h>

namespace iwakan::ctl {
namespace {

TimePoint at(std::string_view text) {
  return *parse_time(text);
}

std::string line_with_body(const std::string& body) {
  return R"({"at":"2026-11-23T18:16:12.201Z","method":"POST","path":"/v1/x","headers":{},"body":)" + body + "}";
}

TEST(Recording, ReadsARequest) {
  const Result<Recorded> recorded = parse_recorded(
      R"({"at":"2026-11-23T18:16:12.201Z","method":"POST","path":"/v1/cloudwatch?x=1",)"
      R"("headers":{"Host":"a","content-length":"7","Authorization":"Bearer s","x-amz-sns-message-type":"Notification"},)"
      R"("unknown":[1,{"a":2}],"body":"{\"a\": 1}\n"})");
  ASSERT_TRUE(recorded) << to_string(recorded.error());
  EXPECT_EQ(recorded->at, at("2026-11-23T18:16:12.201Z"));
  EXPECT_EQ(recorded->method, "POST");
  EXPECT_EQ(recorded->path, "/v1/cloudwatch?x=1");
  EXPECT_EQ(recorded->headers, (std::vector<std::pair<std::string, std::string>>{
                                   {"Authorization", "Bearer s"}, {"x-amz-sns-message-type", "Notification"}}));
  EXPECT_EQ(recorded->body, "{\"a\": 1}\n");
}

TEST(Recording, SendsBodiesAsTheyWereWritten) {
  struct Case {
    const char* written;
    const char* sent;
  };
  const Case cases[] = {
      {R"("")", ""},
      {"null", ""},
      {R"("a\tb\u00e9\n{ }")", "a\tb\u00e9\n{ }"},
      {R"({ "b" : 1 , "a" : [ 1.10, 1e5, 12345678901234567890123 ] })",
       R"({"b":1,"a":[1.10,1e5,12345678901234567890123]})"},
      {R"([ {"x": " two  blanks "}, "\u003c\/" ])", R"([{"x":" two  blanks "},"\u003c\/"])"},
      {"{}", "{}"},
      {"[]", "[]"},
      {"  17 ", "17"},
      {"true", "true"},
  };
  for (const Case& c : cases) {
    const Result<Recorded> recorded = parse_recorded(line_with_body(c.written));
    ASSERT_TRUE(recorded) << c.written << ": " << to_string(recorded.error());
    EXPECT_EQ(recorded->body, c.sent);
  }
}

TEST(Recording, RefusesWhatCannotBeSent) {
  struct Case {
    const char* line;
    const char* complaint;
  };
  const Case cases[] = {
      {"nonsense", "f:1: must be a JSON object"},
      {"[]", "f:1: must be a JSON object"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x"} {})", "f:1: has something after the JSON object"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x")", "f:1: "},
      {R"({"method":"POST","path":"/x"})", "f:1: /at: is missing"},
      {R"({"at":"today","method":"POST","path":"/x"})", "f:1: /at: "},
      {R"({"at":7,"method":"POST","path":"/x"})", "f:1: /at: must be a string"},
      {R"({"at":"2026-11-23T18:16:12Z","path":"/x"})", "f:1: /method: must be a method"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"PO ST","path":"/x"})", "f:1: /method: must be a method"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST"})", "f:1: /path: must be a path"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x HTTP/1.1\r\nEvil: 1"})",
       "f:1: /path: must be a path"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x","headers":{"a":"b\r\nc: d"}})", "f:1: /headers: "},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x","headers":{"a b":"c"}})", "f:1: /headers: "},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x","headers":{"a":1}})",
       "f:1: /headers/a: must be a string"},
      {R"({"at":"2026-11-23T18:16:12Z","method":"POST","path":"/x","headers":[]})", "f:1: /headers: must be an object"},
  };
  for (const Case& c : cases) {
    const auto recording = parse_recording(c.line, "f");
    ASSERT_FALSE(recording) << c.line;
    EXPECT_EQ(to_string(recording.error()).substr(0, std::string(c.complaint).size()), c.complaint) << c.line;
  }
}

TEST(Recording, NamesTheLineOfAMistake) {
  const std::string good = line_with_body("1");
  const auto recording = parse_recording(good + "\n\n \r\n" + good + "\r\n" + "{}\n", "monday.jsonl");
  ASSERT_FALSE(recording);
  EXPECT_EQ(recording.error().path, "monday.jsonl:5: /at");
  EXPECT_EQ(parse_recording(good + "\n\n" + good, "f")->size(), 2U);
  EXPECT_EQ(parse_recording("", "f")->size(), 0U);
}

TEST(Recording, MergesByTimeAndKeepsTheOrderWithinAMoment) {
  const auto recorded = [](const char* time, const char* path) {
    Recorded one;
    one.at = at(time);
    one.path = path;
    return one;
  };
  const auto all = merged({{recorded("2026-01-01T00:00:01Z", "/a1"), recorded("2026-01-01T00:00:03Z", "/a3")},
                           {recorded("2026-01-01T00:00:01Z", "/b1"), recorded("2026-01-01T00:00:02Z", "/b2")}});
  std::string order;
  for (const Recorded& one : all) order += one.path;
  EXPECT_EQ(order, "/a1/b1/b2/a3");
}

TEST(Recording, MovesEveryTimeAndNothingElse) {
  const Pace pace{at("2026-11-23T18:00:00Z"), at("2026-12-01T00:00:00Z"), 60};
  struct Case {
    const char* before;
    const char* after;
  };
  const Case cases[] = {
      {R"({"startsAt":"2026-11-23T18:01:00Z"})", R"({"startsAt":"2026-12-01T00:00:01Z"})"},
      {R"("2026-11-23T19:00:00.000Z 2026-11-24T03:01:00+09:00")", R"("2026-12-01T00:01:00Z 2026-12-01T00:00:01Z")"},
      {R"({\"StateChangeTime\":\"2026-11-23T18:00:30.000+0000\"})",
       R"({\"StateChangeTime\":\"2026-12-01T00:00:00.500+0000\"})"},
      {"2026-11-23T18:00:00.000000060Z", "2026-12-01T00:00:00.000000001Z"},
      {"2026-11-23T17:59:00Z", "2026-11-30T23:59:59Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"2026-11-23T18:01:00", "2026-11-23T18:01:00"},
      {"2026-11-23 18:01", "2026-11-23 18:01"},
      {"2026-13-23T18:01:00Z", "2026-13-23T18:01:00Z"},
      {"", ""},
      {"1700-01-01T00:00:00.000000001Z", "2021-06-20T01:42:00Z"},
  };
  for (const Case& c : cases) EXPECT_EQ(with_times_moved(c.before, pace), c.after);
}

TEST(Recording, MovesNothingThatIsSigned) {
  const Pace pace{at("2026-11-23T18:00:00Z"), at("2026-12-01T00:00:00Z"), 1};
  Recorded recorded;
  recorded.body = "2026-11-23T18:00:00Z";
  recorded.headers = {{"user-agent", "Alertmanager/0.25.0"}};
  EXPECT_EQ(body_moved(recorded, pace), "2026-12-01T00:00:00Z");
  recorded.headers.emplace_back("X-Amz-Sns-Message-Type", "Notification");
  EXPECT_EQ(body_moved(recorded, pace), recorded.body);
}

TEST(Recording, MovesTimesToTheNanosecondAndNotOutOfTheCalendar) {
  const Pace far{at("2084-11-23T18:17:12Z"), at("2084-11-23T18:17:12Z"), 1};
  EXPECT_EQ(far.played(at("2026-11-23T18:17:11.002000001Z")), at("2026-11-23T18:17:11.002000001Z"));
  const Pace later{at("1700-01-01T00:00:00Z"), at("2026-11-23T18:17:12Z"), 1};
  EXPECT_EQ(later.played(at("2026-11-23T18:17:12Z")), at("2026-11-23T18:17:12Z"));
  const Pace slow{at("2026-11-23T18:00:00Z"), at("2026-11-23T18:00:00Z"), 0.001};
  EXPECT_EQ(slow.played(at("1700-01-01T00:00:00Z")), at("1700-01-01T00:00:00Z"));
}

TEST(Recording, SaysWhatARequestSays) {
  struct Case {
    const char* body;
    const char* en;
    const char* ja;
  };
  const Case cases[] = {
      {R"({"alerts":[{"status":"firing","labels":{"alertname":"A"}},{"status":"resolved","labels":{"alertname":"B"}},)"
       R"({"status":"firing","labels":{"alertname":"A"}}]})",
       "2 firing: A; 1 resolved: B", "発報2件：A、解消1件：B"},
      {R"([{"labels":{"alertname":"A"},"endsAt":"2026-11-23T18:20:00Z"},{"labels":{"alertname":"B"},"endsAt":"2026-11-23T18:00:00Z"},)"
       R"({"labels":{"alertname":"C"}},{"labels":{"alertname":"D"}},{"labels":{"alertname":"E"}},{"labels":{"alertname":"F"}}])",
       "5 firing: A, C, D, E and 1 more; 1 resolved: B", "発報5件：A, C, D, E ほか1種、解消1件：B"},
      {R"({"alerts":[]})", "no alerts", "アラートなし"},
      {R"({"Type":"SubscriptionConfirmation","TopicArn":"arn:x","Message":"You have chosen"})",
       "SNS SubscriptionConfirmation", "SNS SubscriptionConfirmation"},
      {R"({"Type":"Notification","TopicArn":"arn:x","Message":"{\"AlarmName\":\"API 5xx\",\"NewStateValue\":\"ALARM\"}"})",
       "ALARM: API 5xx", "ALARM: API 5xx"},
      {R"({"detail-type":"CloudWatch Alarm State Change","detail":{"alarmName":"q","state":{"value":"OK"}}})", "OK: q",
       "OK: q"},
      {R"({"a":1})", "7 bytes", "7バイト"},
      {"text", "4 bytes", "4バイト"},
      {"", "0 bytes", "0バイト"},
  };
  for (const Case& c : cases) {
    Recorded recorded;
    recorded.at = at("2026-11-23T18:16:12Z");
    recorded.body = c.body;
    EXPECT_EQ(summary(recorded, "en"), c.en) << c.body;
    EXPECT_EQ(summary(recorded, "ja"), c.ja) << c.body;
  }
}

}  // namespace
}  // namespace iwakan::ctl

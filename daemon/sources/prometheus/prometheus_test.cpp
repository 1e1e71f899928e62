// Goal: what senders post to Alertmanager's API means here what it means there, and the right alerts of a request
// are taken whatever stands beside them. Method: tables from reference wire-formats A2 and F2, and the recording of
// a real Prometheus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>

#include "sinks/http_client.hpp"
#include "sources/prometheus/decode.hpp"
#include "sources/prometheus/source.hpp"

namespace iwakan::sources::prometheus {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const TimePoint kNow = *parse_time("2026-09-01T00:10:00Z");
constexpr Duration kResolveTimeout = 5min;

Result<Posted> decode(const std::string& body) {
  Decoder decoder;
  return decoder.decode(body, kNow, kResolveTimeout);
}

std::string with_times(const std::string& members) {
  return R"([{"labels":{"alertname":"A"})" + (members.empty() ? "" : "," + members) + "}]";
}

TEST(Posted, TakesWhatPrometheusPosts) {
  const auto posted = decode(
      R"([{"annotations":{"summary":"5xx ratio 7%"},"endsAt":"2026-09-01T00:14:15.000Z","startsAt":"2026-09-01T00:04:15.000Z","generatorURL":"http://prom.example:9090/graph?g0.expr=up\u0026g0.tab=1","labels":{"alertname":"High5xx","job":"web","severity":"page"}}])");
  ASSERT_TRUE(posted) << to_string(posted.error());
  EXPECT_EQ(posted->refused, "");
  ASSERT_EQ(posted->batch.size(), 1U);
  const Alert& alert = posted->batch.alerts()[0];
  EXPECT_EQ(alert.state, AlertState::firing);
  EXPECT_EQ(format_time(alert.starts_at), "2026-09-01T00:04:15Z");
  EXPECT_EQ(format_time(*alert.expires_at), "2026-09-01T00:14:15Z");
  EXPECT_FALSE(alert.ends_at);
  EXPECT_EQ(alert.annotation("summary"), "5xx ratio 7%");
  EXPECT_EQ(alert.link, "http://prom.example:9090/graph?g0.expr=up&g0.tab=1");
}

TEST(Posted, SettlesTimesInAlertmanagersOrder) {
  const struct {
    const char* members;
    const char* starts;  // empty: the episode that is known, or now
    const char* ends;
    const char* expires;
  } cases[] = {
      {"", "", "", "2026-09-01T00:15:00Z"},
      {R"("startsAt":"0001-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z")", "", "", "2026-09-01T00:15:00Z"},
      {R"("startsAt":"0001-01-01T00:00:00.000Z","endsAt":"0001-01-01T00:00:00.000Z")", "", "", "2026-09-01T00:15:00Z"},
      {R"("startsAt":"2026-09-01T00:00:00Z")", "2026-09-01T00:00:00Z", "", "2026-09-01T00:15:00Z"},
      {R"("endsAt":"2026-09-01T00:11:00Z")", "", "", "2026-09-01T00:11:00Z"},
      {R"("startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-01T00:10:00Z")", "2026-09-01T00:00:00Z",
       "2026-09-01T00:10:00Z", ""},
      {R"("startsAt":"2026-09-01T09:00:00+09:00","endsAt":"2026-09-01T00:10:00.001Z")", "2026-09-01T00:00:00Z", "",
       "2026-09-01T00:10:00.001Z"},
      {R"("endsAt":"2026-09-01T00:09:00Z")", "", "2026-09-01T00:09:00Z", ""},
  };
  for (const auto& one : cases) {
    const auto posted = decode(with_times(one.members));
    ASSERT_TRUE(posted) << one.members;
    ASSERT_EQ(posted->batch.size(), 1U) << one.members << posted->refused;
    const Alert& alert = posted->batch.alerts()[0];
    const auto spelled = [](std::optional<TimePoint> time) { return time ? format_time(*time) : std::string(); };
    EXPECT_EQ(alert.starts_at == kZeroTime ? "" : format_time(alert.starts_at), one.starts) << one.members;
    EXPECT_EQ(spelled(alert.ends_at), one.ends) << one.members;
    EXPECT_EQ(spelled(alert.expires_at), one.expires) << one.members;
    EXPECT_EQ(alert.state, *one.ends == '\0' ? AlertState::firing : AlertState::resolved) << one.members;
  }
}

TEST(Posted, ToleratesWhatGrafanaAndUtf8Add) {
  const auto posted = decode(
      R"([{"labels":{"警報 名":"x","empty":""},"UpdatedAt":"2026-09-01T00:10:00Z","Timeout":true,"annotations":{"image":"data"}}])");
  ASSERT_TRUE(posted);
  ASSERT_EQ(posted->batch.size(), 1U) << posted->refused;
  EXPECT_EQ(posted->batch.alerts()[0].labels.size(), 1U);
  EXPECT_EQ(decode("[]")->batch.size(), 0U);
}

TEST(Posted, TakesTheRightOnesBesideTheWrong) {
  const struct {
    const char* wrong;
    const char* line;
  } cases[] = {
      {R"({"labels":{}})", "/1/labels: at least one label pair required"},
      {R"({"labels":{"a":""}})", "/1/labels: at least one label pair required"},
      {R"({"annotations":{"a":"b"}})", "/1/labels: at least one label pair required"},
      {R"({"labels":{"":"b"}})", "/1/labels: a label without a name"},
      {R"({"labels":{"a":{"deep":[1,{"x":2}]}}})", "/1/labels/a: must be a string"},
      {R"({"labels":["a"],"annotations":{"b":"c"}})", "/1/labels: must be an object of strings"},
      {R"({"labels":{"a":"b"},"startsAt":"2026-09-01T00:09:00Z","endsAt":"2026-09-01T00:08:00Z"})",
       "/1/endsAt: start time must be before end time"},
      {R"({"labels":{"a":"b"},"startsAt":"2026-09-01T00:16:00Z"})", "/1/endsAt: start time must be before end time"},
      {R"({"labels":{"a":"b"},"startsAt":"yesterday"})", "/1/startsAt: "},
      {R"({"labels":{"a":"\u001b[31m"}})", "/1/labels/a: holds a control character"},
      {R"({"labels":{"a":"x","a":"y"}})", "/1/labels: a name stands here twice"},
      {R"("text")", "/1: must be an object"},
  };
  for (const auto& one : cases) {
    const auto posted = decode(R"([{"labels":{"alertname":"Before"}},)" + std::string(one.wrong) +
                               R"(,{"labels":{"alertname":"After"}}])");
    ASSERT_TRUE(posted) << one.wrong << to_string(posted.error());
    EXPECT_THAT(posted->refused, HasSubstr(one.line)) << one.wrong;
    EXPECT_EQ(posted->refused.find('\n'), std::string::npos) << posted->refused;
    ASSERT_EQ(posted->batch.size(), 2U) << one.wrong;
    EXPECT_EQ(posted->batch.alerts()[0].label("alertname"), "Before");
    EXPECT_EQ(posted->batch.alerts()[1].label("alertname"), "After");
  }
}

TEST(Posted, RefusesABodyThatIsNoListAsAWhole) {
  std::string many = "[";
  for (int i = 0; i < 10'001; ++i) many += std::string(i == 0 ? "" : ",") + R"({"labels":{"a":"b"}})";
  many += "]";
  const struct {
    std::string body;
    Reason reason;
  } cases[] = {
      {"", Reason::malformed},
      {"{}", Reason::wrong_type},
      {R"([{"labels":{"a":"b"}}] x)", Reason::malformed},
      {R"([{"labels":{"a":"b"}}] [])", Reason::malformed},
      {R"([{"labels":{"a":"b"}},{"labels":{"a":"b})", Reason::malformed},
      {"[{\"labels\":{\"a\":\"\xff\"}}]", Reason::malformed},
      {R"([{"labels":{"a":"b"}},{"labels":)" + std::string(100, '['), Reason::malformed},
      {many, Reason::too_large},
  };
  for (const auto& one : cases) {
    const auto posted = decode(one.body);
    ASSERT_FALSE(posted) << one.body.substr(0, 100);
    EXPECT_EQ(posted.error().reason, one.reason) << one.body.substr(0, 100) << to_string(posted.error());
  }
}

// As large as Prometheus posts it at most, and every one of it.
TEST(Posted, TakesAWholeBatch) {
  std::string body = "[";
  for (int i = 0; i < 256; ++i) {
    body += std::string(i == 0 ? "" : ",") + R"({"labels":{"alertname":"A","n":")" + std::to_string(i) +
            R"("},"annotations":{"description":")" + std::string(8'000, 'x') + R"("}})";
  }
  const auto posted = decode(body + "]");
  ASSERT_TRUE(posted) << to_string(posted.error());
  EXPECT_EQ(posted->refused, "");
  ASSERT_EQ(posted->batch.size(), 256U);
  EXPECT_EQ(posted->batch.alerts()[255].label("n"), "255");
  EXPECT_EQ(posted->batch.alerts()[255].annotation("description").size(), 8'000U);
}

TEST(Posted, TellsOfABoundedNumberOfWrongOnes) {
  std::string body = R"([{"labels":{"a":"b"}})";
  for (int i = 0; i < 300; ++i) body += R"(,{"labels":{}})";
  const auto posted = decode(body + "]");
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->batch.size(), 1U);
  EXPECT_THAT(posted->refused, HasSubstr("\n280 more"));
}

TEST(Posted, TakesARealRecordingByteForByte) {
  std::ifstream recording(std::string(std::getenv("IWAKAN_SOURCE_DIR")) +
                          "/daemon/sources/prometheus/testdata/recording.jsonl");
  Decoder decoder;
  std::size_t requests = 0;
  std::size_t firing = 0;
  std::size_t resolved = 0;
  for (std::string line; std::getline(recording, line); ++requests) {
    const auto value = boost::json::parse(line);
    constexpr std::string_view kBody = "\"body\":";
    const std::size_t begin = line.find(kBody) + kBody.size();
    const std::string body = line.substr(begin, line.size() - begin - 1);  // as it stands there
    const auto posted = decoder.decode(body, *parse_time(std::string(value.at("at").as_string())), kResolveTimeout);
    ASSERT_TRUE(posted) << to_string(posted.error());
    EXPECT_EQ(posted->refused, "");
    for (const Alert& alert : posted->batch.alerts()) ++(alert.state == AlertState::firing ? firing : resolved);
  }
  EXPECT_EQ(requests, 8U);
  EXPECT_EQ(firing, 9U);
  EXPECT_EQ(resolved, 4U);
}

class NoNetwork final : public sinks::HttpClient {
 public:
  void send(sinks::HttpRequest, Done) override {}
  void send(sinks::MailRequest, Done) override {}
};

TEST(PrometheusSource, AnswersAsAlertmanagerDoes) {
  const Setting none;
  Complaints complaints;
  Fields fields(none, complaints);
  NoNetwork network;
  const auto source = parse(fields)({network, {}});
  EXPECT_EQ(*source->expire_after(), 5min);
  const auto receive = [&](const std::string& body, std::string_view type) {
    const std::pair<std::string_view, std::string_view> headers[] = {{"Content-Type", type}};
    std::optional<Result<Received>> answer;
    source->receive({.method = "POST", .target = "/api/v2/alerts", .headers = headers, .body = body, .at = kNow},
                    [&answer](Result<Received> result) { answer = std::move(result); });
    return *std::move(answer);
  };
  const auto good = receive(R"([{"labels":{"a":"b"}}])", "application/json; charset=utf-8");
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->refused);
  EXPECT_EQ(good->answer, "");
  const auto half = receive(R"([{"labels":{"a":"b"}},{"labels":{}}])", "application/json");
  ASSERT_TRUE(half);
  EXPECT_EQ(half->batch.size(), 1U);
  EXPECT_EQ(half->answer, R"("/1/labels: at least one label pair required")");
  EXPECT_EQ(half->refused->reason, Reason::out_of_range);
  EXPECT_EQ(receive("[]", "text/plain").error().reason, Reason::unsupported);
}

}  // namespace
}  // namespace iwakan::sources::prometheus

// Goal: a mapping says what a request of any sender means, names what is wrong in a request, and one that cannot
// work is refused where it stands. Method: small mappings, tables.
#include "sources/generic/mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/yaml.hpp"

namespace iwakan::sources::generic {
namespace {

using ::testing::HasSubstr;

const TimePoint kNow = *parse_time("2026-09-01T00:00:30Z");
constexpr const char* kPlain =
    "state: {at: /state, firing: [open, 1], resolved: [closed], no_data: [unknown], nothing: [test]}\n"
    "labels: {alertname: /name, service: [/a~1b/0, ^/owner, 'header:X-Service', =shop]}\n";

std::string complaints_of(const std::string& yaml) {
  Complaints complaints;
  const auto tree = settings::parse_yaml(yaml, "m.yaml", complaints);
  if (tree) parse_mapping(*tree, complaints);
  std::string all;
  for (const Complaint& complaint : complaints) all += to_string(complaint) + "\n";
  return all;
}

Result<Received> map(const std::string& yaml, const std::string& body,
                     std::span<const std::pair<std::string_view, std::string_view>> headers = {}) {
  Complaints complaints;
  const auto tree = settings::parse_yaml(yaml, "m.yaml", complaints);
  const Mapping mapping = parse_mapping(*tree, complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return apply(mapping, {.method = "POST", .target = "/v1/events/x", .headers = headers, .body = body, .at = kNow});
}

std::string service_of(const Result<Received>& received) {
  return received && received->batch.size() == 1 ? std::string(received->batch.alerts()[0].label("service")) : "none";
}

TEST(Mapping, StatesAreToldAsTheMappingSays) {
  const auto firing = map(kPlain, R"({"state":1,"name":"x"})");
  ASSERT_TRUE(firing) << to_string(firing.error());
  EXPECT_EQ(firing->batch.alerts()[0].state, AlertState::firing);
  EXPECT_EQ(firing->batch.alerts()[0].starts_at, kZeroTime);  // the engine knows whether an episode goes on
  const auto resolved = map(kPlain, R"({"state":"closed","name":"x"})");
  EXPECT_EQ(resolved->batch.alerts()[0].state, AlertState::resolved);
  EXPECT_EQ(resolved->batch.alerts()[0].ends_at, kNow);
  EXPECT_EQ(resolved->batch.alerts()[0].fingerprint, firing->batch.alerts()[0].fingerprint);
  const auto no_data = map(kPlain, R"({"state":"unknown","name":"x"})");
  EXPECT_EQ(no_data->batch.alerts()[0].state, AlertState::no_data);
  EXPECT_EQ(no_data->batch.alerts()[0].starts_at, kNow);
  EXPECT_EQ(map(kPlain, R"({"state":"test"})")->batch.size(), 0U);
}

TEST(Mapping, TakesTheFirstThatIsNotEmpty) {
  EXPECT_EQ(service_of(map(kPlain, R"({"state":"open","name":"x","a/b":["pay"]})")), "pay");
  EXPECT_EQ(service_of(map(kPlain, R"({"state":"open","name":"x","a/b":[""],"owner":"team"})")), "team");
  EXPECT_EQ(service_of(map(kPlain, R"({"state":"open","name":"x"})")), "shop");
  const std::pair<std::string_view, std::string_view> headers[] = {{"x-service", "search"}};
  EXPECT_EQ(service_of(map(kPlain, R"({"state":"open","name":"x"})", headers)), "search");
  EXPECT_EQ(
      service_of(map(std::string("empty: [$OWNER]\n") + kPlain, R"({"state":"open","name":"x","owner":"$OWNER"})")),
      "shop");
}

TEST(Mapping, ReadsListsAndJsonInStrings) {
  const std::string yaml =
      std::string("json_in: [/payload]\nroot: [/payload, '']\nalerts: /all\nidentity: [alertname]\n") +
      "labels_from: [{at: /tags, split: ',', pair: ':'}, {at: /pairs, name: /k, value: /v, prefix: t_},"
      " {at: /more}]\n" +
      kPlain;
  const auto received = map(
      yaml,
      R"({"payload":"{\"owner\":\"ops\",\"all\":[{\"state\":\"open\",\"name\":\"x\",\"tags\":\"a:b:c, d : e,f\"},)"
      R"({\"state\":\"closed\",\"name\":\"y\",\"pairs\":[{\"k\":\"z\",\"v\":5},{\"k\":\"w\"}],\"more\":{\"m\":true,\"n\":null}}]}"})");
  ASSERT_TRUE(received) << to_string(received.error());
  ASSERT_EQ(received->batch.size(), 2U);
  EXPECT_EQ(received->batch.alerts()[0].label("service"), "ops");
  EXPECT_EQ(received->batch.alerts()[0].label("a"), "b:c");
  EXPECT_EQ(received->batch.alerts()[0].label("d"), "e");
  EXPECT_EQ(received->batch.alerts()[1].label("t_z"), "5");
  EXPECT_EQ(received->batch.alerts()[1].label("m"), "true");
  const Label name{"alertname", "y"};
  EXPECT_EQ(received->batch.alerts()[1].fingerprint, fingerprint_of({&name, 1}));
}

TEST(Mapping, ReadsTimesAsTheSenderWritesThem) {
  const struct {
    const char* format;
    const char* text;
    const char* says;
  } cases[] = {{"rfc3339", "\"2026-09-01T09:00:00.1234567+09:00\"", "2026-09-01T00:00:00.123456700Z"},
               {"rfc1123", "\"Tue, 01 Sep 2026 00:00:00 GMT\"", "2026-09-01T00:00:00Z"},
               {"epoch_s", "1790000000", "2026-09-21T14:13:20Z"},
               {"epoch_ms", "\"1790000000123\"", "2026-09-21T14:13:20.123Z"},
               {"epoch_us", "1790000000000000", "2026-09-21T14:13:20Z"},
               {"epoch_ns", "1790000000000000000", "2026-09-21T14:13:20Z"},
               {"local, zone: '+09:00'", "\"2026-09-01 09:00:00.5\"", "2026-09-01T00:00:00.500Z"},
               {"[epoch_s, rfc3339]", "\"2026-09-01T00:00:00Z\"", "2026-09-01T00:00:00Z"}};
  for (const auto& one : cases) {
    const auto received = map(std::string("starts_at: {at: /t, format: ") + one.format + "}\n" + kPlain,
                              std::string(R"({"state":"open","name":"x","t":)") + one.text + "}");
    ASSERT_TRUE(received) << one.format << to_string(received.error());
    EXPECT_EQ(format_time(received->batch.alerts()[0].starts_at), one.says) << one.format;
  }
}

TEST(Mapping, NamesWhatIsWrongInARequest) {
  const std::string list = std::string("alerts: /all\nstarts_at: /t\n") + kPlain;
  const struct {
    std::string yaml;
    const char* body;
    Reason reason;
    const char* path;
  } cases[] = {{kPlain, "x", Reason::malformed, ""},
               {kPlain, R"({"a":1,"a":2})", Reason::duplicate, "/a"},
               {kPlain, "{}", Reason::missing, "/state"},
               {kPlain, R"({"state":"perhaps"})", Reason::out_of_range, "/state"},
               {kPlain, R"({"state":"open"})", Reason::missing, "/name"},
               {list, "{}", Reason::missing, "/all"},
               {list, R"({"all":[{"state":"open","name":"x"},{"state":"open","name":"x","t":"now"}]})",
                Reason::malformed, "/all/1/t"},
               {std::string("json_in: [/p]\n") + kPlain, R"({"p":"{"})", Reason::malformed, "/p"},
               {std::string("root: /p\n") + kPlain, "{}", Reason::missing, "/p"},
               {std::string("identity: ['host*']\n") + kPlain, R"({"state":"open","name":"x"})", Reason::missing, ""}};
  for (const auto& one : cases) {
    const auto received = map(one.yaml, one.body);
    ASSERT_FALSE(received) << one.body;
    EXPECT_EQ(received.error().reason, one.reason) << one.body << to_string(received.error());
    EXPECT_EQ(received.error().path, one.path) << one.body;
  }
}

TEST(Mapping, OneThatCannotWorkIsRefusedWhereItStands) {
  EXPECT_EQ(complaints_of(kPlain), "");
  const std::string state = "state: {at: /s, firing: [open]}\n";
  const std::string labels = "labels: {alertname: /n}\n";
  const struct {
    std::string yaml;
    const char* says;
  } cases[] = {
      {labels, "the key \"state\" is missing"},
      {state, "the key \"labels\" is missing"},
      {state + "labels: {service: /n}\n", "m.yaml:2:9: labels: there is no alertname"},
      {"state: {at: /s, resolved: [ok]}\n" + labels, "m.yaml:1:8: state: no state fires"},
      {"state: {at: /s, firing: [a], resolved: [a]}\n" + labels, "\"a\" has two meanings"},
      {"state: {at: s, firing: [a]}\n" + labels, "m.yaml:1:13: state.at: \"s\" is no JSON pointer"},
      {"state: {at: /s~2, firing: [a]}\n" + labels, "~ is written ~0"},
      {"state: {at: [], firing: [a]}\n" + labels, "names no place"},
      {"state: {at: 'header:a b', firing: [a]}\n" + labels, "is no name of a header"},
      {state + labels + "identity: [host]\n", "no label \"host\" is made"},
      {state + labels + "starts_at: {at: /t, format: iso}\n", "\"iso\" is no format of times"},
      {state + labels + "starts_at: {at: /t, format: local, zone: JST}\n", "is no offset from UTC"},
      {state + labels + "labels_from: [{at: /t, split: ','}]\n", "not what stands in one"},
      {state + labels + "labels_from: [{at: /t, name: /k}]\n", "name and value belong together"},
      {state + labels + "labels_from: [{name: /k, value: /v}]\n", "the key \"at\" is missing"},
      {state + labels + "answer: {status: 500}\n", "500 is outside 200 to 299"},
      {state + labels + "link: {at: /l, otherwise: x}\n", "there is no map"},
      {state + labels + "lables: {}\n", "did you mean \"labels\"?"},
  };
  for (const auto& one : cases) EXPECT_THAT(complaints_of(one.yaml), HasSubstr(one.says)) << one.yaml;
}

}  // namespace
}  // namespace iwakan::sources::generic

// Goal: what leaves is a Standard Webhook 1.0. Method: the vector of reference wire-formats D2, a golden body,
// and a fake client.
#include "sinks/webhook/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/stage.hpp"
#include "sinks/webhook/sink.hpp"

namespace iwakan::sinks::webhook {
namespace {

using namespace sinks::testing;

constexpr const char* kSecret = "whsec_aXdha2FuZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5YWJjZGVm";

TEST(Webhook, SignsAsTheVectorSays) {
  const std::vector<Secret> keys{*key_of(Secret(kSecret))};
  const std::string body = R"({"type":"incident.opened","id":"inc-1"})";
  EXPECT_EQ(signature_of(keys, "msg_test_0001", 1790000000, body), "v1,e6hUMi3yI0yhTB/D3ee1zzYrbSVYNwIXQSk4pW1DquQ=");
  EXPECT_NE(signature_of(keys, "msg_test_0001", 1790000001, body), "v1,e6hUMi3yI0yhTB/D3ee1zzYrbSVYNwIXQSk4pW1DquQ=");
}

TEST(Webhook, RefusesWhatIsNoSecretWithoutQuotingIt) {
  for (const char* bad : {"", "hunter2", "whsec_", "whsec_!!!!", "whsec_aHVudGVyMg=="}) {
    const auto key = key_of(Secret(bad));
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(to_string(key.error()).find("hunter2"), std::string::npos);
  }
}

TEST(Webhook, SendsTheReportWithAStableIdAndASignatureForEachKey) {
  const Folder folder;
  const Setting setting =
      map({{"url", scalar("https://hooks.example/x")},
           {"secrets",
            list({map({{"file", scalar(folder.write("a", kSecret))}}),
                  map({{"file", scalar(folder.write("b", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))}})})}});
  Complaints complaints;
  Fields fields(setting, complaints);
  const Make make = parse(fields);
  ASSERT_TRUE(complaints.empty());
  RememberingClient client;
  client.answer.status = 204;
  const Layout layout = plain_layout();
  const auto sink = make({client, layout, {}});
  ASSERT_TRUE(sink->start());
  EXPECT_EQ(deliver(*sink, specimen_individual(), specimen_delivery()).verdict, DeliveryVerdict::delivered);
  ASSERT_EQ(client.requests.size(), 1U);
  std::map<std::string, std::string> headers(client.requests[0].headers.begin(), client.requests[0].headers.end());
  EXPECT_EQ(headers["webhook-id"], "INC-2031_1_supervisor-cs-hasegawa");
  EXPECT_THAT(headers["webhook-signature"], ::testing::MatchesRegex("v1,[A-Za-z0-9+/]+=* v1,[A-Za-z0-9+/]+=*"));
  expect_golden("webhook", "individual.json", client.requests[0].body + "\n");
}

}  // namespace
}  // namespace iwakan::sinks::webhook

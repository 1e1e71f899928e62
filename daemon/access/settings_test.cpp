// Goal: every slip under access: is named with a remedy. Method: a table of trees.
#include "access/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/yaml.hpp"

namespace iwakan::access {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kSources{"alertmanager", "grafana"};
const std::string kEnough = "- {name: all, sources: [alertmanager, grafana], token: {file: /t}}";

std::string complaints_of(const std::string& yaml, Settings& settings) {
  Complaints complaints;
  const auto tree = settings::parse_yaml(yaml, "f.yaml", complaints);
  settings = parse_access(&*tree, kSources, complaints);
  std::string all;
  for (const Complaint& complaint : complaints) all += to_string(complaint) + "\n";
  return all;
}

TEST(AccessSettings, Absent) {
  Complaints complaints;
  EXPECT_FALSE(parse_access(nullptr, kSources, complaints).on);
  EXPECT_TRUE(complaints.empty());
}

TEST(AccessSettings, WholeOne) {
  Settings settings;
  EXPECT_EQ(complaints_of(R"(
senders:
- {name: am, sources: [alertmanager], token: {credential: am}, budget: {requests: 5}}
- {name: grafana, sources: grafana, hmac: {secret: {file: /g}, header: X-Grafana-Alerting-Signature, timestamp_header: X-T}}
- {name: edge, sources: [alertmanager], certificate: {san: am.example.com}}
- {name: dd, sources: [grafana], token: {file: /d}, header: X-Api-Key}
- {name: zbx, sources: [grafana], basic: {username: zbx, password: {file: /z}}}
- {name: pd, sources: [grafana], token: {file: /p}, body_member: api_key}
people:
- {name: sato, role: command, token: {file: /s}}
- {name: hasegawa@books.example, role: respond}
proxy: {trusted: [127.0.0.1, "10.0.0.0/8", "fd00::/8"], person_header: X-Forwarded-Email, groups_header: X-Forwarded-Groups, groups: {sre: command}, role: read}
budget: {bytes: 1000000, burst: 30s}
)",
                          settings),
            "");
  ASSERT_EQ(settings.known.size(), 8U);
  EXPECT_EQ(settings.known[0].caller.budget.requests, 5);
  EXPECT_EQ(settings.known[0].caller.budget.bytes, 1e6);
  EXPECT_EQ(settings.known[6].caller.role, Role::command);
  EXPECT_TRUE(settings.uses_certificates());
  EXPECT_EQ(settings.proxy->trusted.size(), 3U);
  EXPECT_EQ(settings.secret_members(), std::vector<std::string>{"api_key"});
  EXPECT_EQ(settings.secret_headers(), (std::vector<std::string>{"x-grafana-alerting-signature", "x-api-key",
                                                                 "x-forwarded-email", "x-forwarded-groups"}));
}

TEST(AccessSettings, EverySlipIsNamed) {
  const struct {
    std::string yaml;
    const char* says;
  } cases[] = {
      {"senders: []", "nobody may send to the source \"alertmanager\"; add a sender with sources: [alertmanager]"},
      {"senders: [{name: a, sources: [alertmanger], token: {file: /t}}]",
       "there is no source \"alertmanger\"; did you mean \"alertmanager\"?"},
      {"senders: [{name: a, token: {file: /t}}]", "may send to nothing"},
      {"senders: [{name: a, sources: [grafana]}]", "cannot prove who it is; add token, basic, hmac or certificate"},
      {"senders: [{sources: [grafana], token: {file: /t}}]", "the key \"name\" is missing"},
      {"senders: [{name: a, sources: [grafana], token: swordfish}]", "a secret does not stand in the configuration"},
      {"senders: [{name: a, sources: [grafana], header: X-A}]", "there is no token"},
      {"senders: [{name: a, sources: [grafana], token: {file: /t}, header: \"X A\"}]", "is not the name of a header"},
      {"senders: [{name: a, sources: [grafana], hmac: {header: X-A}}]", "the key \"secret\" is missing"},
      {"senders: [{name: a, sources: [grafana], hmac: {secret: {file: /t}}}]", "which header holds the signature"},
      {"senders: [{name: a, sources: [grafana], basic: {username: \"a:b\", password: {file: /t}}}]", "holds a colon"},
      {"senders: [{name: a, sources: [grafana], certificate: {}}]", "does not say which certificate"},
      {"senders: [{name: a, sources: [grafana], token: {file: /t}, budget: {requests: 0}}]", "0 is outside"},
      {"senders: [" + kEnough.substr(2) + ", " + kEnough.substr(2) + "]", "\"all\" stands here twice"},
      {"senders: [" + kEnough.substr(2) + "]\npeople: [{name: b, token: {file: /t}}]",
       "has no role; add role: metrics, read"},
      {"people: [{name: b, role: boss, token: {file: /t}}]",
       "\"boss\" is not one of metrics, read, respond, command, admin"},
      {"people: [{name: b, role: read}]", "cannot prove who it is; add token, basic or certificate, or access.proxy"},
      {"people: [{name: b, role: read, hmac: {}}]", "unknown key"},
      {"proxy: {person_header: X-A}", "trusts no address"},
      {"proxy: {trusted: [localhost], person_header: X-A}", "\"localhost\" is neither an address nor a network"},
      {"proxy: {trusted: [10.0.0.0/33], person_header: X-A}", "is neither an address nor a network"},
      {"proxy: {trusted: [127.0.0.1]}", "does not say which header names the person"},
      {"poeple: []", "unknown key; did you mean \"people\"?"},
  };
  for (const auto& [yaml, says] : cases) {
    Settings settings;
    EXPECT_THAT(complaints_of(yaml, settings), HasSubstr(says)) << yaml;
  }
}

}  // namespace
}  // namespace iwakan::access

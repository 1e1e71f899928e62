// Goal: the configurations that we ship are good; every slip is named with file, line, column, the nearest
// valid key and a remedy; all of them at once; and checking touches nothing.
// Method: a table of slips; the shipped files as they are.
#include "settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace iwakan::settings {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const fs::path kSource = std::getenv("IWAKAN_SOURCE_DIR");

std::string complaints_of(const std::string& yaml) {
  Complaints complaints;
  const auto settings = parse(yaml, "f.yaml", (kSource / "config").string(), complaints);
  EXPECT_EQ(settings == nullptr, !complaints.empty());
  std::string all;
  for (const Complaint& complaint : complaints) all += to_string(complaint) + "\n";
  return all;
}

TEST(Settings, ShippedConfigurationsAreGood) {
  for (const auto& entry : fs::directory_iterator(kSource / "config")) {
    if (entry.path().extension() != ".yaml") continue;
    Complaints complaints;
    const auto settings = load(entry.path().string(), complaints);
    for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->digest.size(), 64U);
    EXPECT_FALSE(settings->sources.empty());
    EXPECT_FALSE(settings->engine->rules.empty());
  }
}

TEST(Settings, AnEmptyConfigurationWorks) {
  EXPECT_EQ(complaints_of(""), "");
  EXPECT_EQ(complaints_of("{}"), "");
}

TEST(Settings, EverySlipIsNamed) {
  const struct {
    const char* yaml;
    const char* says;
  } cases[] = {
      {"lisen: 127.0.0.1:1\n", "f.yaml:1:8: lisen: unknown key; did you mean \"listen\"?"},
      {"listen: 127.0.0.1\n", "f.yaml:1:9: listen: \"127.0.0.1\" is not an address and a port"},
      {"listen: 127.0.0.1:70000\n", "is not an address and a port"},
      {"listen: localhost:80\n", "is not an address and a port"},
      {"listen: 0.0.0.0:8119\n", "listens on loopback only"},
      {"listen: \"[::]:8119\"\n", "listens on loopback only"},
      {"time_zone: Asia/Tokio\n", "f.yaml:1:12: time_zone: "},
      {"templates: nowhere\n", "cannot be read"},
      {"log_level: verbose\n", "is not one of debug, info, warning, error"},
      {"store: {pth: /x}\n", "store.pth: unknown key; did you mean \"path\"?"},
      {"store: {journal_kept: 1h}\n", "1h is outside 1d to"},
      {"store: [1]\n", "keys and values are expected here"},
      {"limits: {body_bytes_max: 12}\n", "12 is outside 65536 to"},
      {"limits: {connections_max: many}\n", "\"many\" is not a whole number"},
      {"limits: {idle_time_max: 15}\n", "not a duration"},
      {"sources: {alertmanger: {}}\n", "did you mean \"alertmanager\"?"},
      {"sources: {alertmanager: {expire_after: 5 hours}}\n", "not a duration"},
      {"sinks: {a: {kind: emial}}\n", "did you mean \"email\"?"},
      {"sinks: {a: {}}\n", "the key \"kind\" is missing"},
      {"sinks: [a]\n", "names and their sinks are expected here"},
      {"sinks: {a: {kind: console, colour: red}}\n", "sinks.a.colour: unknown key"},
      {"sinks: {a: {kind: webhook, url: ftp://x, secrets: [{file: /x}]}}\n", "not an http or https URL"},
      {"sinks: {a: {kind: webhook, url: https://x}}\n", "nothing to sign them with"},
      {"sinks: {a: {kind: webhook, url: https://x, secrets: [whsec_c2VjcmV0]}}\n",
       "a secret does not stand in the configuration"},
      {"sinks: {a: {kind: slack}}\n", "nothing says how to reach Slack"},
      {"sinks: {a: {kind: email, server: mail.example.com, from: a@b.example}}\n", "not the address of a mail server"},
      {"sinks: {a: {kind: email, server: \"smtp://m:25\", from: nobody}}\n", "not a mail address"},
      {"sinks: {a: {kind: email, server: \"smtp://m:25\", from: a@b.example, username: u}}\n", "belong together"},
      {"sinks: {a: {kind: email, server: \"smtp://m:25\", from: a@b.example, tls: none, username: u, password: {file: "
       "/p}}}\n",
       "in clear text"},
      {"sinks: {s: {kind: console}}\neverybody: [{sink: t}]\n", "there is no sink \"t\""},
      {"departments: [{id: cs, name: CS}]\n", "the key \"supervisor\" is missing"},
      {"departments:\n  - id: c s\n", "f.yaml:2:9: departments[0].id: \"c s\" cannot serve as an id"},
      {"budget: one a week\n", "write for example 1 per week"},
      {"subject: []\n", "names no label"},
      {"rules: {open_wen: {}}\n", "did you mean \"open_when\"?"},
      {"rules: {open_when: {statements: [{match: ['severity']}]}}\n", "not a matcher"},
      {"rules: {open_when: {statements: [{match: ['a=~\"(\"']}]}}\n", "not a matcher"},
      {"rules: {never_seen: {learn_for: 200d}}\n", "200d is outside"},
      {"level_default: 7\n", "not among levels"},
      {"levels: {x: {name: a}}\n", "levels.x: unknown key"},
      {"questions: []\n", "at least one question is needed"},
      {"a: 1\na: 2\n", "stands here twice"},
  };
  for (const auto& one : cases) EXPECT_THAT(complaints_of(one.yaml), HasSubstr(one.says)) << one.yaml;
}

TEST(Settings, AllSlipsAreToldAtOnce) {
  const std::string all = complaints_of("lisen: x\nbudget: x\nsinks: {a: {kind: x}}\n");
  EXPECT_THAT(all, HasSubstr("lisen"));
  EXPECT_THAT(all, HasSubstr("budget"));
  EXPECT_THAT(all, HasSubstr("sinks.a.kind"));
}

TEST(Settings, AFileThatCannotBeReadIsNamed) {
  Complaints complaints;
  EXPECT_EQ(load("/nowhere/iwakand.yaml", complaints), nullptr);
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_THAT(to_string(complaints[0]), StartsWith("/nowhere/iwakand.yaml: cannot be read: No such file"));
}

}  // namespace
}  // namespace iwakan::settings

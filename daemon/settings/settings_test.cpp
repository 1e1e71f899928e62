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
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "config")) {
    const fs::path folder = entry.path().parent_path().filename();
    const bool other = folder == "mappings" || folder == "prometheus" || folder == "tests" || folder == "words";
    if (entry.path().extension() != ".yaml" || other) continue;
    Complaints complaints;
    const auto settings = load(entry.path().string(), complaints);
    for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->digest.size(), 64U);
    EXPECT_FALSE(settings->sources.empty());
    EXPECT_FALSE(settings->engine->rules.empty());
  }
}

std::string on_duty_as(const Organisation& organisation, const char* rota, const char* time) {
  std::string names;
  for (const Rota& one : organisation.rotas) {
    if (one.id != rota) continue;
    for (const Shift& shift : on_duty(one, *parse_time(time))) names += shift.person + ";";
  }
  return names;
}

TEST(Settings, TheWordCataloguesSayWhatIsBuiltIn) {
  const std::string yaml =
      "words: words\neverybody: [{sink: terminal, languages: [en]}]\nsinks: {terminal: {kind: console}}\n";
  Complaints complaints;
  const auto settings = parse(yaml, "test.yaml", (kSource / "config").string(), complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  ASSERT_TRUE(settings);
  for (const char* language : {"ja", "en"})
    EXPECT_EQ(settings->words.at(language), sinks::Words::built_in(language).all()) << language;
}

TEST(Settings, TheExampleOrganisationIsWhatItSays) {
  Complaints complaints;
  const auto settings = load((kSource / "config/examples/organisation.yaml").string(), complaints);
  ASSERT_TRUE(settings);
  const Organisation& organisation = settings->engine->organisation;
  const Department& cs = organisation.departments.at(0);
  EXPECT_EQ(cs.supervisor, "hasegawa");
  EXPECT_EQ(cs.recipients.at(1).id, "supervisor-cs-hasegawa-2");
  EXPECT_EQ(cs.recipients.at(1).languages, std::vector<std::string>{"ja"});
  EXPECT_EQ(cs.deputies.at(1).recipients.at(0).id, "deputy-cs-dubois");
  EXPECT_EQ(cs.deputies.at(1).recipients.at(0).time_zone, "Europe/Paris");
  EXPECT_EQ(organisation.departments.at(2).supervisor_name.ja, "野田");
  EXPECT_NE(find_person(organisation, "noda"), nullptr);
  EXPECT_EQ(group_named(organisation, "management")->recipients.at(0).person, "oda");
  EXPECT_EQ(organisation.roles.at(1).person, "mizuno");
  EXPECT_EQ(cs.rooms.at(0).edition, "department.cs");
  EXPECT_EQ(group_named(organisation, "management")->recipients.at(0).edition, "management");
  EXPECT_FALSE(is_on_duty(organisation, cs, "hasegawa", *parse_time("2031-05-14T19:00:00+09:00")));
  EXPECT_TRUE(is_on_duty(organisation, cs, "mori", *parse_time("2031-05-14T19:00:00+09:00")));
  EXPECT_TRUE(is_on_duty(organisation, organisation.departments.at(1), "sato", {}));  // no rota says otherwise

  EXPECT_EQ(on_duty_as(organisation, "command", "2031-05-13T11:59:00Z"), "fujii;");  // 20:59 in Tokyo
  EXPECT_EQ(on_duty_as(organisation, "command", "2031-05-13T12:00:00Z"), "hara;");
  EXPECT_EQ(on_duty_as(organisation, "command", "2031-05-14T04:00:00Z"), "hara;");  // overridden
  EXPECT_EQ(on_duty_as(organisation, "customers", "2031-05-02T01:00:00Z"), "hasegawa;");
  EXPECT_EQ(on_duty_as(organisation, "customers", "2031-05-05T01:00:00Z"), "mori;");
  // 10:00 in Lyon is 09:00Z in winter and 08:00Z in summer, which begins there on 30 March.
  EXPECT_EQ(on_duty_as(organisation, "customers", "2031-03-29T08:30:00Z"), "");
  EXPECT_EQ(on_duty_as(organisation, "customers", "2031-03-29T09:30:00Z"), "dubois;");
  EXPECT_EQ(on_duty_as(organisation, "customers", "2031-03-30T08:30:00Z"), "dubois;");
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
      {"listen: 0.0.0.0:8119\n", "nothing says who may send and act; add access:"},
      {"listen: \"[::]:8119\"\n", "could be read on the way; add tls:"},
      {"time_zone: Asia/Tokio\n", "f.yaml:1:12: time_zone: "},
      {"templates: nowhere\n", "cannot be read"},
      {"log_level: verbose\n", "is not one of debug, info, warning, error"},
      {"store: {pth: /x}\n", "store.pth: unknown key; did you mean \"path\"?"},
      {"store: {journal_kept: 1h}\n", "1h is outside 1d to"},
      {"acknowledge: {link_valid_for: 1m}\n", "1m is outside 10m to"},
      {"acknowledge: {link_secret: hush}\n", "a secret does not stand in the configuration"},
      {"acknowledge: {slack_signing_secret: {file: /a, credential: b}}\n",
       "write either {file: PATH} or {credential: NAME}"},
      {"store: [1]\n", "keys and values are expected here"},
      {"limits: {body_bytes_max: 12}\n", "12 is outside 65536 to"},
      {"limits: {connections_max: many}\n", "\"many\" is not a whole number"},
      {"limits: {idle_time_max: 15}\n", "not a duration"},
      {"sources: {alertmanger: {}}\n", "did you mean \"alertmanager\"?"},
      {"sources: {alertmanager: {expire_after: 5 hours}}\n", "not a duration"},
      {"sources: {generic: {Big: {mapping: {state: {at: /s, firing: [a]}, labels: {alertname: /n}}}}}\n",
       "\"Big\" cannot name a sender"},
      {"sources: {generic: {grafana: {mapping: {state: {at: /s, firing: [a]}, labels: {alertname: /n}}}}}\n",
       "a source has that name"},
      {"sources: {generic: {x: {}}}\n", "f.yaml:1:24: sources.generic.x: the key \"mapping\" is missing"},
      {"sources: {generic: {x: {mapping: mappings/nothing.yaml}}}\n",
       "f.yaml:1:34: sources.generic.x.mapping: the mapping"},
      {"sources: {generic: {x: {mapping: {state: {at: s, firing: [a]}, labels: {alertname: /n}}}}}\n",
       "f.yaml:1:47: sources.generic.x.mapping.state.at: \"s\" is no JSON pointer"},
      {"sources: {generic: [x]}\n", "names and their senders are expected here"},
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
      {"people: [{id: a}]\n", "the key \"name\" is missing"},
      {"people:\n  - {id: a, name: A}\n  - {id: a, name: B}\n",
       "f.yaml:3:5: people[1]: the person \"a\" stands here twice"},
      {"people: [{id: a, name: A, languages: [fr]}]\n", "\"fr\" is not a language iwakan speaks"},
      {"people: [{id: a, name: A, time_zone: Asia/Tokio}]\n",
       "f.yaml:1:38: people[0].time_zone: there is no time zone \"Asia/Tokio\""},
      {"people: [{id: a, name: A, reach: [{sink: mail}]}]\n", "there is no sink \"mail\""},
      {"people: [{id: sato, name: A}]\ndepartments: [{id: d, name: D, supervisor: sat}]\n",
       "f.yaml:2:44: departments[0].supervisor: there is no person \"sat\"; did you mean \"sato\"?"},
      {"people: [{id: sato, name: A}]\ndepartments: [{id: d, name: D, supervisor: sato}]\n",
       "nothing says how to reach this person"},
      {"sinks: {s: {kind: console}}\npeople: [{id: a, name: A, reach: [{sink: s}]}]\ndepartments: [{id: d, name: D, "
       "supervisor: a, deputies: [a]}]\n",
       "departments[0].deputies[0]: this person is told already"},
      {"people: [{id: a, name: A}]\neverybody: [{person: a}]\n", "nothing says how to reach this person"},
      {"people: [{id: a, name: A}]\neverybody: [{person: [a]}]\n", "the id of a person is expected here"},
      {"groups: [{id: g, name: G}]\n", "this group reaches nobody"},
      {"rota: [{id: r}]\n", "nothing says who is on duty"},
      {"rota: [{id: r, role: boss, weekly: []}]\n", "\"boss\" is not one of command, deputy"},
      {"rota: [{id: r, weekly: [{who: x, from: \"09:00\", to: \"21:00\"}]}]\n", "there is no person \"x\""},
      {"people: [{id: a, name: A}]\nrota: [{id: r, weekly: [{who: a, from: 9am, to: \"21:00\"}]}]\n",
       "f.yaml:2:40: rota[0].weekly[0].from: \"9am\" is not a time here; write for example \"09:00\""},
      {"people: [{id: a, name: A}]\nrota: [{id: r, weekly: [{who: a, days: [monday], from: \"09:00\", to: "
       "\"24:00\"}]}]\n",
       "\"monday\" is not a day"},
      {"rota: [{id: r, time_zone: Mars, weekly: []}]\n", "there is no time zone \"Mars\""},
      {"rota: [{id: r, ics: none.ics}]\n", "name an ICS file, relative to this one"},
      {"rota: [{id: r, ics: examples/customers.ics}]\n",
       "examples/customers.ics:5:1: this event names nobody known: \"hasegawa@example.com\""},
      {"people: [{id: a, name: A}]\nrota: [{id: r, weekly: [{who: a, from: \"00:00\", to: \"24:00\"}], overrides: "
       "[{who: "
       "a, from: \"2031-05-14 09:00\", to: \"2031-05-14 08:00\"}]}]\n",
       "this override ends before it begins"},
      {"responders: [{person: x, role: contact}]\n", "there is no person \"x\""},
      {"responders: [{who: A}]\n", "the key \"does\" is missing"},
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

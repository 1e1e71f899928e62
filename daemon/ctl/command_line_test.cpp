// Goal: every command becomes exactly the request of docs/api.md, and a wrong command line says what
// is wrong without anything being sent.
// Method: tables of command lines, split at blanks (no argument here holds one unless joined by '~').

#include "ctl/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace iwakan::ctl {
namespace {

using testing::HasSubstr;

std::vector<std::string> split(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) {
    std::replace(word.begin(), word.end(), '~', ' ');
    arguments.push_back(word);
  }
  return arguments;
}

Environment environment() {
  setenv("TZ", "Asia/Tokyo", 1);
  return {.url = "",
          .token_file = "",
          .ca = "",
          .language = "en_GB.UTF-8",
          .user = "morita",
          .colour = false,
          .now = *parse_time("2026-11-24T10:30:00+09:00")};
}

std::variant<Command, Leave> read(const std::string& line) {
  return read_command_line(split(line), environment());
}

TEST(CommandLine, BecomesTheCallOfTheApi) {
  struct Case {
    const char* line;
    const char* method;
    const char* target;
    const char* body;
    View view;
  };
  const Case cases[] = {
      {"incident list", "GET", "/api/v1/incidents?status=live", "", View::incidents},
      {"incident list --all", "GET", "/api/v1/incidents?status=all", "", View::incidents},
      {"incident show INC-17", "GET", "/api/v1/incidents/INC-17", "", View::incident},
      {"incident show ../x?y#~", "GET", "/api/v1/incidents/..%2Fx%3Fy%23%20", "", View::incident},
      {"incident ack INC-17 --as hasegawa", "POST", "/api/v1/incidents/INC-17/acknowledge",
       R"({"person":"hasegawa","actor":"morita"})", View::done},
      {"incident note INC-17 restarted~\"it\"", "POST", "/api/v1/incidents/INC-17/notes",
       R"({"text":"restarted \"it\"","actor":"morita"})", View::done},
      {"incident note INC-17 --at 10:26 再起動", "POST", "/api/v1/incidents/INC-17/notes",
       R"({"text":"再起動","occurred_at":"2026-11-24T01:26:00Z","actor":"morita"})", View::done},
      {"note restarted it", "POST", "/api/v1/notes", R"({"text":"restarted it","actor":"morita"})", View::done},
      {"note INC-17 restarted it --at 10:26", "POST", "/api/v1/incidents/INC-17/notes",
       R"({"text":"restarted it","occurred_at":"2026-11-24T01:26:00Z","actor":"morita"})", View::done},
      {"note INC-17", "POST", "/api/v1/notes", R"({"text":"INC-17","actor":"morita"})", View::done},
      {"incident correct INC-17 12 later", "POST", "/api/v1/incidents/INC-17/corrections",
       R"({"entry":12,"text":"later","actor":"morita"})", View::done},
      {"ask May we? --as kato --person", "POST", "/api/v1/questions",
       R"({"text":"May we?","person":"kato","of_a_person":true,"actor":"morita"})", View::question},
      {"incident export INC-17 --language ja", "GET", "/api/v1/incidents/INC-17/export?format=markdown&language=ja", "",
       View::document},
      {"incident export INC-17 --format html --language en", "GET",
       "/api/v1/incidents/INC-17/export?format=html&language=en", "", View::document},
      {"question list INC-17", "GET", "/api/v1/incidents/INC-17", "", View::questions},
      {"question answer INC-17 2 no", "POST", "/api/v1/incidents/INC-17/questions/answer",
       R"({"question":2,"text":"no","actor":"morita"})", View::question},
      {"question assign INC-17 2 --to mizuno", "POST", "/api/v1/incidents/INC-17/questions/assign",
       R"({"question":2,"person":"mizuno","actor":"morita"})", View::question},
      {"question merge INC-17 5 --into 2", "POST", "/api/v1/incidents/INC-17/questions/merge",
       R"({"question":5,"into":2,"actor":"morita"})", View::question},
      {"incident status INC-17 mitigated --why moved", "POST", "/api/v1/incidents/INC-17/status",
       R"({"status":"mitigated","why":"moved","actor":"morita"})", View::done},
      {"incident status INC-17 false_alarm", "POST", "/api/v1/incidents/INC-17/status",
       R"({"status":"false_alarm","actor":"morita"})", View::done},
      {"incident impact INC-17 none_confirmed --actor 長谷川", "POST", "/api/v1/incidents/INC-17/impact",
       R"({"impact":"none_confirmed","actor":"長谷川"})", View::done},
      {"incident impact INC-17 confirmed --what orders~fail", "POST", "/api/v1/incidents/INC-17/impact",
       R"({"impact":"confirmed","what":"orders fail","actor":"morita"})", View::done},
      {"incident declare --subject checkout --title Orders~fail", "POST", "/api/v1/incidents",
       R"({"subject":"checkout","title":"Orders fail","actor":"morita"})", View::declared},
      {"incident declare --subject s --title t --impact possible --level 3", "POST", "/api/v1/incidents",
       R"({"subject":"s","title":"t","impact":"possible","level":3,"actor":"morita"})", View::declared},
      {"incident fact INC-17 14~inquiries --source CS --kind impact --at 10:26", "POST",
       "/api/v1/incidents/INC-17/facts",
       R"({"what":"14 inquiries","source":"CS","at":"2026-11-24T01:26:00Z","kind":"impact","actor":"morita"})",
       View::told},
      {"incident fact INC-17 14件 --en 14~inquiries", "POST", "/api/v1/incidents/INC-17/facts",
       R"({"what":{"ja":"14件","en":"14 inquiries"},"actor":"morita"})", View::told},
      {"incident fact INC-17 15 --instead-of 3 --why miscounted", "POST", "/api/v1/incidents/INC-17/facts/correct",
       R"({"what":"15","fact":3,"why":"miscounted","actor":"morita"})", View::told},
      {"incident withdraw INC-17 3", "POST", "/api/v1/incidents/INC-17/facts/withdraw",
       R"({"fact":3,"actor":"morita"})", View::told},
      {"incident unknown INC-17 Why --checker dev --due 10:26", "POST", "/api/v1/incidents/INC-17/unknowns",
       R"({"checker":"dev","what":"Why","due":"2026-11-25T01:26:00Z","actor":"morita"})", View::told},
      {"incident follow-up INC-17 Alert~earlier --owner sato --due 2026-12-01", "POST",
       "/api/v1/incidents/INC-17/follow-ups",
       R"({"owner":"sato","what":"Alert earlier","due":"2026-12-01T14:59:59Z","actor":"morita"})", View::told},
      {"incident done INC-17 1 --note held", "POST", "/api/v1/incidents/INC-17/follow-ups/done",
       R"({"follow_up":1,"note":"held","actor":"morita"})", View::told},
      {"incident answer INC-17 cause Disk --source dev", "POST", "/api/v1/incidents/INC-17/unknowns/answer",
       R"({"unknown":"cause","source":"dev","answer":"Disk","actor":"morita"})", View::told},
      {"incident later INC-17 cause --due 10:26 --why logs", "POST", "/api/v1/incidents/INC-17/unknowns/move",
       R"({"unknown":"cause","due":"2026-11-25T01:26:00Z","why":"logs","actor":"morita"})", View::told},
      {"incident state INC-17 scope cards", "POST", "/api/v1/incidents/INC-17/stated",
       R"({"field":"scope","text":"cards","actor":"morita"})", View::told},
      {"incident ask INC-17 cs offer~mail", "POST", "/api/v1/incidents/INC-17/asks",
       R"({"department":"cs","what":"offer mail","actor":"morita"})", View::told},
      {"report show INC-17 --number next --edition department.cs --language ja --format html", "GET",
       "/api/v1/incidents/INC-17/report?number=next&edition=department.cs&language=ja&format=html", "", View::document},
      {"incident assign INC-17 hands_on sato --does reads~the~logs", "POST", "/api/v1/incidents/INC-17/roles",
       R"({"role":"hands_on","person":"sato","does":"reads the logs","actor":"morita"})", View::done},
      {"incident release INC-17 contact mizuno", "POST", "/api/v1/incidents/INC-17/roles/release",
       R"({"role":"contact","person":"mizuno","actor":"morita"})", View::done},
      {"incident handover INC-17 --to hara", "POST", "/api/v1/incidents/INC-17/handover",
       R"({"to":"hara","actor":"morita"})", View::done},
      {"delivery list", "GET", "/api/v1/deliveries", "", View::deliveries},
      {"delivery list --state dead", "GET", "/api/v1/deliveries?state=dead", "", View::deliveries},
      {"delivery redeliver INC-17.1.everybody-slack", "POST", "/api/v1/deliveries/INC-17.1.everybody-slack/redeliver",
       R"({"actor":"morita"})", View::done},
      {"alert list", "GET", "/api/v1/alerts?state=firing", "", View::alerts},
      {"alert list --all", "GET", "/api/v1/alerts?state=all", "", View::alerts},
      {"silence add service=checkout env!=test --until 2026-11-24T10:26:00+09:00 --comment known", "POST",
       "/api/v2/silences",
       R"({"matchers":[{"name":"service","value":"checkout","isRegex":false,"isEqual":true},{"name":"env","value":"test","isRegex":false,"isEqual":false}],"startsAt":"2026-11-24T01:30:00Z","endsAt":"2026-11-24T01:26:00Z","createdBy":"morita","comment":"known"})",
       View::silence_set},
      {"silence list", "GET", "/api/v2/silences?expired=false", "", View::silences},
      {"silence list --all", "GET", "/api/v2/silences", "", View::silences},
      {"silence expire 4e9c", "POST", "/api/v1/silences/4e9c/expire", R"({"actor":"morita"})", View::done},
      {"maintenance list", "GET", "/api/v1/maintenance", "", View::maintenance},
      {"suspicion list", "GET", "/api/v1/suspicions", "", View::suspicions},
      {"why INC-17", "GET", "/api/v1/why?of=INC-17", "", View::why},
      {"why 検索 --at 2026-11-24T10:26:00+09:00", "GET",
       "/api/v1/why?of=%E6%A4%9C%E7%B4%A2&at=2026-11-24T01%3A26%3A00Z", "", View::why},
      {"incident confirm INC-17", "POST", "/api/v1/incidents/INC-17/judgement",
       R"({"judgement":"confirmed","actor":"morita"})", View::done},
      {"incident dismiss INC-17 --why drill", "POST", "/api/v1/incidents/INC-17/judgement",
       R"({"judgement":"dismissed","why":"drill","actor":"morita"})", View::done},
      {"incident unjudge INC-17", "POST", "/api/v1/incidents/INC-17/judgement",
       R"({"judgement":"none","actor":"morita"})", View::done},
  };
  for (const Case& c : cases) {
    const auto command = read(c.line);
    if (const auto* leave = std::get_if<Leave>(&command)) {
      ADD_FAILURE() << c.line << ": " << leave->error;
      continue;
    }
    const auto& inquiry = std::get<Inquiry>(std::get<Command>(command).what);
    EXPECT_EQ(inquiry.call.method, c.method) << c.line;
    EXPECT_EQ(inquiry.call.target, c.target) << c.line;
    EXPECT_EQ(inquiry.call.body, c.body) << c.line;
    EXPECT_EQ(inquiry.view, c.view) << c.line;
  }
}

TEST(CommandLine, RefusesAndSaysWhatWouldBeRight) {
  struct Case {
    const char* line;
    const char* complaint;
  };
  const Case cases[] = {
      {"", "A subcommand is required"},
      {"incident", "A subcommand is required"},
      {"incidents list", "there is no command \"incidents\"; did you mean \"incident\"?"},
      {"incident lst", "there is no command \"lst\"; did you mean \"list\"?"},
      {"incident frobnicate", "there is no command \"frobnicate\""},
      {"incident show", "ID is required"},
      {"incident ack INC-17", "--as is required"},
      {"incident status INC-17 solved", "mitigated"},
      {"incident impact INC-17 big", "none_confirmed"},
      {"incident declare --title t", "--subject is required"},
      {"incident declare --subject s --title t --level 0", "--level"},
      {"incident note INC-17 text --at noon", "\"noon\" is no time: write it like 10:26"},
      {"incident note INC-17 text --at 24:00", "is no time"},
      {"incident list --jsn", "--jsn"},
      {"incident list --language fr", "--language"},
      {"incident list --url localhost:8119", "write it like http://127.0.0.1:8119"},
      {"incident list --url https://sato:secret@ops.example", "use --token-file"},
      {"incident list --url http://ops.example:80 --token-file t", "over https:// only"},
      {"incident list --url http://127.evil.example@ops.example --token-file t", "use --token-file"},
      {"delivery list --state lost", "pending"},
      {"silence add service=checkout", "--comment is required"},
      {"silence add --comment x", "MATCHER is required"},
      {"silence add service --comment x", "not a matcher"},
      {"silence add a=b --for ever --comment x", "--for"},
      {"silence add a=b --for 1h --until 2026-11-24T10:26:00+09:00 --comment x", "excludes"},
      {"send", "RECORDING is required"},
      {"send x.jsonl --speed 0", "--speed"},
      {"send x.jsonl --speed 60 --fast", "excludes"},
  };
  for (const Case& c : cases) {
    const auto command = read(c.line);
    const auto* leave = std::get_if<Leave>(&command);
    ASSERT_NE(leave, nullptr) << c.line;
    EXPECT_EQ(leave->code, kUsage) << c.line;
    EXPECT_THAT(leave->error, HasSubstr(c.complaint)) << c.line;
    EXPECT_EQ(leave->output, "") << c.line;
  }
}

TEST(CommandLine, TeachesEveryCommandByExample) {
  for (const char* line : {"incident list",
                           "incident show",
                           "incident ack",
                           "incident note",
                           "incident status",
                           "incident impact",
                           "incident declare",
                           "delivery list",
                           "delivery redeliver",
                           "note",
                           "ask",
                           "verify",
                           "incident correct",
                           "incident import",
                           "question list",
                           "question answer",
                           "question assign",
                           "question merge",
                           "alert list",
                           "suspicion list",
                           "send"}) {
    const auto command = read(std::string(line) + " --help");
    const auto* leave = std::get_if<Leave>(&command);
    ASSERT_NE(leave, nullptr) << line;
    EXPECT_EQ(leave->code, kDone) << line;
    EXPECT_EQ(leave->error, "") << line;
    // The example is a command line that is understood.
    const std::string lead = std::string("Example:\n  iwakanctl ") + line;
    const std::size_t example = leave->output.find(lead);
    ASSERT_NE(example, std::string::npos) << leave->output;
    std::string shown = leave->output.substr(example + lead.size() - std::string(line).size());
    shown.erase(shown.find('\n'));
    bool quoted = false;
    std::string joined;
    for (const char c : shown) {
      if (c == '"') quoted = !quoted;
      if (c != '"') joined += quoted && c == ' ' ? '~' : c;
    }
    EXPECT_TRUE(std::holds_alternative<Command>(read(joined))) << joined;
  }
}

TEST(CommandLine, MapsASampleOfASender) {
  const auto command = read("map --config c.yaml kuma - --header Content-Type:~text/plain");
  ASSERT_TRUE(std::holds_alternative<Command>(command));
  const auto* map = std::get_if<Map>(&std::get<Command>(command).what);
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->config, "c.yaml");
  EXPECT_EQ(map->sender, "kuma");
  EXPECT_EQ(map->sample, "-");
  EXPECT_EQ(map->headers, std::vector<std::string>{"Content-Type: text/plain"});
}

TEST(CommandLine, TakesWhatIsNotSaidFromTheEnvironment) {
  Environment surroundings = environment();
  surroundings.url = "http://ops.example:80/";
  surroundings.language = "ja_JP.UTF-8";
  surroundings.colour = true;
  auto command = std::get<Command>(read_command_line(split("incident list"), surroundings));
  EXPECT_EQ(command.url, "http://ops.example:80");
  EXPECT_EQ(command.language, "ja");
  EXPECT_TRUE(command.colour);
  EXPECT_FALSE(command.json);

  command =
      std::get<Command>(read_command_line(split("incident list --json --url https://x --language en"), surroundings));
  EXPECT_EQ(command.url, "https://x");
  EXPECT_EQ(command.language, "en");
  EXPECT_TRUE(command.json);

  command = std::get<Command>(read_command_line(split("--json incident list"), environment()));
  EXPECT_EQ(command.url, "http://127.0.0.1:8119");
  EXPECT_EQ(command.language, "en");
  EXPECT_TRUE(command.json);
}

TEST(CommandLine, ATokenGoesToThisMachineOrEncrypted) {
  Environment surroundings = environment();
  surroundings.token_file = "t";
  surroundings.ca = "ca.pem";
  for (const char* url :
       {"http://127.0.0.1:8119", "http://localhost:8119", "http://[::1]:8119", "https://ops.example"}) {
    const auto read = read_command_line(split(std::string("incident list --url ") + url), surroundings);
    ASSERT_TRUE(std::holds_alternative<Command>(read)) << url;
    EXPECT_EQ(std::get<Command>(read).token_file, "t");
    EXPECT_EQ(std::get<Command>(read).ca, "ca.pem");
  }
  for (const char* url :
       {"http://ops.example", "http://localhost.example", "http://[2001:db8::1]:8119", "http://12.0.0.1"}) {
    const auto read = read_command_line(split(std::string("incident list --url ") + url), surroundings);
    EXPECT_TRUE(std::holds_alternative<Leave>(read)) << url;
  }
}

TEST(CommandLine, ReadsHowToPlay) {
  const auto command = std::get<Command>(read("send a.jsonl b.jsonl --speed 60 --now"));
  const Play& play = std::get<Play>(command.what);
  EXPECT_EQ(play.recordings, (std::vector<std::string>{"a.jsonl", "b.jsonl"}));
  EXPECT_EQ(play.speed, 60);
  EXPECT_TRUE(play.now);
  EXPECT_FALSE(play.fast);
  EXPECT_TRUE(std::get<Play>(std::get<Command>(read("send a.jsonl --fast")).what).fast);
}

TEST(CommandLine, SaysItsVersion) {
  const auto command = read("--version");
  EXPECT_THAT(std::get<Leave>(command).output, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(std::get<Leave>(command).code, kDone);
}

}  // namespace
}  // namespace iwakan::ctl

#include "ctl/command_line.hpp"

#include <sstream>
#include <utility>

#include "ctl/grammar.hpp"
#include "ctl/words.hpp"
#include "model/setting.hpp"
#include "runtime/build_info.hpp"

namespace iwakan::ctl {
namespace {

void add_shared(CLI::App& app, Words& words) {
  app.add_option("--url", words.url, "Where the daemon listens (or IWAKAN_URL)")->capture_default_str();
  app.add_option("--token-file", words.token_file,
                 "Holds your token, readable by you alone (or IWAKAN_TOKEN_FILE); on the command line everybody on "
                 "this machine could read it");
  app.add_option("--ca", words.ca,
                 "PEM file: who signs the daemon's certificate, if this machine does not know (or IWAKAN_CA)");
  app.add_option("--language", words.language, "ja or en; by default as LANG says")->check(CLI::IsMember({"ja", "en"}));
  app.add_option("--actor", words.actor, "Who acts, for the timeline; by default the user at the terminal");
  app.add_flag("--json", words.as_json, "One JSON object a line, for programs");
  app.set_version_flag("--version", std::string(runtime::version()));
}

// What is printed of the grammar itself.
void add_about(CLI::App& app, Words& words) {
  CLI::App* completion = add_verb(app, "completion", "Prints what makes your shell complete these commands",
                                  "iwakanctl completion bash > /etc/bash_completion.d/iwakanctl");
  completion->add_option("SHELL", words.shell, "Which one")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kShells), std::end(kShells))));
  app.add_subcommand("manual", "Prints iwakanctl(1)")->group("")->callback([&words] { words.manual = true; });
}

Result<void> settle_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return Failure{Reason::malformed, "\"" + url + "\" is no address: write it like " + kUrl, "--url"};
  }
  if (url.find('@') != std::string::npos) {
    return Failure{Reason::malformed,
                   "a password does not belong there, where everybody could read it: use --token-file", "--url"};
  }
  return {};
}

// A token goes over the network encrypted, or not at all.
Result<void> settle_token(const Words& words) {
  if (words.token_file.empty() || words.url.starts_with("https://")) return {};
  const std::string_view rest = std::string_view(words.url).substr(std::string_view("http://").size());
  const std::string_view host = rest.substr(0, rest.find_first_of(rest.starts_with('[') ? "]/" : ":/"));
  if (host == "localhost" || host == "[::1" || host.starts_with("127.")) return {};
  return Failure{Reason::malformed, "a token is sent to this machine or over https:// only, or others could read it",
                 "--url"};
}

// "A subcommand is required" is little help to somebody who gave one, misspelt.
std::string missing(const CLI::App& app, const CLI::RequiredError& error) {
  const CLI::App* given = &app;
  while (!given->get_subcommands().empty()) given = given->get_subcommands().front();
  const std::vector<std::string> rest = app.remaining(true);
  const auto commands = given->get_subcommands([](const CLI::App*) { return true; });
  if (rest.empty() || commands.empty()) return error.what();
  std::vector<std::string_view> known;
  known.reserve(commands.size());
  for (const CLI::App* command : commands) known.emplace_back(command->get_name());
  const std::string near = nearest(rest.front(), known);
  return "there is no command \"" + rest.front() + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

Leave usage(const Failure& failure) {
  return {kUsage, "", "iwakanctl: " + to_string(failure) + "\n"};
}

}  // namespace

std::variant<Command, Leave> read_command_line(const std::vector<std::string>& arguments,
                                               const Environment& environment) {
  Words words;
  words.actor = environment.user;
  if (!environment.url.empty()) words.url = environment.url;
  words.token_file = environment.token_file;
  words.ca = environment.ca;

  CLI::App app("Talks to iwakand: incidents, deliveries, alerts, and recordings to try it with.", "iwakanctl");
  app.require_subcommand(1);
  app.fallthrough();  // --json and its like may stand anywhere
  app.footer(
      "Example:\n  iwakanctl incident list\n\n"
      "`iwakanctl NOUN VERB --help` explains each command.\n"
      "Ends with 0; 1 when the daemon refused; 2 when the command line is wrong; 3 when there is no daemon.");
  add_shared(app, words);
  CLI::App* incident = add_noun(app, "incident", "Incidents: what is being worked on, and who knows");
  add_incident_commands(*incident, words);
  add_knowledge_commands(*incident, words, environment.now);
  add_life_commands(app, *incident, words);
  add_report_commands(app, words);
  add_role_commands(*incident, words);
  add_timeline_commands(app, *incident, words, environment.now);
  add_question_commands(app, words);
  add_load_command(app, words);
  add_delivery_commands(app, words, environment.now);
  add_silence_commands(app, words, environment.now);
  add_recording_commands(app, words);
  add_drill_commands(app, words);
  add_about(app, words);

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::RequiredError& error) {
    return Leave{kUsage, "", "iwakanctl: " + missing(app, error) + "\nRun with --help for more information.\n"};
  } catch (const CLI::ParseError& error) {
    std::ostringstream output;
    std::ostringstream complaint;
    const bool wrong = app.exit(error, output, complaint) != 0;
    return Leave{wrong ? kUsage : kDone, output.str(), wrong ? "iwakanctl: " + complaint.str() : ""};
  }
  if (!words.shell.empty()) return Leave{kDone, completion(grammar_of(app), words.shell), ""};
  if (words.manual) return Leave{kDone, manual(grammar_of(app)), ""};
  if (const auto url = settle_url(words.url); !url) return usage(url.error());
  if (const auto token = settle_token(words); !token) return usage(token.error());
  if (words.language.empty()) words.language = environment.language.starts_with("ja") ? "ja" : "en";
  if (auto* inquiry = std::get_if<Inquiry>(&words.what); inquiry != nullptr && inquiry->view == View::exported) {
    inquiry->call.target += "&language=" + words.language;
    inquiry->view = View::document;
  }
  return Command{words.url,
                 words.token_file,
                 words.ca,
                 words.language,
                 words.as_json,
                 environment.colour,
                 environment.progress,
                 std::move(words.what)};
}

}  // namespace iwakan::ctl

#include "ctl/command_line.hpp"

#include <curl/curl.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <sstream>
#include <utility>

#include "ctl/local_time.hpp"
#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/setting.hpp"
#include "runtime/build_info.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

constexpr const char* kUrl = "http://127.0.0.1:8119";

// Where CLI11 puts the words of the line. Each command reads only its own.
struct Words {
  std::string url = kUrl;
  std::string language;
  std::string actor;
  bool as_json = false;

  std::string id;
  std::string text;
  std::string person;
  std::string at;
  std::string value;
  std::string why;
  std::string subject;
  std::string title;
  int level = 0;
  bool all = false;
  Play play;
  Replay replay;
  Series series;
  RuleTests tests;

  // What the named command makes of them, once all are read.
  What what;
};

// One segment of a path, or one value of a query: what a person typed may hold anything.
std::string encoded(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> escaped(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), &curl_free);
  return escaped ? escaped.get() : "";
}

Inquiry get(std::string target, View view) {
  return Inquiry{{"GET", std::move(target), ""}, view};
}

void put(json::object& body, const char* key, const std::string& text) {
  if (!text.empty()) body[key] = text;
}

Inquiry post(std::string target, json::object body, const Words& words, View view = View::done) {
  put(body, "actor", words.actor);
  return Inquiry{{"POST", std::move(target), json::serialize(body)}, view};
}

std::string of_incident(const Words& words, const char* verb) {
  return "/api/v1/incidents/" + encoded(words.id) + "/" + verb;
}

// A command of `noun`, with an example that can be typed as it stands.
CLI::App* add_verb(CLI::App& noun, const std::string& verb, const std::string& purpose, const std::string& example) {
  CLI::App* command = noun.add_subcommand(verb, purpose);
  command->footer("Example:\n  " + example);
  return command;
}

CLI::App* add_noun(CLI::App& app, const std::string& noun, const std::string& purpose) {
  CLI::App* command = app.add_subcommand(noun, purpose);
  command->require_subcommand(1);
  command->footer("`iwakanctl " + noun + " VERB --help` explains each, with an example.");
  return command;
}

template <class... Enum>
std::vector<std::string> names(Enum... value) {
  return {std::string(name(value))...};
}

const std::vector<std::string>& statuses() {
  static const std::vector<std::string> all =
      names(IncidentStatus::open, IncidentStatus::identified, IncidentStatus::mitigated, IncidentStatus::recovered,
            IncidentStatus::closed, IncidentStatus::false_alarm);
  return all;
}

const std::vector<std::string>& impacts() {
  static const std::vector<std::string> all =
      names(Impact::unknown, Impact::none_confirmed, Impact::possible, Impact::confirmed);
  return all;
}

void add_incident_reading(CLI::App& incident, Words& words) {
  CLI::App* list =
      add_verb(incident, "list", "The incidents being worked on, newest first", "iwakanctl incident list --all");
  list->add_flag("--all", words.all, "Those that are over as well");
  list->callback([&words] {
    words.what = get(std::string("/api/v1/incidents?status=") + (words.all ? "all" : "live"), View::incidents);
  });

  CLI::App* show =
      add_verb(incident, "show", "Everything about one incident, on a page", "iwakanctl incident show INC-17");
  show->add_option("ID", words.id, "Of the incident, as in the list")->required();
  show->callback([&words] { words.what = get("/api/v1/incidents/" + encoded(words.id), View::incident); });
}

void add_incident_acknowledgement(CLI::App& incident, Words& words) {
  CLI::App* ack =
      add_verb(incident, "ack", "Says that a supervisor has read the report: when all have, everybody is told",
               "iwakanctl incident ack INC-17 --as hasegawa");
  ack->add_option("ID", words.id, "Of the incident")->required();
  ack->add_option("--as", words.person, "Whose reading it is: the id of the person in the configuration")->required();
  ack->callback([&words] { words.what = post(of_incident(words, "acknowledge"), {{"person", words.person}}, words); });
}

// Checked here, while the person still sees what they typed; goes on as RFC 3339.
CLI::Validator time_read_at(TimePoint now) {
  return {[now](std::string& typed) {
            const Result<TimePoint> time = time_typed(typed, now);
            if (time) typed = format_time(*time);
            return time ? std::string() : time.error().detail;
          },
          "TIME"};
}

void add_incident_note(CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* note = add_verb(incident, "note", "Writes a line into the timeline",
                            "iwakanctl incident note INC-17 \"restarted the mail queue\" --at 10:26");
  note->add_option("ID", words.id, "Of the incident")->required();
  note->add_option("TEXT", words.text, "What happened, in a sentence")->required();
  note->add_option("--at", words.at, "When it happened, if not just now: 10:26, or 2026-11-24T10:26:00+09:00")
      ->transform(time_read_at(now));
  note->callback([&words] {
    json::object body{{"text", words.text}};
    put(body, "occurred_at", words.at);
    words.what = post(of_incident(words, "notes"), std::move(body), words);
  });
}

void add_incident_state(CLI::App& incident, Words& words) {
  CLI::App* status = add_verb(incident, "status", "Says how far the work is",
                              "iwakanctl incident status INC-17 mitigated --why \"moved to the other zone\"");
  status->add_option("ID", words.id, "Of the incident")->required();
  status->add_option("STATUS", words.value, "One of those named")->required()->check(CLI::IsMember(statuses()));
  status->add_option("--why", words.why, "For the timeline");
  status->callback([&words] {
    json::object body{{"status", words.value}};
    put(body, "why", words.why);
    words.what = post(of_incident(words, "status"), std::move(body), words);
  });

  CLI::App* impact = add_verb(incident, "impact", "Says whether customers are affected",
                              "iwakanctl incident impact INC-17 confirmed --what \"orders fail\"");
  impact->add_option("ID", words.id, "Of the incident")->required();
  impact->add_option("IMPACT", words.value, "One of those named")->required()->check(CLI::IsMember(impacts()));
  impact->add_option("--what", words.why, "How they notice it");
  impact->callback([&words] {
    json::object body{{"impact", words.value}};
    put(body, "what", words.why);
    words.what = post(of_incident(words, "impact"), std::move(body), words);
  });
}

void add_incident_judgement(CLI::App& incident, Words& words) {
  const auto verb = [&](const char* name, const char* purpose, const char* example, const char* judgement) {
    CLI::App* command = add_verb(incident, name, purpose, example);
    command->add_option("ID", words.id, "Of the incident")->required();
    command->add_option("--why", words.why, "For the timeline");
    command->callback([&words, judgement] {
      json::object body{{"judgement", judgement}};
      put(body, "why", words.why);
      words.what = post(of_incident(words, "judgement"), std::move(body), words);
    });
  };
  verb("confirm", "Says that it was an incident: what led to it is no noise, and does not raise the bar",
       "iwakanctl incident confirm INC-17", "confirmed");
  verb("dismiss", "Says that it was none, and closes it: the like of it will have to be more surprising",
       "iwakanctl incident dismiss INC-17 --why \"a planned load test\"", "dismissed");
  verb("unjudge", "Takes back what was said of it; `iwakanctl why` shows the effect of each",
       "iwakanctl incident unjudge INC-17", "none");
}

void add_incident_declaration(CLI::App& incident, Words& words) {
  CLI::App* declare =
      add_verb(incident, "declare", "Opens an incident that no alert announced, and sends the first report",
               "iwakanctl incident declare --subject checkout --title \"Orders fail at times\"");
  declare->add_option("--subject", words.subject, "What may be broken, as alerts name it")->required();
  declare->add_option("--title", words.title, "One line for everybody")->required();
  declare->add_option("--impact", words.value, "On customers")->check(CLI::IsMember(impacts()));
  declare->add_option("--level", words.level, "As in levels: of the configuration")->check(CLI::PositiveNumber);
  declare->callback([&words] {
    json::object body{{"subject", words.subject}, {"title", words.title}};
    put(body, "impact", words.value);
    if (words.level > 0) body["level"] = words.level;
    words.what = post("/api/v1/incidents", std::move(body), words, View::declared);
  });
}

void add_delivery(CLI::App& app, Words& words) {
  CLI::App* delivery = add_noun(app, "delivery", "Reports on their way to recipients");
  CLI::App* list =
      add_verb(*delivery, "list", "Who is told what, and whether it arrived", "iwakanctl delivery list --state dead");
  list->add_option("--state", words.value, "Only those")
      ->check(CLI::IsMember(names(DeliveryState::pending, DeliveryState::delivered, DeliveryState::dead)));
  list->callback([&words] {
    words.what = get("/api/v1/deliveries" + (words.value.empty() ? "" : "?state=" + words.value), View::deliveries);
  });

  CLI::App* redeliver = add_verb(*delivery, "redeliver", "Gives a delivery that was given up another chance",
                                 "iwakanctl delivery redeliver INC-17.1.supervisor-hasegawa");
  redeliver->add_option("ID", words.id, "Of the delivery, as in the list")->required();
  redeliver->callback(
      [&words] { words.what = post("/api/v1/deliveries/" + encoded(words.id) + "/redeliver", {}, words); });
}

void add_noticed(CLI::App& app, Words& words) {
  CLI::App* alert = add_noun(app, "alert", "What the monitors say");
  CLI::App* alerts = add_verb(*alert, "list", "The alerts that fire now", "iwakanctl alert list");
  alerts->add_flag("--all", words.all, "Those that fire no longer as well");
  alerts->callback([&words] {
    words.what = get(std::string("/api/v1/alerts?state=") + (words.all ? "all" : "firing"), View::alerts);
  });

  CLI::App* suspicion = add_noun(app, "suspicion", "What was noticed and did not open an incident");
  CLI::App* suspicions = add_verb(*suspicion, "list", "Each with the reason why not", "iwakanctl suspicion list");
  suspicions->callback([&words] { words.what = get("/api/v1/suspicions", View::suspicions); });
}

void add_why(CLI::App& app, Words& words, TimePoint now) {
  CLI::App* why =
      add_verb(app, "why", "Why an incident was opened, or why nothing was: the evidence, its numbers, and the budget",
               "iwakanctl why checkout --at 03:10");
  why->add_option("WHAT", words.id, "An incident (INC-17), or a subject as alerts name it (checkout)")->required();
  why->add_option("--at", words.at, "Around that time, if not lately: 03:10, or 2026-11-24T03:10:00+09:00")
      ->transform(time_read_at(now));
  why->callback([&words] {
    const std::string at = words.at.empty() ? "" : "&at=" + encoded(words.at);
    words.what = get("/api/v1/why?of=" + encoded(words.id) + at, View::why);
  });
}

void add_send(CLI::App& app, Words& words) {
  CLI::App* send =
      add_verb(app, "send", "Plays recorded requests into the daemon, several files together in the order of time",
               "iwakanctl send monday.jsonl --speed 60 --now");
  send->add_option("RECORDING", words.play.recordings,
                   "JSON lines, a request each: {\"at\", \"method\", \"path\", \"headers\", \"body\"}")
      ->required();
  CLI::Option* speed =
      send->add_option("--speed", words.play.speed, "Times as fast as recorded: 60 plays an hour in a minute")
          ->check(CLI::Range(0.001, 1e6));
  send->add_flag("--fast", words.play.fast, "Without pauses")->excludes(speed);
  send->add_flag("--now", words.play.now,
                 "As if it happened now: moves the times in the bodies (which breaks the signatures of SNS messages)");
  send->callback([&words] { words.what = words.play; });
}

void add_replay(CLI::App& app, Words& words) {
  CLI::App* replay =
      add_verb(app, "replay", "Shows which incidents a configuration would have opened, offline and as fast as it can",
               "iwakanctl replay november.jsonl --config iwakand.yaml --labels november.labels.jsonl");
  replay
      ->add_option("RECORDING", words.replay.recording,
                   "JSON lines, a request each, as `send` plays them; - for standard input; or the folder of a "
                   "store, whose journal is replayed")
      ->required();
  replay->add_option("--config", words.replay.config, "The configuration to try")->required();
  replay->add_option("--compare", words.replay.compare, "A second one: shows what it would have changed");
  replay->add_option("--labels", words.replay.labels,
                     "What really were incidents, JSON lines {\"from\", \"to\", \"subjects\": []}: acts as people "
                     "would, and sums up what was found, how late, and how often in vain");
  replay->add_flag("--misses", words.replay.misses, "Near misses too, as they come");
  replay->callback([&words] { words.what = words.replay; });
}

void add_series(CLI::App& app, Words& words) {
  CLI::App* series = add_verb(app, "series", "Says how far off each value of a numeric series is, by its own past",
                              "iwakanctl series cpu.csv > cpu.scores.csv");
  series
      ->add_option(
          "FILE", words.series.file,
          "CSV with timestamp,value; times as RFC 3339, without a zone in UTC, or in seconds since 1970; - for "
          "standard input")
      ->required();
  series->footer(
      "Prints timestamp,value,score,report as the rows come. The score is 3 - log10(such episodes in 28 days),\n"
      "higher is more off; report is 1 once when it reaches 3: the like of it comes less than once in 28 days.\n\n"
      "Example:\n  iwakanctl series cpu.csv > cpu.scores.csv");
  series->callback([&words] { words.what = words.series; });
}

void add_test(CLI::App& app, Words& words) {
  CLI::App* test = add_verb(app, "test", "Plays stories of alerts to the rules, and says what did not come as expected",
                            "iwakanctl test config/tests/*.yaml --junit results.xml");
  test->add_option("FILE", words.tests.files, "YAML: tests, each with alerts at times and what is expected of them")
      ->required();
  test->add_option("--junit", words.tests.junit, "Writes the results there as well, as JUnit XML");
  test->callback([&words] { words.what = words.tests; });
}

void add_shared(CLI::App& app, Words& words) {
  app.add_option("--url", words.url, "Where the daemon listens (or IWAKAN_URL)")->capture_default_str();
  app.add_option("--language", words.language, "ja or en; by default as LANG says")->check(CLI::IsMember({"ja", "en"}));
  app.add_option("--actor", words.actor, "Who acts, for the timeline; by default the user at the terminal");
  app.add_flag("--json", words.as_json, "One JSON object a line, for programs");
  app.set_version_flag("--version", std::string(runtime::version()));
}

Result<void> settle_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return Failure{Reason::malformed, "\"" + url + "\" is no address: write it like " + kUrl, "--url"};
  }
  return {};
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

  CLI::App app("Talks to iwakand: incidents, deliveries, alerts, and recordings to try it with.", "iwakanctl");
  app.require_subcommand(1);
  app.fallthrough();  // --json and its like may stand anywhere
  app.footer(
      "Example:\n  iwakanctl incident list\n\n"
      "`iwakanctl NOUN VERB --help` explains each command.\n"
      "Ends with 0; 1 when the daemon refused; 2 when the command line is wrong; 3 when there is no daemon.");
  add_shared(app, words);
  CLI::App* incident = add_noun(app, "incident", "Incidents: what is being worked on, and who knows");
  add_incident_reading(*incident, words);
  add_incident_acknowledgement(*incident, words);
  add_incident_note(*incident, words, environment.now);
  add_incident_state(*incident, words);
  add_incident_judgement(*incident, words);
  add_incident_declaration(*incident, words);
  add_delivery(app, words);
  add_noticed(app, words);
  add_why(app, words, environment.now);
  add_send(app, words);
  add_replay(app, words);
  add_series(app, words);
  add_test(app, words);

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
  if (const auto url = settle_url(words.url); !url) return usage(url.error());
  if (words.language.empty()) words.language = environment.language.starts_with("ja") ? "ja" : "en";
  return Command{words.url,          words.language,       words.as_json,
                 environment.colour, environment.progress, std::move(words.what)};
}

}  // namespace iwakan::ctl

// Words: where the grammar of the command line puts what a person typed, and the pieces of which each command is
// made. Used while a command line is read, by one thread.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "ctl/command.hpp"
#include "model/time.hpp"

namespace iwakan::ctl {

inline constexpr const char* kUrl = "http://127.0.0.1:8119";

// Where CLI11 puts the words of the line. Each command reads only its own.
struct Words {
  std::string url = kUrl;
  std::string token_file;
  std::string ca;
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
  std::string english;  // of a text that was given in both languages
  std::string source;
  std::string since;
  int number = 0;
  std::vector<std::string> typed;  // a text that needs no quotes
  int level = 0;
  bool all = false;
  std::string shell;
  bool manual = false;
  std::vector<std::string> matchers;
  ChatImport chat;
  Verify verify;
  Play play;
  Drill drill;
  Watch watch;
  Replay replay;
  Series series;
  RuleTests tests;
  Map map;

  // What the named command makes of them, once all are read.
  What what;
};

// One segment of a path, or one value of a query: what a person typed may hold anything.
std::string encoded(const std::string& text);

Inquiry get(std::string target, View view);
Inquiry post(std::string target, boost::json::object body, const Words& words, View view = View::done);
// A member of a body, unless it was not given.
void put(boost::json::object& body, const char* key, const std::string& text);
// "/api/v1/incidents/INC-17/VERB".
std::string of_incident(const Words& words, const char* verb);

// Makes the text of the words as typed, and takes off the id of an incident before it, if there is one.
void take_incident_from_typed(Words& words);

// A command of `noun`, with an example that can be typed as it stands.
CLI::App* add_verb(CLI::App& noun, const std::string& verb, const std::string& purpose, const std::string& example);
CLI::App* add_noun(CLI::App& app, const std::string& noun, const std::string& purpose);

// A time as people type it, near `now`; goes on as RFC 3339.
CLI::Validator time_read_at(TimePoint now);
// The same of what is still to come: 10:26 is the next one, and a day lasts until its end.
CLI::Validator time_to_come(TimePoint now);

template <class... Enum>
std::vector<std::string> names(Enum... value) {
  return {std::string(name(value))...};
}

// The commands of each topic, a file each. `incident` is the noun of that name.
void add_incident_commands(CLI::App& incident, Words& words);
void add_knowledge_commands(CLI::App& incident, Words& words, TimePoint now);
void add_life_commands(CLI::App& app, CLI::App& incident, Words& words);
void add_report_commands(CLI::App& app, Words& words);
void add_role_commands(CLI::App& incident, Words& words);
void add_timeline_commands(CLI::App& app, CLI::App& incident, Words& words, TimePoint now);
void add_question_commands(CLI::App& app, Words& words);
void add_load_command(CLI::App& app, Words& words);
void add_delivery_commands(CLI::App& app, Words& words, TimePoint now);
void add_silence_commands(CLI::App& app, Words& words, TimePoint now);
void add_recording_commands(CLI::App& app, Words& words);
void add_drill_commands(CLI::App& app, Words& words);

}  // namespace iwakan::ctl

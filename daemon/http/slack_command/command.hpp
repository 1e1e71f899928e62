// Command: what Slack posts when somebody types a slash command: a form, whose fields are
// https://docs.slack.dev/interactivity/implementing-slash-commands. Who posted it is checked by its signature
// (acknowledge/slack_button.hpp), not by the `token` in it.
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace iwakan::http::slack_command {

// What can be typed after the command's name.
enum class Verb { ask, ask_person, note, help };

struct Typed {
  std::string user;       // id, as Slack knows them for good: "U2CERLKJA"; untrusted
  std::string user_name;  // untrusted, and no more than a word for them
  Verb verb = Verb::help;
  std::string incident;  // "INC-17", where one was typed; empty: the one that is being worked on
  std::string text;      // untrusted
};

// From the body of the request. A Failure is `malformed`: no such form.
Result<Typed> parse_command(std::string_view body);

}  // namespace iwakan::http::slack_command

// The grammar of the command line, and the help that teaches it. Pure: arguments and environment in,
// a Command out.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ctl/command.hpp"
#include "model/time.hpp"

namespace iwakan::ctl {

// What the command line means beyond its words.
struct Environment {
  std::string url;         // IWAKAN_URL
  std::string token_file;  // IWAKAN_TOKEN_FILE
  std::string ca;          // IWAKAN_CA
  std::string language;    // the first set of LC_ALL, LC_MESSAGES, LANG
  std::string user;        // who acts, unless --actor says otherwise
  bool colour = false;     // standard output is a terminal, and NO_COLOR is not set
  bool progress = false;   // standard error is a terminal
  TimePoint now{};
};

// Nothing to do but to say something and to end: help, or what is wrong with the command line.
struct Leave {
  int code = kDone;
  std::string output;  // to standard output
  std::string error;   // to standard error
};

std::variant<Command, Leave> read_command_line(const std::vector<std::string>& arguments,
                                               const Environment& environment);

}  // namespace iwakan::ctl

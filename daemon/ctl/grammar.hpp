// Grammar: the commands as data, read off the one table by which command lines are parsed. Of it are made the
// completions of shells and the manual page, so that neither says anything that --help does not. Pure.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace iwakan::ctl {

struct Argument {
  std::vector<std::string> names;  // "--state"; of a positional: "ID"
  std::string purpose;
  std::string value;                 // what it takes: "TEXT", "INT"; empty: it is a flag
  std::vector<std::string> choices;  // the values that it takes; empty: any
  bool required = false;
  bool positional = false;
  bool many = false;
};

struct Grammar {
  std::vector<std::string> path;  // "incident", "note"; empty: of the program
  std::string purpose;
  std::string footer;  // an example, or what to do next
  std::vector<Argument> arguments;
  std::vector<Grammar> commands;

  std::string name() const { return path.empty() ? "iwakanctl" : path.back(); }
};

Grammar grammar_of(const CLI::App& app);

inline constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

// A script by which the shell completes. REQUIRES: one of kShells.
std::string completion(const Grammar& grammar, std::string_view shell);

// iwakanctl(1), in the man macros of troff.
std::string manual(const Grammar& grammar);

}  // namespace iwakan::ctl

#include "ctl/grammar.hpp"

#include <CLI/CLI.hpp>

namespace iwakan::ctl {
namespace {

// CLI11 tells choices in the type's name: "TEXT:{pending,delivered,dead}".
void read_type(const CLI::Option& option, Argument& argument) {
  if (option.get_items_expected_max() == 0) return;
  const std::string type = option.get_type_name();
  argument.value = type.substr(0, type.find_first_of(":{ "));
  if (argument.value.empty()) argument.value = "TEXT";
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return;
  for (std::size_t at = open + 1; at <= close;) {
    const std::size_t end = std::min(type.find(',', at), close);
    argument.choices.push_back(type.substr(at, end - at));
    at = end + 1;
  }
}

Argument argument_of(const CLI::Option& option) {
  Argument argument;
  argument.positional = option.get_positional();
  if (argument.positional) argument.names.push_back(option.get_name());
  for (const std::string& name : option.get_lnames()) argument.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) argument.names.push_back("-" + name);
  argument.purpose = option.get_description();
  argument.required = option.get_required();
  argument.many = option.get_items_expected_max() > 1;
  read_type(option, argument);
  return argument;
}

void read(const CLI::App& app, Grammar& grammar) {
  grammar.purpose = app.get_description();
  grammar.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) grammar.arguments.push_back(argument_of(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;  // for the build, not for people
    Grammar& below = grammar.commands.emplace_back();
    below.path = grammar.path;
    below.path.push_back(command->get_name());
    read(*command, below);
  }
}

}  // namespace

Grammar grammar_of(const CLI::App& app) {
  Grammar grammar;
  read(app, grammar);
  return grammar;
}

}  // namespace iwakan::ctl

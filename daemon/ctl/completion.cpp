// What shells complete: commands, options, and the values of those that take one of a few.
#include <functional>

#include "ctl/grammar.hpp"

namespace iwakan::ctl {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : between).append(word);
  return all;
}

// " incident note", as the scripts build it up from the words before.
std::string key(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& word : path) text += " " + word;
  return text;
}

void visit(const Grammar& grammar, const std::function<void(const Grammar&)>& each) {
  each(grammar);
  for (const Grammar& command : grammar.commands) visit(command, each);
}

bool is_option(const Argument& argument) {
  return !argument.positional;
}

// In single quotes of the shell, whatever it holds.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// --- bash and zsh: the words before say where we are

std::string places(const Grammar& grammar) {
  std::vector<std::string> all;
  visit(grammar, [&](const Grammar& command) {
    if (!command.path.empty()) all.push_back("\"" + key(command.path) + "\"");
  });
  return joined(all, "|");
}

// The cases of "PATH:OPTION" whose value is one of a few. `line`: of the option's names and choices.
using ValueLine = std::function<std::string(const std::string& pattern, const Argument&)>;
std::string values(const Grammar& grammar, const ValueLine& line) {
  std::string cases;
  visit(grammar, [&](const Grammar& command) {
    for (const Argument& argument : command.arguments) {
      if (!is_option(argument) || argument.value.empty()) continue;
      for (const std::string& name : argument.names) {
        // The program's own options may stand anywhere.
        const std::string where = command.path.empty() ? "*" : "\"" + key(command.path) + "\"";
        cases += line(where + ":" + name, argument);
      }
    }
  });
  return cases;
}

std::string for_bash(const Grammar& grammar) {
  std::string script =
      "# Completes iwakanctl in bash: iwakanctl completion bash > /etc/bash_completion.d/iwakanctl\n"
      "_iwakanctl() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path= offered= i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case \"$path ${COMP_WORDS[i]}\" in\n      " +
      places(grammar) +
      ") path+=\" ${COMP_WORDS[i]}\" ;;\n"
      "    esac\n  done\n  case \"$path:$before\" in\n";
  script += values(grammar, [](const std::string& pattern, const Argument& argument) {
    return "    " + pattern + ") offered=" + in_quotes(joined(argument.choices, " ")) + " ;;\n";
  });
  script += "    *) case \"$path\" in\n";
  std::vector<std::string> everywhere;
  visit(grammar, [&](const Grammar& command) {
    std::vector<std::string> offered;
    for (const Grammar& below : command.commands) offered.push_back(below.name());
    for (const Argument& argument : command.arguments) {
      if (is_option(argument)) offered.insert(offered.end(), argument.names.begin(), argument.names.end());
      if (!is_option(argument)) offered.insert(offered.end(), argument.choices.begin(), argument.choices.end());
    }
    if (command.path.empty()) {
      for (const Argument& argument : command.arguments)
        everywhere.insert(everywhere.end(), argument.names.begin(), argument.names.end());
    } else {
      offered.insert(offered.end(), everywhere.begin(), everywhere.end());
    }
    script += "      \"" + key(command.path) + "\") offered=" + in_quotes(joined(offered, " ")) + " ;;\n";
  });
  script +=
      "    esac ;;\n  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$offered\" -- \"$word\")\n"
      "}\n"
      "complete -o default -F _iwakanctl iwakanctl\n";
  return script;
}

// "name:what it is", as _describe reads it.
std::string described(const std::string& name, std::string_view purpose) {
  std::string text;
  for (const char c : name) text += c == ':' ? std::string("\\:") : std::string(1, c);
  return in_quotes(text + ":" + std::string(purpose));
}

std::string for_zsh(const Grammar& grammar) {
  std::string script =
      "#compdef iwakanctl\n"
      "# Completes iwakanctl in zsh: iwakanctl completion zsh > /usr/local/share/zsh/site-functions/_iwakanctl\n"
      "_iwakanctl() {\n"
      "  local at= word\n  local -a offered\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    case \"$at $word\" in\n      (" +
      places(grammar) +
      ") at+=\" $word\" ;;\n"
      "    esac\n  done\n  case \"$at:${words[CURRENT-1]}\" in\n";
  script += values(grammar, [](const std::string& pattern, const Argument& argument) {
    std::string choices;
    for (const std::string& choice : argument.choices) choices += " " + in_quotes(choice);
    return "    (" + pattern + ") offered=(" + choices + " ) ;;\n";
  });
  script += "    (*) case \"$at\" in\n";
  visit(grammar, [&](const Grammar& command) {
    std::string offered;
    for (const Grammar& below : command.commands) offered += " " + described(below.name(), below.purpose);
    for (const Argument& argument : command.arguments) {
      for (const std::string& name : is_option(argument) ? argument.names : argument.choices)
        offered += " " + described(name, is_option(argument) ? argument.purpose : "");
    }
    script += "      (\"" + key(command.path) + "\") offered=(" + offered + " ) ;;\n";
  });
  script +=
      "    esac ;;\n  esac\n"
      "  _describe -t commands iwakanctl offered || _files\n"
      "}\n"
      "if [ \"$funcstack[1]\" = _iwakanctl ]; then _iwakanctl; else compdef _iwakanctl iwakanctl; fi\n";
  return script;
}

// --- fish: each line says when it holds

std::string names_of(const Grammar& grammar) {
  std::vector<std::string> names;
  for (const Grammar& command : grammar.commands) names.push_back(command.name());
  return joined(names, " ");
}

std::string condition(const Grammar& command) {
  if (command.path.empty()) return "__fish_use_subcommand";
  std::string holds;
  for (const std::string& word : command.path)
    holds += (holds.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
  if (!command.commands.empty()) holds += "; and not __fish_seen_subcommand_from " + names_of(command);
  return holds;
}

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string for_fish(const Grammar& grammar) {
  std::string script =
      "# Completes iwakanctl in fish: iwakanctl completion fish > ~/.config/fish/completions/iwakanctl.fish\n";
  visit(grammar, [&](const Grammar& command) {
    const std::string begins = "complete -c iwakanctl";
    const std::string when = " -n " + fish_quoted(condition(command));
    for (const Grammar& below : command.commands)
      script += begins + " -f" + when + " -a " + below.name() + " -d " + fish_quoted(below.purpose) + "\n";
    for (const Argument& argument : command.arguments) {
      const std::string choices = argument.choices.empty() ? "" : " -a " + fish_quoted(joined(argument.choices, " "));
      if (!is_option(argument)) {
        if (!choices.empty()) script += begins + " -f" + when + choices + "\n";
        continue;
      }
      std::string line = begins + (command.path.empty() ? "" : when);
      for (const std::string& name : argument.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!argument.value.empty()) line += choices.empty() ? " -r" : " -x" + choices;
      script += line + " -d " + fish_quoted(argument.purpose) + "\n";
    }
  });
  return script;
}

}  // namespace

std::string completion(const Grammar& grammar, std::string_view shell) {
  if (shell == "bash") return for_bash(grammar);
  return shell == "zsh" ? for_zsh(grammar) : for_fish(grammar);
}

}  // namespace iwakan::ctl

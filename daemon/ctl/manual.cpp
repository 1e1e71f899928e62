// iwakanctl(1). Macros: man(7).
#include "ctl/grammar.hpp"

namespace iwakan::ctl {
namespace {

// Text of ours as troff reads it: no line of it begins a request, and what is typed keeps its hyphens.
std::string text(std::string_view plain) {
  std::string out;
  bool begins = true;
  for (const char c : plain) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    begins = c == '\n';
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '`': out += "\\(ga"; break;
      default: out += c;
    }
  }
  return out;
}

std::string heading(const Argument& argument) {
  std::string all;
  for (const std::string& name : argument.names)
    all += std::string(all.empty() ? "" : ", ") + (argument.positional ? "\\fI" : "\\fB") + text(name) + "\\fR";
  if (!argument.positional && !argument.value.empty()) all += " \\fI" + text(argument.value) + "\\fR";
  return all;
}

std::string told(const Argument& argument) {
  std::string all = text(argument.purpose);
  for (const std::string& choice : argument.choices)
    all += (&choice == &argument.choices.front() ? "\n.br\nOne of: \\fB" : ", \\fB") + text(choice) + "\\fR";
  return all + "\n";
}

std::string arguments(const Grammar& command) {
  std::string all;
  for (const Argument& argument : command.arguments) {
    if (argument.names.front() == "--help" && !command.path.empty()) continue;
    all += ".TP\n" + heading(argument) + "\n" + told(argument);
  }
  return all;
}

// "incident note ID TEXT [--at TIME]"
std::string usage(const Grammar& command) {
  std::string line;
  for (const std::string& word : command.path) line += (line.empty() ? "" : " ") + text(word);
  for (const Argument& argument : command.arguments) {
    if (argument.positional) line += " " + text(argument.names.front()) + (argument.many ? "..." : "");
  }
  return line;
}

std::string example(const Grammar& command) {
  constexpr std::string_view kBegins = "Example:\n";
  const std::size_t at = command.footer.find(kBegins);
  if (at == std::string::npos) return {};
  const std::string before = command.footer.substr(0, at);
  return (before.empty() ? "" : ".PP\n" + text(before)) + ".PP\n.EX\n" +
         text(command.footer.substr(at + kBegins.size())) + "\n.EE\n";
}

void describe(const Grammar& command, std::string& page) {
  if (command.commands.empty())
    page += ".SS " + usage(command) + "\n" + text(command.purpose) + ".\n" + arguments(command) + example(command);
  for (const Grammar& below : command.commands) describe(below, page);
}

}  // namespace

std::string manual(const Grammar& grammar) {
  std::string page =
      ".TH IWAKANCTL 1 \"\" iwakan \"User Commands\"\n"
      ".SH NAME\niwakanctl \\- talks to iwakand\n"
      ".SH SYNOPSIS\n\\fBiwakanctl\\fR [\\fIOPTIONS\\fR] \\fINOUN\\fR \\fIVERB\\fR [\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\n" +
      text(grammar.purpose) +
      "\n.PP\nAnswers are for people, in Japanese or English, or one JSON object a line with \\fB\\-\\-json\\fR.\n"
      ".SH OPTIONS\nThese may stand anywhere.\n" +
      arguments(grammar) + ".SH COMMANDS\n";
  describe(grammar, page);
  page +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\nDone.\n"
      ".TP\n.B 1\nThe daemon refused, or something in its answer is wrong; of \\fBtest\\fR: a test failed.\n"
      ".TP\n.B 2\nThe command line, or a file that it names, is wrong; nothing was sent.\n"
      ".TP\n.B 3\nThere is no daemon where we looked.\n"
      ".SH ENVIRONMENT\n"
      ".TP\n.B IWAKAN_URL\nWhere the daemon listens.\n"
      ".TP\n.B IWAKAN_TOKEN_FILE\nHolds your token.\n"
      ".TP\n.B IWAKAN_CA\nWho signs the daemon's certificate.\n"
      ".TP\n.B NO_COLOR\nSet to anything: no colours.\n"
      ".TP\n.BR LC_ALL \", \" LC_MESSAGES \", \" LANG\nThe language of answers, when it is Japanese.\n"
      ".SH SEE ALSO\n.BR iwakand (8),\n.BR iwakan.yaml (5)\n";
  return page;
}

}  // namespace iwakan::ctl

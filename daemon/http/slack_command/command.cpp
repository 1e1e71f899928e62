#include "http/slack_command/command.hpp"

#include <algorithm>
#include <boost/url/pct_string_view.hpp>
#include <cctype>
#include <optional>

#include "model/incident.hpp"

namespace iwakan::http::slack_command {
namespace {

constexpr std::size_t kUserBytesMax = 48;

// The value of a field of a form; nothing: the form is not well-formed. A field that is missing is empty.
std::optional<std::string> field(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
    std::string value(pair.substr(name.size() + 1));
    std::replace(value.begin(), value.end(), '+', ' ');
    const auto checked = boost::urls::make_pct_string_view(value);
    return checked ? std::optional(checked->decode()) : std::nullopt;
  }
  return std::string();
}

// Takes the first word off.
std::string word_of(std::string_view& text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  text.remove_prefix(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), blank) - text.begin()));
  const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), blank) - text.begin());
  std::string word(text.substr(0, end));
  text.remove_prefix(end);
  text.remove_prefix(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), blank) - text.begin()));
  return word;
}

Verb verb_of(std::string_view word) {
  if (word == "ask") return Verb::ask;
  if (word == "person") return Verb::ask_person;
  if (word == "note") return Verb::note;
  return Verb::help;
}

}  // namespace

Result<Typed> parse_command(std::string_view body) {
  const Failure bad{Reason::malformed, "not a form of Slack's slash commands", {}};
  const auto user = field(body, "user_id");
  const auto user_name = field(body, "user_name");
  const auto text = field(body, "text");
  if (!user || !user_name || !text || user->empty()) return bad;
  Typed typed{.user = user->substr(0, kUserBytesMax),
              .user_name = user_name->substr(0, kUserBytesMax),
              .verb = Verb::help,
              .incident = {},
              .text = {}};
  std::string_view rest = *text;
  typed.verb = verb_of(word_of(rest));
  std::string_view after = rest;
  if (std::string first = word_of(after); first.starts_with(kIncidentPrefix)) {
    typed.incident = std::move(first);
    rest = after;
  }
  typed.text = rest;
  if (typed.text.empty()) typed.verb = Verb::help;
  return typed;
}

}  // namespace iwakan::http::slack_command

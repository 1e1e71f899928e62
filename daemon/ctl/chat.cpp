#include "ctl/chat.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "model/digest.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// --- Slack

using Users = std::map<std::string, std::string>;

std::string name_of(const json::value& person) {
  const json::value& profile = member(person, "profile");
  for (const std::string_view key : {"display_name", "real_name"}) {
    if (const std::string_view found = text_at(profile, key); !found.empty()) return std::string(found);
  }
  return std::string(text_at(person, "name"));
}

std::string author_of(const json::value& message, const Users& users) {
  const std::string user(text_at(message, "user"));
  if (const auto known = users.find(user); known != users.end()) return known->second;
  const json::value& profile = member(message, "user_profile");
  for (const std::string_view key : {"display_name", "real_name", "name"}) {
    if (const std::string_view found = text_at(profile, key); !found.empty()) return std::string(found);
  }
  if (const std::string_view bot = text_at(message, "username"); !bot.empty()) return std::string(bot);
  return user.empty() ? "chat" : user;
}

// "<@U123>", "<#C123|general>", "<https://…|label>" as a reader sees them.
std::string shown(std::string_view reference, const Users& users) {
  const std::size_t bar = reference.find('|');
  if (reference.starts_with('@') && bar == std::string_view::npos) {
    const auto known = users.find(std::string(reference.substr(1)));
    return "@" + (known == users.end() ? std::string(reference.substr(1)) : known->second);
  }
  if (bar == std::string_view::npos) return std::string(reference);
  const std::string label(reference.substr(bar + 1));
  return reference.starts_with('#') ? "#" + label : reference.starts_with('@') ? "@" + label : label;
}

std::string without_markup(std::string_view text, const Users& users) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t end = text.front() == '<' ? text.find('>') : std::string_view::npos;
    if (end != std::string_view::npos) {
      plain += shown(text.substr(1, end - 1), users);
      text.remove_prefix(end + 1);
    } else if (text.starts_with("&lt;") || text.starts_with("&gt;")) {
      plain.push_back(text[1] == 'l' ? '<' : '>');
      text.remove_prefix(4);
    } else if (text.starts_with("&amp;")) {
      plain.push_back('&');
      text.remove_prefix(5);
    } else {
      plain.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return plain;
}

// "1715649123.000200": seconds and microseconds since the epoch.
std::optional<TimePoint> slack_time(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || text.size() - dot != 7 || dot > 12) return std::nullopt;
  std::int64_t seconds = 0;
  std::int64_t micros = 0;
  const auto whole = std::from_chars(text.data(), text.data() + dot, seconds);
  const auto part = std::from_chars(text.data() + dot + 1, text.data() + text.size(), micros);
  const bool good = whole.ec == std::errc{} && whole.ptr == text.data() + dot && part.ec == std::errc{} &&
                    part.ptr == text.data() + text.size() && seconds >= 0 && seconds < 9'000'000'000;
  if (!good) return std::nullopt;
  return TimePoint{std::chrono::seconds(seconds) + std::chrono::microseconds(micros)};
}

Result<ChatLines> read_slack(const json::array& messages, const Users& users) {
  ChatLines lines;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const json::value& message = messages[i];
    const std::string_view subtype = text_at(message, "subtype");
    // Who joined and left, what the topic is: Slack's, not what people said.
    if (subtype.starts_with("channel_") || subtype.starts_with("group_")) continue;
    const std::string_view stamp = text_at(message, "ts");
    const std::optional<TimePoint> at = slack_time(stamp);
    if (!at)
      return Failure{Reason::malformed, "is no message of Slack: it has no time \"ts\"", "/" + std::to_string(i)};
    std::string text = without_markup(text_at(message, "text"), users);
    if (trimmed(text).empty()) continue;
    lines.push_back({"slack/" + std::string(stamp) + "/" + std::string(text_at(message, "user")), *at,
                     author_of(message, users), std::move(text)});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const act::ChatLine& a, const act::ChatLine& b) { return a.occurred_at < b.occurred_at; });
  return lines;
}

// --- text

struct Spoken {
  std::string_view time;
  std::string_view author;
  std::string_view text;
};

bool is_clock(std::string_view text) {
  return text.size() >= 4 && text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789:") == std::string_view::npos;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         text.find_first_not_of("0123456789-") == std::string_view::npos;
}

// "[10:26] sato: restarted", "2026-11-24 10:26 sato：…"; nothing: the line has no time.
std::optional<Spoken> spoken(std::string_view line) {
  line = trimmed(line);
  const std::string_view all = line;
  const auto word = [&line] {
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    const std::string_view found = line.substr(0, end);
    line = trimmed(line.substr(end));
    return found;
  };
  if (line.starts_with('[')) {
    const std::size_t end = line.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = trimmed(line.substr(1, end - 1));
    const std::size_t space = inside.find(' ');
    const bool dated = space != std::string_view::npos && is_date(inside.substr(0, space));
    if (!is_clock(dated ? trimmed(inside.substr(space)) : inside)) return std::nullopt;
    line = trimmed(line.substr(end + 1));
    return Spoken{inside, {}, line};
  }
  std::string_view time = word();
  if (is_date(time)) {
    const std::string_view clock = word();
    if (!is_clock(clock)) return std::nullopt;
    time = all.substr(0, static_cast<std::size_t>(clock.data() - all.data()) + clock.size());
  } else if (!is_clock(time) && !parse_time(time)) {
    return std::nullopt;
  }
  return Spoken{time, {}, line};
}

// The name before the first colon, of either kind.
void split_author(Spoken& line) {
  const std::size_t narrow = line.text.find(':');
  const std::size_t wide = line.text.find("：");
  const std::size_t at = std::min(narrow, wide);
  constexpr std::size_t kNameBytesMax = 64;
  if (at == std::string_view::npos || at == 0 || at > kNameBytesMax || line.text.substr(at).starts_with("://")) return;
  line.author = trimmed(line.text.substr(0, at));
  line.text = trimmed(line.text.substr(at + (at == wide ? std::string_view("：").size() : 1)));
}

// A date of the local calendar and a clock time.
Result<TimePoint> dated(std::string_view text) {
  const std::string_view day = text.substr(0, 10);
  const auto noon = parse_time(std::string(day) + "T12:00:00Z");
  if (!noon) return noon.error();
  // Some time after that clock time of that day, everywhere on earth; then back to the day.
  Result<TimePoint> time = time_typed(trimmed(text.substr(10)), *noon + 36h);
  while (time && date_and_clock(*time).substr(0, 10) > day) {
    time = time_typed(trimmed(text.substr(10)), *time - 1s);
  }
  return time;
}

Result<ChatLines> read_text(std::string_view text, TimePoint until) {
  ChatLines lines;
  std::size_t number = 0;
  std::vector<std::size_t> numbers;
  std::vector<std::string_view> times;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (trimmed(line).empty()) continue;
    std::optional<Spoken> said = spoken(line);
    if (!said && lines.empty()) {
      return Failure{Reason::malformed, "does not begin with a time; write lines like \"10:26 sato: restarted\"",
                     "line " + std::to_string(number)};
    }
    if (!said) {
      lines.back().text += "\n" + std::string(trimmed(line));
      continue;
    }
    split_author(*said);
    lines.push_back({{}, {}, said->author.empty() ? "chat" : std::string(said->author), std::string(said->text)});
    numbers.push_back(number);
    times.push_back(said->time);
  }
  for (std::size_t i = lines.size(); i-- > 0;) {
    const Result<TimePoint> time =
        is_date(times[i].substr(0, times[i].find(' '))) ? dated(times[i]) : time_typed(times[i], until);
    if (!time) return Failure{Reason::malformed, time.error().detail, "line " + std::to_string(numbers[i])};
    lines[i].occurred_at = *time;
    until = *time;
  }
  std::map<std::string, int> seen;
  for (act::ChatLine& line : lines) {
    const std::string id = "text/" + format_time(line.occurred_at) + "/" +
                           hex(sha256(line.author + std::string(1, '\0') + line.text)).substr(0, 16);
    line.source_id = id + "/" + std::to_string(++seen[id]);
  }
  return lines;
}

}  // namespace

Result<Users> read_slack_users(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  const json::array* people = error ? nullptr : value.if_array();
  if (people == nullptr) return Failure{Reason::malformed, "is no users.json of a Slack export: a list of users", {}};
  Users users;
  for (const json::value& person : *people) {
    const std::string name = name_of(person);
    if (!name.empty()) users[std::string(text_at(person, "id"))] = name;
  }
  return users;
}

Result<ChatLines> read_chat(std::string_view text, const Users& users, TimePoint until) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const char opening = first == std::string_view::npos ? '\0' : text[first];
  // "[10:26] sato: …" begins like a list as well.
  const std::size_t second = opening == '\0' ? first : text.find_first_not_of(" \t\r\n", first + 1);
  const bool list = opening == '[' && second != std::string_view::npos && (text[second] == '{' || text[second] == ']');
  if (opening != '{' && !list) return read_text(text, until);
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return Failure{Reason::malformed, "is no JSON: " + error.message(), {}};
  return read_slack(value.is_array() ? value.get_array() : items_at(value, "messages"), users);
}

}  // namespace iwakan::ctl

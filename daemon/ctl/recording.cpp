#include "ctl/recording.hpp"

#include <re2/re2.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>
#include <cmath>
#include <iterator>
#include <optional>

#include "ctl/json.hpp"
#include "model/ascii.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t kNamesMax = 4;

// Nanoseconds from the epoch, a little less than TimePoint holds: year 2261.
constexpr long double kMovableMax = 9.21e18L;

// Decided by the connection that plays, not by the one that was recorded.
bool belongs_to_connection(std::string_view header) {
  constexpr std::array<std::string_view, 8> kNames{"host",   "content-length",    "connection", "keep-alive",
                                                   "expect", "transfer-encoding", "te",         "upgrade"};
  return std::find(kNames.begin(), kNames.end(), ascii_lower(header)) != kNames.end();
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// Printable ASCII or beyond, and (in a header) tabs and spaces.
bool is_one_line(std::string_view text, bool with_blanks) {
  return std::all_of(text.begin(), text.end(), [with_blanks](unsigned char c) {
    return (c > ' ' && c != 0x7F) || (with_blanks && (c == ' ' || c == '\t'));
  });
}

Failure malformed(std::string detail, std::string path) {
  return {Reason::malformed, std::move(detail), std::move(path)};
}

Result<std::string> read_text(ondemand::value value, std::string path) {
  std::string_view text;
  if (value.get_string().get(text)) return Failure{Reason::wrong_type, "must be a string", std::move(path)};
  return std::string(text);
}

// The bytes of a JSON value, without the white space between its parts.
Result<std::string> read_body(ondemand::value value) {
  ondemand::json_type type{};
  if (value.type().get(type)) return malformed("is no JSON", "/body");
  if (type == ondemand::json_type::string) return read_text(value, "/body");
  if (type == ondemand::json_type::null) return std::string();
  std::string_view raw;
  simdjson::error_code error = simdjson::SUCCESS;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    error = value.get_object().get(object);
    if (!error) error = object.raw_json().get(raw);
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    error = value.get_array().get(array);
    if (!error) error = array.raw_json().get(raw);
  } else {
    raw = value.raw_json_token();
  }
  std::string compact(raw.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t length = 0;
  if (!error) error = simdjson::minify(raw.data(), raw.size(), compact.data(), length);
  if (error) return malformed("is no JSON", "/body");
  compact.resize(length);
  return compact;
}

Result<void> read_headers(ondemand::value value, Recorded& recorded) {
  ondemand::object headers;
  if (value.get_object().get(headers)) return Failure{Reason::wrong_type, "must be an object", "/headers"};
  for (auto field : headers) {
    std::string_view key;
    if (field.unescaped_key().get(key)) return malformed("is no JSON", "/headers");
    const std::string header(key);
    ondemand::value text;
    if (field.value().get(text)) return malformed("is no JSON", "/headers");
    const Result<std::string> content = read_text(text, "/headers/" + header);
    if (!content) return content.error();
    if (!is_token(header) || !is_one_line(*content, true)) {
      return malformed("is no header that can be sent: names are tokens, values hold no control characters",
                       "/headers");
    }
    if (!belongs_to_connection(header)) recorded.headers.emplace_back(header, *content);
  }
  return {};
}

Result<void> read_at(ondemand::value value, Recorded& recorded) {
  const Result<std::string> text = read_text(value, "/at");
  if (!text) return text.error();
  const Result<TimePoint> time = parse_time(*text);
  if (!time) return Failure{time.error().reason, time.error().detail, "/at"};
  recorded.at = *time;
  return {};
}

Result<void> read_member(std::string_view key, ondemand::value value, Recorded& recorded) {
  if (key == "at") return read_at(value, recorded);
  if (key == "headers") return read_headers(value, recorded);
  if (key == "verified") {
    if (value.get_bool().get(recorded.verified))
      return Failure{Reason::wrong_type, "must be true or false", "/verified"};
    return {};
  }
  if (key != "method" && key != "path" && key != "body") return {};
  Result<std::string> text = key == "body" ? read_body(value) : read_text(value, "/" + std::string(key));
  if (!text) return text.error();
  (key == "method" ? recorded.method : key == "path" ? recorded.path : recorded.body) = std::move(*text);
  return {};
}

Result<void> check(const Recorded& recorded) {
  if (recorded.at == TimePoint{})
    return Failure{Reason::missing, "is missing: when the request came, in RFC 3339", "/at"};
  if (!is_token(recorded.method)) return malformed("must be a method like POST", "/method");
  if (!recorded.path.starts_with('/') || !is_one_line(recorded.path, false)) {
    return malformed("must be a path like /v1/alertmanager", "/path");
  }
  return {};
}

// --- what a request says

struct Said {
  std::vector<std::string> firing;
  std::vector<std::string> resolved;
};

std::string listed(const std::vector<std::string>& alert_names, std::string_view language) {
  std::string text;
  std::vector<std::string> seen;
  for (const std::string& alert_name : alert_names) {
    if (std::find(seen.begin(), seen.end(), alert_name) == seen.end()) seen.push_back(alert_name);
  }
  for (std::size_t i = 0; i < std::min(seen.size(), kNamesMax); ++i) text += (i == 0 ? "" : ", ") + seen[i];
  if (seen.size() <= kNamesMax) return text;
  const std::string rest = std::to_string(seen.size() - kNamesMax);
  return text + (language == "ja" ? " ほか" + rest + "種" : " and " + rest + " more");
}

std::string told(const Said& said, std::string_view language) {
  const bool ja = language == "ja";
  std::string text;
  const auto add = [&](const std::vector<std::string>& alert_names, std::string_view ja_word,
                       std::string_view en_word) {
    if (alert_names.empty()) return;
    if (!text.empty()) text += ja ? "、" : "; ";
    const std::string count = std::to_string(alert_names.size());
    text += ja ? std::string(ja_word) + count + "件：" : count + " " + std::string(en_word) + ": ";
    text += listed(alert_names, language);
  };
  add(said.firing, "発報", "firing");
  add(said.resolved, "解消", "resolved");
  if (text.empty()) text = ja ? "アラートなし" : "no alerts";
  return text;
}

// Alertmanager's webhook says it in `status`, its API by an end that has passed.
Said alerts_said(const json::array& alerts, TimePoint at) {
  Said said;
  for (const json::value& alert : alerts) {
    const std::optional<TimePoint> end = time_at(alert, "endsAt");
    const std::string_view status = text_at(alert, "status");
    const bool resolved = status.empty() ? end && *end != kZeroTime && *end <= at : status == "resolved";
    (resolved ? said.resolved : said.firing).emplace_back(text_at(member(alert, "labels"), "alertname"));
  }
  return said;
}

std::string sns_said(const json::value& message) {
  const std::string_view type = text_at(message, "Type");
  json::error_code error;
  const json::value alarm = json::parse(text_at(message, "Message"), error);
  if (error || text_at(alarm, "AlarmName").empty()) return "SNS " + std::string(type);
  return std::string(text_at(alarm, "NewStateValue")) + ": " + std::string(text_at(alarm, "AlarmName"));
}

}  // namespace

Result<Recorded> parse_recorded(std::string_view line) {
  const simdjson::padded_string padded(line);
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) {
    return malformed("must be a JSON object: {\"at\", \"method\", \"path\", \"headers\", \"body\"}", "");
  }
  Recorded recorded;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) return malformed("is no JSON", "");
    const Result<void> read = read_member(std::string(key), value, recorded);
    if (!read) return read.error();
  }
  const char* rest = nullptr;
  const bool at_end = document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
  if (!at_end) return malformed("has something after the JSON object", "");
  const Result<void> checked = check(recorded);
  if (!checked) return checked.error();
  return recorded;
}

Result<std::vector<Recorded>> parse_recording(std::string_view text, const std::string& file) {
  std::vector<Recorded> all;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<Recorded> recorded = parse_recorded(line);
    if (!recorded) {
      Failure failure = recorded.error();
      failure.path = file + ":" + std::to_string(number) + (failure.path.empty() ? "" : ": " + failure.path);
      return failure;
    }
    all.push_back(std::move(*recorded));
  }
  return all;
}

std::vector<Recorded> merged(std::vector<std::vector<Recorded>> recordings) {
  std::vector<Recorded> all;
  for (auto& recording : recordings) {
    all.insert(all.end(), std::make_move_iterator(recording.begin()), std::make_move_iterator(recording.end()));
  }
  std::stable_sort(all.begin(), all.end(), [](const Recorded& a, const Recorded& b) { return a.at < b.at; });
  return all;
}

TimePoint Pace::played(TimePoint recorded) const {
  const auto count = [](TimePoint time) { return static_cast<long double>(time.time_since_epoch().count()); };
  const long double moved = count(start) + (count(recorded) - count(begin)) / speed;
  if (std::fabs(moved) > kMovableMax) return recorded;
  return TimePoint(Duration(std::llround(moved)));
}

std::string with_times_moved(std::string_view text, const Pace& pace) {
  static const RE2 pattern(R"((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:?\d\d)))");
  std::string moved;
  re2::StringPiece rest(text.data(), text.size());
  const char* copied = text.data();
  re2::StringPiece found;
  re2::StringPiece fraction;
  while (RE2::FindAndConsume(&rest, pattern, &found, &fraction)) {
    const Result<TimePoint> time = parse_time({found.data(), found.size()});
    if (!time || *time == kZeroTime) continue;
    moved.append(copied, found.data());
    copied = found.data() + found.size();
    const TimePoint played = pace.played(*time);
    // As fine as written, but at least milliseconds: quick playing must not make two times one.
    std::string spelled =
        format_time(fraction.size() > 3 ? played : std::chrono::floor<std::chrono::milliseconds>(played));
    if (found.ends_with("+0000")) spelled.replace(spelled.size() - 1, 1, "+0000");  // as CloudWatch writes
    moved += spelled;
  }
  moved.append(copied, text.data() + text.size());
  return moved;
}

std::string body_moved(const Recorded& recorded, const Pace& pace) {
  const auto is_signed = [](const auto& header) { return same_in_any_case(header.first, "x-amz-sns-message-type"); };
  const bool stays = std::any_of(recorded.headers.begin(), recorded.headers.end(), is_signed);
  return stays ? recorded.body : with_times_moved(recorded.body, pace);
}

std::string summary(const Recorded& recorded, std::string_view language) {
  json::error_code error;
  const json::value body = json::parse(recorded.body, error);
  if (!error) {
    if (const json::array* alerts = body.if_array()) return told(alerts_said(*alerts, recorded.at), language);
    if (const json::array* alerts = member(body, "alerts").if_array())
      return told(alerts_said(*alerts, recorded.at), language);
    if (!text_at(body, "TopicArn").empty()) return sns_said(body);
    const json::value& detail = member(body, "detail");
    if (!text_at(detail, "alarmName").empty()) {
      return std::string(text_at(member(detail, "state"), "value")) + ": " + std::string(text_at(detail, "alarmName"));
    }
  }
  const std::string size = std::to_string(recorded.body.size());
  return language == "ja" ? size + "バイト" : size + " bytes";
}

}  // namespace iwakan::ctl

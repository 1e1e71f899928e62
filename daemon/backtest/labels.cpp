#include "backtest/labels.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace iwakan::backtest {
namespace {

namespace json = boost::json;

Result<TimePoint> time_of(const json::object& line, const char* key) {
  const json::value* value = line.if_contains(key);
  const std::string path = std::string("/") + key;
  if (value == nullptr || !value->is_string()) {
    return Failure{Reason::missing, "must be a time in RFC 3339, like 2026-11-24T10:26:00Z", path};
  }
  Result<TimePoint> time = parse_time(std::string_view(value->as_string()));
  if (!time) return Failure{time.error().reason, time.error().detail, path};
  return time;
}

Result<Label> parse_line(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    return Failure{Reason::malformed, "is no JSON object: write {\"from\": …, \"to\": …, \"subjects\": []}", ""};
  }
  const json::object& line = value.as_object();
  Label label;
  const Result<TimePoint> from = time_of(line, "from");
  if (!from) return from.error();
  const Result<TimePoint> to = time_of(line, "to");
  if (!to) return to.error();
  if (*to < *from) return Failure{Reason::out_of_range, "ends before it begins", "/to"};
  label.from = *from;
  label.to = *to;
  if (const json::value* subjects = line.if_contains("subjects")) {
    if (!subjects->is_array()) return Failure{Reason::wrong_type, "must be a list of texts", "/subjects"};
    for (const json::value& subject : subjects->as_array()) {
      if (!subject.is_string()) return Failure{Reason::wrong_type, "must be a list of texts", "/subjects"};
      label.subjects.emplace_back(subject.as_string());
    }
  }
  if (const json::value* kind = line.if_contains("kind"); kind != nullptr && kind->is_string()) {
    label.kind = kind->as_string();
  }
  return label;
}

}  // namespace

bool Label::concerns(const std::vector<std::string>& others) const {
  if (subjects.empty()) return true;
  return std::any_of(others.begin(), others.end(), [this](const std::string& other) {
    return std::find(subjects.begin(), subjects.end(), other) != subjects.end();
  });
}

Result<std::vector<Label>> parse_labels(std::string_view text, const std::string& file) {
  std::vector<Label> labels;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<Label> label = parse_line(line);
    if (!label) {
      Failure failure = label.error();
      failure.path = file + ":" + std::to_string(number) + (failure.path.empty() ? "" : ": " + failure.path);
      return failure;
    }
    labels.push_back(*std::move(label));
  }
  std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.from < b.from; });
  return labels;
}

}  // namespace iwakan::backtest

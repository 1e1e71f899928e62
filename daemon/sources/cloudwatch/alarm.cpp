#include "sources/cloudwatch/alarm.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "sources/json.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kSummaryBytesMax = 300;

// Text of an alarm is anybody's (set-alarm-state takes any reason): controls become blanks, so that the
// alarm is heard all the same.
std::string_view keep_clean(AlertBatch& batch, std::string_view text) {
  std::string clean(text.substr(0, kTextBytesMax));
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; }, ' ');
  return batch.keep(clean);
}

// Strings as they are, numbers in their shortest form; nothing for null, absent and all else.
std::string text_of(dom::element element) {
  std::string_view text;
  if (!element.get_string().get(text)) return std::string(text);
  std::int64_t whole = 0;
  if (!element.get_int64().get(whole)) return std::to_string(whole);
  double number = 0;
  if (element.get_double().get(number)) return {};
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.12g", number);
  return buffer.data();
}

std::string text_of(simdjson::simdjson_result<dom::element> found) {
  dom::element element;
  return found.get(element) ? std::string() : text_of(element);
}

std::vector<std::string> split_arn(const std::string& arn) {
  std::vector<std::string> parts(1);
  for (const char c : arn) {
    // The name comes last, and may hold colons itself.
    if (c == ':' && parts.size() < 7) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string shortened(const std::string& text) {
  if (text.size() <= kSummaryBytesMax) return text;
  std::size_t cut = kSummaryBytesMax;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "…";
}

// ARNs of children, of which the docs print strings and senders send objects.
std::string children_of(dom::object alarm) {
  dom::array children;
  if (alarm["TriggeringChildren"].get_array().get(children)) return {};
  std::string names;
  for (const dom::element child : children) {
    std::string arn = text_of(child);
    if (arn.empty() && child.is_object()) arn = text_of(child["Arn"]);
    const auto parts = split_arn(arn);
    if (!arn.empty()) names += (names.empty() ? "" : ", ") + parts.back();
  }
  return names;
}

// What the alarm watches, of a single metric or the first of its metrics.
struct Metric {
  std::string metric_namespace;
  std::string name;
  std::vector<std::pair<std::string, std::string>> dimensions;
};

Metric metric_of(dom::object alarm) {
  Metric metric;
  dom::element holder;
  if (alarm["Trigger"].get(holder)) return metric;
  if (holder["MetricName"].error() != simdjson::SUCCESS) {
    dom::array metrics;
    if (holder["Metrics"].get_array().get(metrics)) return metric;
    const bool found = std::any_of(metrics.begin(), metrics.end(), [&holder](const dom::element& one) {
      return one["MetricStat"]["Metric"].get(holder) == simdjson::SUCCESS;
    });
    if (!found) return metric;
  }
  metric.metric_namespace = text_of(holder["Namespace"]);
  metric.name = text_of(holder["MetricName"]);
  dom::array dimensions;
  if (holder["Dimensions"].get_array().get(dimensions)) return metric;
  for (const dom::element dimension : dimensions) {
    if (metric.dimensions.size() >= 30) break;
    metric.dimensions.emplace_back(text_of(dimension["name"]), text_of(dimension["value"]));
  }
  return metric;
}

std::optional<AlertState> state_named(std::string_view text) {
  if (text == "ALARM") return AlertState::firing;
  if (text == "OK") return AlertState::resolved;
  if (text == "INSUFFICIENT_DATA") return AlertState::no_data;
  return std::nullopt;
}

class Builder {
 public:
  explicit Builder(AlertBatch& batch) : batch_(batch) {}

  void label(std::string_view name, const std::string& value) {
    labels_.push_back({batch_.keep(name), keep_clean(batch_, value)});
  }
  void annotation(std::string_view name, const std::string& value) {
    annotations_.push_back({batch_.keep(name), keep_clean(batch_, value)});
  }

  // Who the alarm is: what has been labelled so far.
  void identify() {
    std::vector<Label> identity = labels_;
    std::span<const Label> kept;
    batch_.keep_sorted(identity, kept);
    alert.fingerprint = fingerprint_of(kept);
  }

  void finish() {
    batch_.keep_sorted(labels_, alert.labels);
    batch_.keep_sorted(annotations_, alert.annotations);
    batch_.add(alert);
  }

  Alert alert;

 private:
  AlertBatch& batch_;
  std::vector<Label> labels_;
  std::vector<Label> annotations_;
};

void annotate(Builder& builder, dom::object alarm) {
  const std::string description = text_of(alarm["AlarmDescription"]);
  const std::string reason = text_of(alarm["NewStateReason"]);
  builder.annotation("summary",
                     shortened(description.empty() ? reason : description.substr(0, description.find('\n'))));
  builder.annotation("description", description);
  builder.annotation("reason", reason);
  builder.annotation("previous_state", text_of(alarm["OldStateValue"]));
  builder.annotation("rule", text_of(alarm["AlarmRule"]));
  builder.annotation("children", children_of(alarm));
  dom::element trigger;
  if (alarm["Trigger"].get(trigger)) return;
  builder.annotation("threshold", text_of(trigger["Threshold"]));
  builder.annotation("comparison", text_of(trigger["ComparisonOperator"]));
}

}  // namespace

Result<void> parse_alarm(std::string_view message, const Topic& topic, TimePoint at, AlertBatch& batch) {
  dom::parser parser;
  if (const auto error = parser.allocate(message.size() + 1, kDepthMax)) return malformed_json("/Message", error);
  dom::element root;
  if (parser.parse(message.data(), message.size()).get(root)) {
    return Failure{Reason::malformed,
                   "is not JSON, so not an alarm of CloudWatch; subscribe this address to alarms only", "/Message"};
  }
  dom::object alarm;
  if (root.get_object().get(alarm)) return wrong_type("/Message", "a JSON object, as CloudWatch writes it");

  const std::string state_text = text_of(alarm["NewStateValue"]);
  if (state_text.empty()) return missing("/Message/NewStateValue", "is missing; is this an alarm of CloudWatch?");
  const auto state = state_named(state_text);
  if (!state) return Failure{Reason::out_of_range, "must be ALARM, OK or INSUFFICIENT_DATA", "/Message/NewStateValue"};
  const std::string arn = text_of(alarm["AlarmArn"]);
  std::string name = text_of(alarm["AlarmName"]);
  const auto parts = split_arn(arn);
  if (name.empty() && parts.size() == 7) name = parts[6];
  if (name.empty()) return missing("/Message/AlarmName", "is missing, and so is AlarmArn");
  TimePoint changed_at = at;
  if (const std::string text = text_of(alarm["StateChangeTime"]); !text.empty()) {
    const auto parsed = parse_time(text);
    if (!parsed) return Failure{parsed.error().reason, parsed.error().detail, "/Message/StateChangeTime"};
    changed_at = *parsed;
  }

  Builder builder(batch);
  const std::string account = text_of(alarm["AWSAccountId"]);
  builder.label("alertname", name);
  builder.label("account", account.empty() ? topic.account : account);
  builder.label("region", parts.size() == 7 && !parts[3].empty() ? parts[3] : topic.region);
  // Metrics Insights alarms speak for each contributor under one name.
  builder.label("contributor", text_of(alarm["AlarmContributorId"]));
  builder.identify();
  const Metric metric = metric_of(alarm);
  builder.label("namespace", metric.metric_namespace);
  builder.label("metric", metric.name);
  for (const auto& [dimension, value] : metric.dimensions) {
    if (!dimension.empty()) builder.label("dimension_" + dimension, value);
  }
  annotate(builder, alarm);
  builder.alert.state = *state;
  builder.alert.starts_at = *state == AlertState::resolved ? kZeroTime : changed_at;
  if (*state == AlertState::resolved) builder.alert.ends_at = changed_at;
  builder.finish();
  return {};
}

}  // namespace iwakan::sources::cloudwatch

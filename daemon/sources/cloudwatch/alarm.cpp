#include "sources/cloudwatch/alarm.hpp"

#include <charconv>

#include "sources/alert_builder.hpp"
#include "sources/json.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

constexpr std::size_t kDimensionsMax = 30;

}  // namespace

std::optional<AlertState> state_named(std::string_view text) {
  if (text == "ALARM") return AlertState::firing;
  if (text == "OK") return AlertState::resolved;
  if (text == "INSUFFICIENT_DATA") return AlertState::no_data;
  return std::nullopt;
}

std::optional<AlarmArn> parse_alarm_arn(std::string_view arn) {
  std::vector<std::string_view> parts;
  while (parts.size() < 6) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts.push_back(arn.substr(0, colon));
    arn.remove_prefix(colon + 1);
  }
  // The name comes last, and may hold colons itself.
  if (parts[0] != "arn" || parts[2] != "cloudwatch" || parts[5] != "alarm" || arn.empty()) return std::nullopt;
  return AlarmArn{std::string(parts[3]), std::string(parts[4]), std::string(arn)};
}

// "… 2 out of the last 3 datapoints [91.5 (01/09/26 00:04:00), 93.0 (…)] was greater …": newest first.
std::string value_in_reason(std::string_view reason) {
  constexpr std::string_view kBefore = "datapoint";
  const std::size_t word = reason.find(kBefore);
  if (word == std::string_view::npos) return {};
  std::string_view rest = reason.substr(word + kBefore.size());
  if (rest.starts_with('s')) rest.remove_prefix(1);
  if (!rest.starts_with(" [")) return {};
  rest.remove_prefix(2);
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const std::string_view after = rest.substr(static_cast<std::size_t>(end - rest.data()));
  return error == std::errc{} && after.starts_with(" (") ? text_of(value) : std::string();
}

void add_alarm(const Alarm& alarm, AlertBatch& batch) {
  AlertBuilder builder(batch);
  builder.label("alertname", alarm.name);
  builder.label("account", alarm.account);
  builder.label("region", alarm.region);
  builder.label("contributor", alarm.contributor);
  builder.identify();
  builder.label("namespace", alarm.metric_namespace);
  builder.label("metric", alarm.metric);
  std::size_t dimensions = 0;
  for (const auto& [name, value] : alarm.dimensions) {
    if (++dimensions > kDimensionsMax) break;
    if (!name.empty()) builder.label("dimension_" + name, value);
  }
  for (const auto& [name, value] : alarm.labels) builder.label(name, value);
  builder.summary(alarm.description.empty() ? alarm.reason : alarm.description);
  builder.annotation("description", alarm.description);
  builder.annotation("reason", alarm.reason);
  for (const auto& [name, value] : alarm.annotations) builder.annotation(name, value);
  builder.annotation("value", value_in_reason(alarm.reason));  // unless it was told as a number
  builder.alert.state = alarm.state;
  builder.alert.starts_at = alarm.state == AlertState::resolved ? kZeroTime : alarm.changed_at;
  if (alarm.state == AlertState::resolved) builder.alert.ends_at = alarm.changed_at;
  builder.finish();
}

}  // namespace iwakan::sources::cloudwatch

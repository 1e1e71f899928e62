#include "sources/cloudwatch/sns_alarm.hpp"

#include <simdjson.h>

#include <algorithm>

#include "sources/cloudwatch/alarm.hpp"
#include "sources/json.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

namespace dom = simdjson::dom;

// Names of the children, of which the docs print strings and senders send objects.
std::string children_of(dom::object message) {
  dom::array children;
  if (message["TriggeringChildren"].get_array().get(children)) return {};
  std::string names;
  for (const dom::element child : children) {
    const std::string arn = child.is_object() ? text_of(child["Arn"]) : text_of(child);
    if (arn.empty()) continue;
    const auto parsed = parse_alarm_arn(arn);
    names += (names.empty() ? "" : ", ") + (parsed ? parsed->name : arn);
  }
  return names;
}

// What the alarm watches: a single metric, or the first of its metrics.
void read_metric(dom::object message, Alarm& alarm) {
  dom::element holder;
  if (message["Trigger"].get(holder)) return;
  if (holder["MetricName"].error() != simdjson::SUCCESS) {
    dom::array metrics;
    if (holder["Metrics"].get_array().get(metrics)) return;
    const bool found = std::any_of(metrics.begin(), metrics.end(), [&holder](const dom::element& one) {
      return one["MetricStat"]["Metric"].get(holder) == simdjson::SUCCESS;
    });
    if (!found) return;
  }
  alarm.metric_namespace = text_of(holder["Namespace"]);
  alarm.metric = text_of(holder["MetricName"]);
  dom::array dimensions;
  if (holder["Dimensions"].get_array().get(dimensions)) return;
  for (const dom::element dimension : dimensions) {
    alarm.dimensions.emplace_back(text_of(dimension["name"]), text_of(dimension["value"]));
  }
}

void annotate(dom::object message, Alarm& alarm) {
  alarm.description = text_of(message["AlarmDescription"]);
  alarm.reason = text_of(message["NewStateReason"]);
  alarm.annotations = {{"previous_state", text_of(message["OldStateValue"])},
                       {"rule", text_of(message["AlarmRule"])},
                       {"children", children_of(message)}};
  dom::element trigger;
  if (message["Trigger"].get(trigger)) return;
  alarm.annotations.emplace_back("threshold", text_of(trigger["Threshold"]));
  alarm.annotations.emplace_back("comparison", text_of(trigger["ComparisonOperator"]));
}

}  // namespace

Result<void> parse_alarm(std::string_view message, const Topic& topic, TimePoint at, AlertBatch& batch) {
  dom::parser parser;
  const auto root = parse_json(parser, message, "/Message");
  if (!root && root.error().reason == Reason::malformed) {
    return Failure{Reason::malformed,
                   "is not JSON, so not an alarm of CloudWatch; subscribe this address to alarms only", "/Message"};
  }
  if (!root) return root.error();
  dom::object object;
  if (root->get_object().get(object)) return wrong_type("/Message", "a JSON object, as CloudWatch writes it");

  const std::string state_text = text_of(object["NewStateValue"]);
  if (state_text.empty()) return missing("/Message/NewStateValue", "is missing; is this an alarm of CloudWatch?");
  const auto state = state_named(state_text);
  if (!state) return Failure{Reason::out_of_range, "must be ALARM, OK or INSUFFICIENT_DATA", "/Message/NewStateValue"};
  Alarm alarm;
  alarm.state = *state;
  const auto arn = parse_alarm_arn(text_of(object["AlarmArn"]));
  alarm.name = text_of(object["AlarmName"]);
  if (alarm.name.empty() && arn) alarm.name = arn->name;
  if (alarm.name.empty()) return missing("/Message/AlarmName", "is missing, and so is AlarmArn");
  alarm.changed_at = at;
  if (const std::string text = text_of(object["StateChangeTime"]); !text.empty()) {
    const auto parsed = parse_time(text);
    if (!parsed) return Failure{parsed.error().reason, parsed.error().detail, "/Message/StateChangeTime"};
    alarm.changed_at = *parsed;
  }
  alarm.account = text_of(object["AWSAccountId"]);
  if (alarm.account.empty()) alarm.account = topic.account;
  alarm.region = arn && !arn->region.empty() ? arn->region : topic.region;
  alarm.contributor = text_of(object["AlarmContributorId"]);
  read_metric(object, alarm);
  annotate(object, alarm);
  add_alarm(alarm, batch);
  return {};
}

}  // namespace iwakan::sources::cloudwatch

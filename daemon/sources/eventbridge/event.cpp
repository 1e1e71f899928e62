#include "sources/eventbridge/event.hpp"

#include <simdjson.h>

#include "sources/alert_builder.hpp"
#include "sources/cloudwatch/alarm.hpp"
#include "sources/json.hpp"
#include "sources/times.hpp"

namespace iwakan::sources::eventbridge {
namespace {

namespace dom = simdjson::dom;
using cloudwatch::Alarm;

// What surrounds every event.
struct Envelope {
  dom::object detail;
  std::string account;
  std::string region;
  std::string resource;  // the first
  TimePoint at{};
};

Failure at_path(const Failure& failure, std::string path) {
  return {failure.reason, failure.detail, std::move(path)};
}

std::string first_resource(dom::object event) {
  dom::array resources;
  if (event["resources"].get_array().get(resources)) return {};
  for (const dom::element resource : resources) return text_of(resource);
  return {};
}

// --- alarms

// The newest of the datapoints that were looked at: those with times say which it is; those without stand
// oldest first.
std::string newest_value(dom::element data) {
  std::string value;
  TimePoint newest = TimePoint::min();
  dom::array points;
  if (!data["evaluatedDatapoints"].get_array().get(points)) {
    for (const dom::element point : points) {
      const auto at = parse_time(text_of(point["timestamp"]));
      double number = 0;
      if (!at || *at < newest || point["value"].get_double().get(number)) continue;
      newest = *at;
      value = text_of(number);
    }
  }
  if (!value.empty() || data["recentDatapoints"].get_array().get(points)) return value;
  for (const dom::element point : points) {
    double number = 0;
    if (!point.get_double().get(number)) value = text_of(number);
  }
  return value;
}

std::string last_number(simdjson::simdjson_result<dom::element> found) {
  dom::array numbers;
  std::string last;
  if (found.get_array().get(numbers)) return last;
  for (const dom::element one : numbers) last = text_of(one);
  return last;
}

std::string triggering(dom::element data) {
  dom::array alarms;
  if (data["triggeringAlarms"].get_array().get(alarms)) return {};
  std::string names;
  for (const dom::element alarm : alarms) {
    const std::string arn = text_of(alarm["arn"]);
    if (arn.empty()) continue;
    const auto parsed = cloudwatch::parse_alarm_arn(arn);
    names += (names.empty() ? "" : ", ") + (parsed ? parsed->name : arn);
  }
  return names;
}

// reasonData: the numbers, as JSON in a string. What it holds helps, so what is wrong with it loses no alarm.
void read_reason_data(dom::object state, Alarm& alarm) {
  dom::parser parser;
  const auto data = parse_json(parser, text_of(state["reasonData"]), {});
  if (!data || !data->is_object()) return;
  alarm.annotations.emplace_back("value", newest_value(*data));
  alarm.annotations.emplace_back("threshold", text_of((*data)["threshold"]));
  alarm.annotations.emplace_back("lower_threshold", last_number((*data)["recentLowerThresholds"]));
  alarm.annotations.emplace_back("upper_threshold", last_number((*data)["recentUpperThresholds"]));
  alarm.annotations.emplace_back("children", triggering(*data));
}

void read_configuration(dom::object detail, Alarm& alarm) {
  dom::object configuration;
  if (detail["configuration"].get_object().get(configuration)) return;
  alarm.description = text_of(configuration["description"]);
  alarm.annotations.emplace_back("rule", text_of(configuration["alarmRule"]));
  dom::array metrics;
  if (configuration["metrics"].get_array().get(metrics)) return;
  for (const dom::element one : metrics) {
    dom::element metric;
    if (one["metricStat"]["metric"].get(metric)) continue;
    alarm.metric_namespace = text_of(metric["namespace"]);
    alarm.metric = text_of(metric["name"]);
    dom::object dimensions;
    if (metric["dimensions"].get_object().get(dimensions)) return;
    for (const dom::key_value_pair dimension : dimensions) {
      alarm.dimensions.emplace_back(dimension.key, text_of(dimension.value));
    }
    return;
  }
}

// Muted and suppressed alarms go on speaking here, though their actions rest: labels say so, for rules.
void read_rest(dom::object detail, dom::object state, Alarm& alarm) {
  dom::element mute;
  if (!detail["muteDetail"].get(mute) && mute.is_object()) {
    alarm.labels.emplace_back("muted", "true");
    alarm.annotations.emplace_back("muted_by", text_of(mute["mutedByArn"]));
    alarm.annotations.emplace_back("muted_until", text_of(mute["muteWindowEnd"]));
  }
  alarm.labels.emplace_back("suppressed_by", text_of(state["actionsSuppressedBy"]));
  alarm.annotations.emplace_back("suppressed_reason", text_of(state["actionsSuppressedReason"]));
}

Result<Alarm> alarm_of(const Envelope& event) {
  Alarm alarm;
  const auto arn = cloudwatch::parse_alarm_arn(event.resource);
  alarm.name = text_of(event.detail["alarmName"]);
  if (alarm.name.empty() && arn) alarm.name = arn->name;
  if (alarm.name.empty()) return missing("/detail/alarmName", "is missing; is this an alarm of CloudWatch?");
  alarm.account = arn ? arn->account : event.account;
  alarm.region = arn ? arn->region : event.region;
  alarm.changed_at = event.at;
  read_configuration(event.detail, alarm);
  return alarm;
}

Result<Received> state_change(const Envelope& event, bool of_contributor) {
  auto alarm = alarm_of(event);
  if (!alarm) return alarm.error();
  dom::object state;
  if (event.detail["state"].get_object().get(state)) return missing("/detail/state", "is missing");
  const auto named = cloudwatch::state_named(text_of(state["value"]));
  if (!named) return Failure{Reason::out_of_range, "must be ALARM, OK or INSUFFICIENT_DATA", "/detail/state/value"};
  alarm->state = *named;
  if (const std::string text = text_of(state["timestamp"]); !text.empty()) {
    const auto changed_at = parse_time(text);
    if (!changed_at) return at_path(changed_at.error(), "/detail/state/timestamp");
    alarm->changed_at = *changed_at;
  }
  alarm->reason = text_of(state["reason"]);
  alarm->annotations.emplace_back("previous_state", text_of(event.detail["previousState"]["value"]));
  read_reason_data(state, *alarm);
  read_rest(event.detail, state, *alarm);
  if (of_contributor) {
    dom::object contributor;
    if (event.detail["alarmContributor"].get_object().get(contributor)) {
      return missing("/detail/alarmContributor", "is missing");
    }
    alarm->contributor = text_of(contributor["id"]);
    if (alarm->contributor.empty()) return missing("/detail/alarmContributor/id", "is missing");
    dom::object attributes;
    if (!contributor["attributes"].get_object().get(attributes)) {
      for (const dom::key_value_pair one : attributes) alarm->dimensions.emplace_back(one.key, text_of(one.value));
    }
  }
  Received received;
  received.source = cloudwatch::kSource;
  cloudwatch::add_alarm(*alarm, received.batch);
  return received;
}

// A deleted alarm can tell no more: that is no recovery of what it watched. What was created or updated
// changes no state by itself.
Result<Received> configuration_change(const Envelope& event) {
  auto alarm = alarm_of(event);
  if (!alarm) return alarm.error();
  Received received;
  received.source = cloudwatch::kSource;
  if (text_of(event.detail["operation"]) != "delete") return received;
  alarm->state = AlertState::no_data;
  alarm->reason = "The alarm was deleted.";
  received.also_lost = {{"alertname", alarm->name}, {"account", alarm->account}, {"region", alarm->region}};
  cloudwatch::add_alarm(*alarm, received.batch);
  return received;
}

// --- AWS Health

std::string description_of(dom::object detail) {
  dom::array texts;
  if (detail["eventDescription"].get_array().get(texts)) return {};
  std::string any;
  for (const dom::element text : texts) {
    std::string latest = text_of(text["latestDescription"]);
    if (text_of(text["language"]).starts_with("en") && !latest.empty()) return latest;
    if (any.empty()) any = latest;
  }
  return any;
}

std::string entities_of(dom::object detail) {
  constexpr std::size_t kNamed = 20;
  dom::array entities;
  if (detail["affectedEntities"].get_array().get(entities)) return {};
  std::string names;
  std::size_t count = 0;
  for (const dom::element entity : entities) {
    const std::string name = text_of(entity["entityValue"]);
    if (!name.empty() && ++count <= kNamed) names += (names.empty() ? "" : ", ") + name;
  }
  return count > kNamed ? names + " and " + std::to_string(count - kNamed) + " more" : names;
}

// The time of a member, in RFC 1123 as documented or RFC 3339 as some relays rewrite it; nothing: it has none.
Result<std::optional<TimePoint>> time_of(dom::object detail, const char* member) {
  const std::string text = text_of(detail[member]);
  if (text.empty()) return std::optional<TimePoint>();
  auto time = parse_rfc1123(text);
  if (!time) {
    if (const auto other = parse_time(text)) time = other;
  }
  if (!time) return at_path(time.error(), std::string("/detail/") + member);
  return std::optional(*time);
}

// Issues and investigations are conditions that hold and end. Plans and notices are none: they are taken, and
// nothing is concluded.
Result<Received> health(const Envelope& event) {
  Received received;
  const std::string category = text_of(event.detail["eventTypeCategory"]);
  const std::string code = text_of(event.detail["eventTypeCode"]);
  if (code.empty()) return missing("/detail/eventTypeCode", "is missing; is this an event of AWS Health?");
  if (category != "issue" && category != "investigation") return received;
  const auto started = time_of(event.detail, "startTime");
  if (!started) return started.error();
  const auto ended = time_of(event.detail, "endTime");
  if (!ended) return ended.error();
  const auto updated = time_of(event.detail, "lastUpdatedTime");
  if (!updated) return updated.error();
  const std::string status = text_of(event.detail["statusCode"]);
  if (status == "upcoming") return received;

  AlertBuilder builder(received.batch);
  builder.label("alertname", code);
  builder.label("account", event.account);
  // Where it was delivered (the region of the envelope) is not what is affected; copies come from elsewhere.
  builder.label("region", text_of(event.detail["eventRegion"]));
  builder.label("event", text_of(event.detail["eventArn"]));  // of its updates, pages and copies the same
  builder.identify();
  builder.label("third_party", "aws");
  builder.label("aws_service", text_of(event.detail["service"]));
  builder.label("category", category);
  builder.label("scope", text_of(event.detail["eventScopeCode"]));
  const std::string description = description_of(event.detail);
  builder.summary(description.empty() ? code : description);
  builder.annotation("description", description);
  builder.annotation("entities", entities_of(event.detail));
  if (status == "closed") {
    builder.alert.state = AlertState::resolved;
    builder.alert.starts_at = started->value_or(kZeroTime);
    builder.alert.ends_at = ended->value_or(updated->value_or(event.at));
  } else {
    builder.alert.starts_at = started->value_or(event.at);
  }
  builder.finish();
  return received;
}

}  // namespace

Result<Received> parse_event(std::string_view body, TimePoint at) {
  dom::parser parser;
  const auto root = parse_json(parser, body, {});
  if (!root) return root.error();
  dom::object object;
  if (root->get_object().get(object)) return wrong_type({}, "a JSON object, as EventBridge sends it");
  const std::string source = text_of(object["source"]);
  const std::string type = text_of(object["detail-type"]);
  if (source.empty() || type.empty()) {
    return missing(source.empty() ? "/source" : "/detail-type",
                   "is missing; send events as they are, without an input transformer");
  }
  Envelope event{{}, text_of(object["account"]), text_of(object["region"]), first_resource(object), at};
  if (object["detail"].get_object().get(event.detail)) return wrong_type("/detail", "an object");
  if (const std::string text = text_of(object["time"]); !text.empty()) {
    const auto time = parse_time(text);
    if (!time) return at_path(time.error(), "/time");
    event.at = *time;
  }
  if (source == "aws.cloudwatch" && type == "CloudWatch Alarm State Change") return state_change(event, false);
  if (source == "aws.cloudwatch" && type == "CloudWatch Alarm Contributor State Change") {
    return state_change(event, true);
  }
  if (source == "aws.cloudwatch" && type == "CloudWatch Alarm Configuration Change") return configuration_change(event);
  if (source == "aws.health" && type.starts_with("AWS Health")) return health(event);
  return Failure{Reason::unsupported,
                 "is neither an alarm of CloudWatch nor AWS Health; narrow the event pattern of the rule",
                 "/detail-type"};
}

}  // namespace iwakan::sources::eventbridge

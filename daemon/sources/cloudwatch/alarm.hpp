// Alarm: a CloudWatch alarm's state, whichever way it came, and the alert that it becomes. Pure.
//
// SNS (sns_alarm.hpp) and EventBridge tell of the same alarms in different words, and may both be wired: so
// who an alarm is (its fingerprint) rests on what both always say, and both are known as kSource.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"

namespace iwakan::sources::cloudwatch {

// The source in the identity of alarms, by whatever way they come.
inline constexpr std::string_view kSource = "cloudwatch";

struct Alarm {
  std::string name;
  std::string account;      // 12 digits
  std::string region;       // "ap-northeast-1"
  std::string contributor;  // of a Metrics Insights alarm, which speaks for each under one name; else empty
  AlertState state = AlertState::firing;
  TimePoint changed_at{};

  std::string metric_namespace;  // of the single metric, or the first of several
  std::string metric;
  std::vector<std::pair<std::string, std::string>> dimensions;
  std::string description;
  std::string reason;
  std::vector<std::pair<std::string_view, std::string>> labels;       // further ones, which are not its identity
  std::vector<std::pair<std::string_view, std::string>> annotations;  // further ones
};

// ALARM fires, OK resolves, INSUFFICIENT_DATA is no data. Nothing for all else.
std::optional<AlertState> state_named(std::string_view text);

// "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME" in its seven parts; nothing when it is not one.
struct AlarmArn {
  std::string region;
  std::string account;
  std::string name;
};
std::optional<AlarmArn> parse_alarm_arn(std::string_view arn);

// The newest datapoint that a reason in CloudWatch's own words tells, as text; empty when it tells none.
// Anybody can write a reason (set-alarm-state), so it is worth what it is.
std::string value_in_reason(std::string_view reason);

void add_alarm(const Alarm& alarm, AlertBatch& batch);

}  // namespace iwakan::sources::cloudwatch

// A CloudWatch alarm, as SNS carries it in Message (reference wire-formats A4). Pure.
//
// Single-metric, metric-math, anomaly-band, composite, log and PromQL alarms; of all of them only the name
// or the ARN and the new state are required.
#pragma once

#include <string_view>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "sources/cloudwatch/topic.hpp"

namespace iwakan::sources::cloudwatch {

// Adds one alert to `batch`. `at`: when the message came, for those without StateChangeTime. Paths of
// failures begin with /Message.
Result<void> parse_alarm(std::string_view message, const Topic& topic, TimePoint at, AlertBatch& batch);

}  // namespace iwakan::sources::cloudwatch

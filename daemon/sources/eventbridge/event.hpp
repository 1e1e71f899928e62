// An event of EventBridge, as an API destination posts it, to alerts (reference wire-formats A5). Pure.
//
// Taken are CloudWatch's alarms (their state, their contributors', and their deletion), which are the alarms
// that SNS tells of as well, and AWS Health: what AWS says about itself, as alerts labelled third_party="aws".
#pragma once

#include <string_view>

#include "model/result.hpp"
#include "sources/source.hpp"

namespace iwakan::sources::eventbridge {

// `at`: when it came, for events that do not say when.
Result<Received> parse_event(std::string_view body, TimePoint at);

}  // namespace iwakan::sources::eventbridge

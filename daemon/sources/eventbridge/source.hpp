// The source `eventbridge`: alarms of CloudWatch and events of AWS Health through EventBridge (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::eventbridge {

// {}
Make parse(Fields& fields);

}  // namespace iwakan::sources::eventbridge

// The sink `slack`: posts reports to Slack, by incoming webhook or by chat.postMessage (README.md).
#pragma once

#include "sinks/sink.hpp"

namespace iwakan::sinks::slack {

// {webhook_url: {file: …}} or {token: {file: …}, api_url: URL}, timeout: 15s
Make parse(Fields& fields);

}  // namespace iwakan::sinks::slack

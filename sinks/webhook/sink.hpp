// The sink `webhook`: posts reports as signed Standard Webhooks 1.0 (README.md).
#pragma once

#include "sinks/sink.hpp"

namespace iwakan::sinks::webhook {

// {url: URL or {file: …}, secrets: [{file: …}], timeout: 15s}
Make parse(Fields& fields);

}  // namespace iwakan::sinks::webhook

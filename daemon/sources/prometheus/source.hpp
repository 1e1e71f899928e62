// The source `prometheus`: what is posted to /api/v2/alerts, as to an Alertmanager (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::prometheus {

// {resolve_timeout: 5m}
Make parse(Fields& fields);

}  // namespace iwakan::sources::prometheus

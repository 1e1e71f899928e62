// The source `grafana`: the webhook of Grafana's alerting (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::grafana {

// {expire_after: 5h}
Make parse(Fields& fields);

}  // namespace iwakan::sources::grafana

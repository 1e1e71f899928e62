// The source `alertmanager`: what Alertmanager's webhook_configs post (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::alertmanager {

// {expire_after: 5h}
Make parse(Fields& fields);

}  // namespace iwakan::sources::alertmanager

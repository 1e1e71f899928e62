// The source `alertmanager`: what Alertmanager's webhook_configs post (README.md).
#pragma once

#include <functional>
#include <memory>

#include "sources/source.hpp"

namespace iwakan::sources::alertmanager {

class Dialect;

// {expire_after: 5h}
Make parse(Fields& fields);

// The same, for a sender that posts in this format with additions of its own.
Make parse_webhook(Fields& fields, const std::function<std::unique_ptr<Dialect>()>& make_dialect);

}  // namespace iwakan::sources::alertmanager

#include "sources/grafana/source.hpp"

#include "sources/alertmanager/source.hpp"
#include "sources/grafana/dialect.hpp"

namespace iwakan::sources::grafana {

Make parse(Fields& fields) {
  return alertmanager::parse_webhook(fields, make_dialect);
}

}  // namespace iwakan::sources::grafana

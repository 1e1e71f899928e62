// Dialect: what Grafana's webhook adds to Alertmanager's (reference wire-formats A6). Pure.
//
// - values: the numbers, as annotations `value_<refID>`; `value` is the one whose refID comes first, which is the
//   measured one where the condition is computed from it (A or B, and C the condition).
// - An alert that is resolved because Grafana stopped looking (no data, an error, the series gone, the rule paused,
//   changed or deleted: annotation grafana_state_reason) did not recover: it is `no_data`.
// - dashboardURL and panelURL become annotations; silenceURL acts for whoever clicks it, and is left out.
#pragma once

#include <memory>

#include "sources/alertmanager/decode.hpp"

namespace iwakan::sources::grafana {

std::unique_ptr<alertmanager::Dialect> make_dialect();

}  // namespace iwakan::sources::grafana

// Keys: the secrets by which acknowledgements are known to be genuine. Read before a configuration is taken into use.
#pragma once

#include <string>

#include "model/result.hpp"
#include "model/secret.hpp"
#include "settings/settings.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::app {

struct Keys {
  Secret links;  // as configured, or the store's own
  Secret slack;  // of the Slack app; empty: it has no button
};

// `credentials`: the folder of systemd's; empty: there is none.
Result<Keys> read_keys(const settings::Settings& settings, store::RocksStore& store, const std::string& credentials);

}  // namespace iwakan::app

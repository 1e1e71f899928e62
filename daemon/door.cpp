#include "door.hpp"

#include <cstdlib>

namespace iwakan::app {

std::string credentials() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr ? "" : folder;
}

Result<Door> open_door(const settings::Settings& settings, const std::string& folder) {
  Door door;
  if (settings.access.on) {
    auto known = access::Register::open(settings.access, folder);
    if (!known) return known.error();
    door.known = std::make_shared<const access::Register>(*std::move(known));
  }
  if (settings.tls) {
    auto tls = http::Tls::open(*settings.tls, folder);
    if (!tls) return tls.error();
    door.tls = *std::move(tls);
  }
  return door;
}

// The address stays the one of the start, so that what was checked with another one may not hold for it.
std::optional<Failure> opens_too_far(const settings::Settings& used, const settings::Settings& fresh) {
  if (used.access.on && !fresh.access.on) {
    return Failure{Reason::conflict,
                   "access: is taken away by a restart only; until then the configuration in use stays", "access"};
  }
  if (used.tls.has_value() != fresh.tls.has_value()) {
    return Failure{Reason::conflict,
                   "TLS is switched on and off by a restart only; until then the configuration in use stays", "tls"};
  }
  return std::nullopt;
}

}  // namespace iwakan::app

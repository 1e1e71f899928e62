// Door: who may come in, and behind which certificate: what access: and tls: name, opened.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/register.hpp"
#include "http/tls.hpp"
#include "settings/settings.hpp"

namespace iwakan::app {

struct Door {
  std::shared_ptr<const access::Register> known;  // null without access:
  http::Tls tls;                                  // without a context where TLS is not configured
};

// The folder of systemd's credentials; empty: there is none.
std::string credentials();

// `folder`: of the credentials.
Result<Door> open_door(const settings::Settings& settings, const std::string& folder);

// Why `fresh` cannot be taken into use while the door of `used` is open; nothing: it can.
std::optional<Failure> opens_too_far(const settings::Settings& used, const settings::Settings& fresh);

}  // namespace iwakan::app

// Caller: who asks, once that is proved. Presented: what a request brings along to prove it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/may.hpp"
#include "model/time.hpp"

namespace iwakan::access {

// How much a caller may ask for: a bucket that fills at these rates and holds `burst` worth of them.
struct Budget {
  double requests = 100;              // a second
  double bytes = 16.0 * 1024 * 1024;  // of bodies, a second
  Duration burst = std::chrono::seconds(10);
};

struct Caller {
  std::string name;                  // as configured, or as the proxy says; the actor in the timeline
  std::vector<std::string> sources;  // of a sender: where it may send
  std::optional<Role> role;          // of a person
  Budget budget;
};

using CallerPtr = std::shared_ptr<const Caller>;  // null: nobody in particular. Outlives a reload

// A client certificate that the configured authority signed.
struct Certificate {
  std::string subject;             // RFC 2253: "CN=alertmanager,O=Books"
  std::vector<std::string> names;  // subject alternative names: DNS, e-mail, URI
};

// A view into the request. All of it is untrusted, but the certificate.
struct Presented {
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view remote;  // address of the peer
  const Certificate* certificate = nullptr;
};

}  // namespace iwakan::access

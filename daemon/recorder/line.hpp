// Line: one request as a line of a recording (docs/senders.md), with everything taken out that proves who somebody
// is: credentials and signatures in headers, tokens in queries and forms, and those that senders put into bodies of
// JSON. The body is a string, byte for byte otherwise. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/redaction.hpp"
#include "model/time.hpp"

namespace iwakan::recorder {

// A request that was taken or refused by its source. A view.
struct Request {
  TimePoint at{};
  std::string_view method;
  std::string_view target;  // path and query
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  bool verified = false;     // its source has checked a signature, and it was good
  std::string_view refused;  // the reason; empty: it was taken
};

// Where the configuration says that somebody proves who they are, beside the usual places.
struct Secrets {
  std::vector<std::string> headers{};  // in small letters
  std::vector<std::string> members{};  // of bodies in JSON
  engine::Redaction redaction{};       // what must not be kept of alerts
};

std::string line_of(const Request& request, const Secrets& secrets);

}  // namespace iwakan::recorder

// A report as a Standard Webhook 1.0 (reference wire-formats D2): body, headers, signature. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/time.hpp"

namespace iwakan::sinks {
class Layout;
}

namespace iwakan::sinks::webhook {

std::string body_of(const Report& report, const Delivery& delivery, const Layout& layout, TimePoint now);

// The delivery's id, which the format allows no "." in.
std::string id_of(const Delivery& delivery);

// "whsec_" and base64 of 24 to 64 bytes, as a key for signing. A Failure never quotes the secret.
Result<Secret> key_of(const Secret& secret);

// "v1,…" for each key, separated by blanks: the receiver takes any that it knows (rotation).
std::string signature_of(std::span<const Secret> keys, std::string_view id, long timestamp, std::string_view body);

}  // namespace iwakan::sinks::webhook

// Link: the address under which one person says that they have read one report, without signing in. It is signed, so
// that nobody makes one for another person, and it expires.
//
//   URL/ack/TOKEN    TOKEN: incident "." report "." person "." expiry (Unix seconds) "." base64url of HMAC-SHA256
//
// Pure, once the key is there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/time.hpp"

namespace iwakan::http::acknowledge {

// What a link says.
struct Invitation {
  std::string incident;
  std::uint32_t report = 0;
  std::string person;
  TimePoint expires_at{};

  friend bool operator==(const Invitation&, const Invitation&) = default;
};

inline constexpr std::string_view kLinkPath = "/ack/";

class Links {
 public:
  // `url`: by which people reach the daemon, without a trailing slash; empty: there are no links.
  Links(Secret key, std::string url, Duration valid_for)
      : key_(std::move(key)), url_(std::move(url)), valid_for_(valid_for) {}

  std::string token(const Invitation& invitation) const;

  // What the token says. Failures: `forbidden`, it was not made here; `timed_out`, it was, and has expired.
  Result<Invitation> read(std::string_view token, TimePoint now) const;

  // For the reader of a supervisor's edition; empty for all others.
  std::string link(const Report& report, const Delivery& delivery) const;

 private:
  Secret key_;
  std::string url_;
  Duration valid_for_;
};

}  // namespace iwakan::http::acknowledge

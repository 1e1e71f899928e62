// NoNetwork: the HTTP client of what runs offline. It asks nobody, so certificates that are not configured stay
// unknown.
#pragma once

#include <utility>

#include "sinks/http_client.hpp"

namespace iwakan::sinks {

class NoNetwork final : public HttpClient {
 public:
  void send(HttpRequest, Done done) override { refuse(done); }
  void send(MailRequest, Done done) override { refuse(done); }

 private:
  static void refuse(const Done& done) {
    HttpOutcome outcome;
    outcome.reason = DeliveryReason::unreachable;
    outcome.detail = "nothing is fetched offline; name the certificate's file in the configuration";
    done(std::move(outcome));
  }
};

}  // namespace iwakan::sinks

// HttpClient: bounded HTTP(S) and SMTP exchanges with the outside, for sinks and for the certificates
// of SNS. The one place where iwakan connects outward.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/delivery.hpp"
#include "model/time.hpp"

namespace iwakan::sinks {

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // http or https; may hold a secret: never shown, not even in failures
  std::vector<std::pair<std::string, std::string>> headers;  // no CR, LF, NUL: such a request is refused
  std::string body;
  Duration timeout = std::chrono::seconds(15);              // of the whole exchange
  std::size_t response_bytes_max = std::size_t{64} * 1024;  // a longer answer is cut off there
  bool https_only = false;
};

struct MailRequest {
  std::string server;  // "smtp://host:587" or "smtps://host:465"
  std::string username;
  std::string password;
  bool starttls_required = false;  // no silent downgrade
  bool starttls_never = false;     // not even where it is offered
  std::string ca_file;             // empty: the system's
  std::string from;                // envelope addresses, bare
  std::vector<std::string> to;
  std::string message;  // RFC 5322, CRLF line ends, as it is to be sent
  Duration timeout = std::chrono::seconds(30);
};

// What came of an exchange. `reason` is accepted when the peer answered at all (whatever its
// status); else timed_out, unreachable, tls or misconfigured.
struct HttpOutcome {
  DeliveryReason reason = DeliveryReason::accepted;
  std::string detail;                                        // of a failure; no secret, no URL
  bool outcome_unknown = false;                              // the request left, the answer did not come
  int status = 0;                                            // HTTP status or last SMTP reply code; 0 without an answer
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // untrusted

  std::string_view header(std::string_view lower_case_name) const;
};

class HttpClient {
 public:
  using Done = std::function<void(HttpOutcome)>;

  virtual ~HttpClient() = default;

  // Return at once; `done` is called exactly once on the client's own thread. Redirects are never
  // followed. Any thread may call.
  virtual void send(HttpRequest request, Done done) = 0;
  virtual void send(MailRequest request, Done done) = 0;
};

}  // namespace iwakan::sinks

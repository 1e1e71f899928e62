// Request, Response, Handler: what the server hands to a route, and what it gets back.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/stream.hpp"
#include "model/result.hpp"

namespace iwakan::http {

using Header = std::pair<std::string_view, std::string_view>;  // name as sent, value without the blanks around it

// The value of the first header of that name in any case; empty when there is none.
std::string_view find_header(std::span<const Header> headers, std::string_view name);

// One whole request, framed beyond doubt (framing_gate.hpp) and within the limits. A view, made by the
// session: valid until its Respond was called or dropped. All of it is untrusted.
struct Request {
  std::string_view method;  // "POST"; "HEAD" as well where GET is served
  std::string_view target;  // as sent: "/api/v1/alerts?state=all"
  std::string_view path;    // before the '?'
  std::string_view query;   // behind it; empty without one
  std::span<const Header> headers;
  std::string_view body;       // decoded, if it came in chunks
  std::string_view remote;     // address of the peer: "192.0.2.7"
  std::string_view parameter;  // what stood where the route says {…}; empty without one
  std::string_view actor;      // who asks, proved; empty where nobody has to say so (access/gate.hpp)

  std::string_view header(std::string_view name) const { return find_header(headers, name); }

  // The value of the first `name=value` of the query, as sent: nothing served here takes values that
  // need percent-encoding. Empty when absent.
  std::string_view query_value(std::string_view name) const;
};

// The server adds Content-Length, Date, the security headers, and Retry-After to every 503.
struct Response {
  int status = 200;
  std::string content_type;  // empty: the header is left out
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // further ones; line breaks in them are taken out
  bool close = false;                                        // the connection, after this
  std::shared_ptr<Stream> stream{};                          // set: `body` is the beginning, and this goes on
};

// To be called exactly once, on the io thread, now or later. When the last copy goes away uncalled
// (on the io thread, too), the answer is 500.
using Respond = std::function<void(Response)>;

// Runs on the io thread and returns at once.
using Handler = std::function<void(const Request&, Respond)>;

// {"error": {"reason", "path", "detail"}}, as docs/api.md says.
Response refusal(int status, const Failure& failure);

// The status by which a Failure of a source or of the API is answered. Overload and our own faults
// are 503: senders treat 4xx as final.
int status_of(Reason reason);

Response json_response(int status, std::string json);

}  // namespace iwakan::http

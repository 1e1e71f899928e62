// Connection: one HTTP conversation with the daemon, kept open from request to request.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/result.hpp"
#include "model/secret.hpp"

namespace iwakan::ctl {

struct Answer {
  int status = 0;
  std::string body;  // untrusted
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class Connection {
 public:
  struct Params {
    std::string url;  // of the daemon: "http://127.0.0.1:8119"
    Secret token;     // goes along with every request that says nothing else of who asks; empty: none
    std::string ca;   // PEM file: whose certificates are believed; empty: those that this machine believes
  };

  // Nothing is opened yet. Speaks to the daemon directly, not through a proxy, and follows no redirect.
  explicit Connection(Params params);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `target`: path and query, as they go over the wire. Failures are `unavailable` (nobody there, or
  // broken off), `timed_out` and `too_large`.
  Result<Answer> exchange(const std::string& method, const std::string& target, const Headers& headers,
                          const std::string& body);

  const std::string& url() const { return params_.url; }

 private:
  struct Handle;
  const Params params_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace iwakan::ctl

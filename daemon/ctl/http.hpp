// Connection: one HTTP conversation with the daemon, kept open from request to request.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace iwakan::ctl {

struct Answer {
  int status = 0;
  std::string body;  // untrusted
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class Connection {
 public:
  // `url` of the daemon: "http://127.0.0.1:8119". Nothing is opened yet. Speaks to it directly, not
  // through a proxy, and follows no redirect.
  explicit Connection(std::string url);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `target`: path and query, as they go over the wire. Failures are `unavailable` (nobody there, or
  // broken off), `timed_out` and `too_large`.
  Result<Answer> exchange(const std::string& method, const std::string& target, const Headers& headers,
                          const std::string& body);

  // Without user name and password.
  std::string shown_url() const;

 private:
  struct Handle;
  const std::string url_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace iwakan::ctl

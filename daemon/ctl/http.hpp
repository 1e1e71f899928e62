// Connection: one HTTP conversation with the daemon, kept open from request to request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
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

  // An answer that goes on: each piece of a 200 goes to `take`, until it says false or the connection ends; that
  // it ended is no failure once it was there. The body of another status is in the answer.
  using Take = std::function<bool(std::string_view piece)>;
  Result<Answer> listen(const std::string& target, const Headers& headers, const Take& take);

  const std::string& url() const { return params_.url; }

 private:
  struct Handle;
  void prepare(const std::string& target, void* header_lines);
  Failure failure(int code) const;
  const Params params_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace iwakan::ctl

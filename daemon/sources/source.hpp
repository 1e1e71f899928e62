// Source: a kind of sender and the decoder of its wire format. Kind: what the catalogue knows of one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/setting.hpp"
#include "model/time.hpp"

namespace iwakan::sinks {
class HttpClient;
}

namespace iwakan::sources {

// One HTTP request, whole. A view: valid until `done` was called.
struct Request {
  std::string_view method;
  std::string_view target;                                                 // path and query
  std::span<const std::pair<std::string_view, std::string_view>> headers;  // names as sent
  std::string_view body;
  TimePoint at{};
  bool verified = false;  // a recording whose signature was checked when it came: not to be checked again, offline

  std::string_view header(std::string_view wanted) const;  // case-insensitive; empty when absent
};

// What a request said.
struct Received {
  AlertBatch batch;
  std::string_view source;  // whose alerts these are, when another sender tells of the same; empty: this source's
  bool truncated = false;
  std::optional<std::string> withdrawn;  // the source will not speak again, and why
  // Of these labels, every alert that fires, beside those of the batch: its sender can tell no more of it.
  std::vector<std::pair<std::string, std::string>> also_lost;
  std::vector<std::string> notices;  // for the log: what a person should know or do; no secret
  int status = 200;                  // of the answer
  std::string answer;                // its body, JSON; mostly empty
  std::optional<Failure> refused;    // a part of it; the rest is taken. Answered 400 with `answer`
};

class Source {
 public:
  using Done = std::function<void(Result<Received>)>;

  virtual ~Source() = default;

  // Decodes and, where the wire format has them, verifies signatures. Runs on the io thread and
  // returns at once; `done` is called exactly once on the io thread, mostly before this returns.
  // A Failure becomes an HTTP answer: malformed, missing, wrong_type, out_of_range, duplicate 400;
  // unauthorized 401; forbidden 403; too_large 413; unavailable, timed_out 503.
  virtual void receive(const Request& request, Done done) = 0;

  // How long after its last refresh a firing alert of this source is gone; nothing: it has no
  // refreshes (it speaks only on change) and never expires.
  virtual std::optional<Duration> expire_after() const = 0;
};

// Runs a function on the io thread, later.
using Post = std::function<void(std::function<void()>)>;

struct Surroundings {
  sinks::HttpClient& http;  // for certificates of SNS
  Post post;
};

using Make = std::function<std::unique_ptr<Source>(const Surroundings&)>;

struct Kind {
  std::string_view name;          // as in sources: and in the alerts' identity: "alertmanager"
  std::string_view path;          // where it listens: "/v1/alertmanager"
  Make (*parse)(Fields& fields);  // pure; the maker opens nothing
  bool verifies = false;          // it proves itself who sent a request; else access: does
  bool takes_put = false;         // beside POST
  bool is_many = false;  // of senders: each has a name of its own below, "NAME: {…}", and listens at path/NAME
};

}  // namespace iwakan::sources

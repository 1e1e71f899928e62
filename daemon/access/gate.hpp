// Gate: the one place that decides whether a request may go on: who asks, whether they may, and whether
// they do not ask for more than their share.
//
// Owned by the app, outlives the server; runs on the io thread. Without a register (no `access:` in
// the configuration, which then listens on loopback only) everybody may do everything.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "access/caller.hpp"
#include "access/may.hpp"
#include "access/register.hpp"
#include "model/result.hpp"
#include "runtime/clock.hpp"

namespace iwakan::access {

struct Verdict {
  enum class What : std::uint8_t { admitted, after_body, refused };

  What what = What::admitted;
  CallerPtr caller;  // of who was admitted; null: nobody in particular
  Failure failure;   // of what was refused: unauthorized (401), forbidden (403), malformed (400), unavailable (503)
};

class Gate {
 public:
  explicit Gate(const runtime::Clock& clock) : clock_(clock) {}

  // From the next request on. Null: everybody may do everything.
  void use(std::shared_ptr<const Register> known) { known_ = std::move(known); }

  // By its head, before its body is read: of `body_bytes`, 0 when that is not known yet. `after_body`: the body is
  // to be read first, then judge_body() tells.
  Verdict judge(const May& may, const Presented& presented, std::uint64_t body_bytes);
  Verdict judge_body(const May& may, const Presented& presented, std::string_view body);

  // The body was longer than was known when the request was judged.
  void charge(const CallerPtr& caller, std::uint64_t body_bytes);

 private:
  // What a caller has left; below zero after a body larger than what was left, which is let through.
  struct Bucket {
    double requests = 0;
    double bytes = 0;
    runtime::Moment filled_at{};
  };

  Verdict admit(const May& may, CallerPtr caller, std::uint64_t body_bytes);
  Bucket& bucket_of(const Caller& caller);

  const runtime::Clock& clock_;
  std::shared_ptr<const Register> known_;
  std::map<std::string, Bucket> buckets_;  // by name of the caller
};

}  // namespace iwakan::access

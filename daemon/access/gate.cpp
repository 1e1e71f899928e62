#include "access/gate.hpp"

#include <algorithm>

namespace iwakan::access {
namespace {

// Beyond this many names (a proxy may vouch for anybody) those whose buckets are full again are forgotten.
constexpr std::size_t kBucketsMax = 4096;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Verdict refused(Failure failure) {
  return {Verdict::What::refused, nullptr, std::move(failure)};
}

Failure unknown() {
  return {Reason::unauthorized,
          "say who you are: send `Authorization: Bearer TOKEN`, as access: of the configuration knows it",
          "Authorization"};
}

// Why the caller may not; nothing: they may.
std::optional<Failure> forbidden(const May& may, const Caller& caller) {
  if (may.who == May::Who::sender) {
    const auto& sources = caller.sources;
    if (std::find(sources.begin(), sources.end(), may.source) != sources.end()) return std::nullopt;
    if (caller.role == Role::admin) return std::nullopt;
    return Failure{
        Reason::forbidden,
        caller.name + " may not send to " + may.source + "; add it to the sources of that entry under access.senders",
        {}};
  }
  if (caller.role && *caller.role >= may.role) return std::nullopt;
  const std::string has = caller.role ? "has the role " + std::string(name(*caller.role)) : "has no role";
  return Failure{Reason::forbidden, caller.name + " " + has + "; this needs " + std::string(name(may.role)), {}};
}

}  // namespace

Verdict Gate::judge(const May& may, const Presented& presented, std::uint64_t body_bytes) {
  if (!known_ || may.who == May::Who::anyone || may.who == May::Who::signer) return {};
  auto caller = known_->recognise(presented);
  if (!caller) return refused(caller.error());
  if (*caller) return admit(may, *std::move(caller), body_bytes);
  if (may.who == May::Who::sender && known_->awaits_body(presented, may.source)) {
    return {Verdict::What::after_body, nullptr, {}};
  }
  return refused(unknown());
}

Verdict Gate::judge_body(const May& may, const Presented& presented, std::string_view body) {
  if (!known_) return {};  // a reload took the register away meanwhile
  auto caller = known_->recognise_signature(presented, may.source, body, clock_.now());
  if (!caller) return refused(caller.error());
  return admit(may, *std::move(caller), body.size());
}

Verdict Gate::admit(const May& may, CallerPtr caller, std::uint64_t body_bytes) {
  if (auto failure = forbidden(may, *caller)) return refused(*std::move(failure));
  Bucket& left = bucket_of(*caller);
  if (left.requests < 1 || left.bytes <= 0) {
    return refused({Reason::unavailable,
                    caller->name + " asks for more than its budget (access: budget); send it again later",
                    {}});
  }
  left.requests -= 1;
  left.bytes -= static_cast<double>(body_bytes);
  return {Verdict::What::admitted, std::move(caller), {}};
}

void Gate::charge(const CallerPtr& caller, std::uint64_t body_bytes) {
  if (caller) bucket_of(*caller).bytes -= static_cast<double>(body_bytes);
}

Gate::Bucket& Gate::bucket_of(const Caller& caller) {
  const runtime::Moment now = clock_.monotonic();
  const Budget& budget = caller.budget;
  const double requests_max = std::max(1.0, seconds(budget.burst) * budget.requests);
  const double bytes_max = seconds(budget.burst) * budget.bytes;
  const auto known = buckets_.find(caller.name);
  if (known != buckets_.end()) {
    Bucket& bucket = known->second;
    const double passed = seconds(now - bucket.filled_at);
    bucket.requests = std::min(bucket.requests + passed * budget.requests, requests_max);
    bucket.bytes = std::min(bucket.bytes + passed * budget.bytes, bytes_max);
    bucket.filled_at = now;
    return bucket;
  }
  if (buckets_.size() >= kBucketsMax) {
    std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.filled_at > std::chrono::minutes(10); });
  }
  return buckets_[caller.name] = {requests_max, bytes_max, now};
}

}  // namespace iwakan::access

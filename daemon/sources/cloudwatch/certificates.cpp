#include "sources/cloudwatch/certificates.hpp"

#include <algorithm>

#include "runtime/read_file.hpp"
#include "sources/cloudwatch/signature.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPemBytesMax = std::size_t{16} * 1024;
constexpr std::size_t kUrlsMax = 64;
constexpr Duration kKeepAtMost = 24h;
constexpr Duration kLeaveAlone = 1min;

Failure unavailable(std::string why) {
  return {Reason::unavailable, "the certificate of the signature is not to be had: " + std::move(why),
          "/SigningCertURL"};
}

}  // namespace

Certificates::Certificates(std::vector<PinnedCertificate> pinned, const Surroundings& surroundings)
    : http_(surroundings.http), post_(surroundings.post) {
  for (PinnedCertificate& one : pinned) pinned_.emplace(std::move(one.url), std::move(one.file));
}

Result<std::string> Certificates::read_pinned(const std::string& file) {
  auto pem = runtime::read_file(file, kPemBytesMax);
  if (!pem) return unavailable(to_string(pem.error()));
  if (!validity_of(*pem)) return unavailable("the file " + file + " holds no certificate");
  return pem;
}

void Certificates::get(const std::string& url, TimePoint now, Done done) {
  if (const auto kept = kept_.find(url); kept != kept_.end() && now < kept->second.until) return done(kept->second.pem);
  if (const auto pinned = pinned_.find(url); pinned != pinned_.end()) {
    auto pem = read_pinned(pinned->second);
    if (pem) kept_[url] = {*pem, now + kKeepAtMost};
    return done(std::move(pem));
  }
  if (const auto failed = failed_.find(url); failed != failed_.end() && now < failed->second) {
    return done(unavailable("fetching it failed a moment ago"));
  }
  const bool crowded = kept_.size() + failed_.size() + waiting_.size() >= kUrlsMax;
  if (crowded && !waiting_.contains(url)) {
    std::erase_if(kept_, [now](const auto& item) { return item.second.until <= now; });
    std::erase_if(failed_, [now](const auto& item) { return item.second <= now; });
    if (kept_.size() + failed_.size() + waiting_.size() >= kUrlsMax)
      return done(unavailable("too many of them are asked for"));
  }
  std::vector<Done>& waiting = waiting_[url];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;
  sinks::HttpRequest request;
  request.method = "GET";
  request.url = url;
  request.timeout = 5s;
  request.response_bytes_max = kPemBytesMax;
  request.https_only = true;
  http_.send(std::move(request), [this, url, now](sinks::HttpOutcome outcome) {
    post_([this, url, now, outcome = std::move(outcome)] { fetched(url, now, outcome); });
  });
}

void Certificates::fetched(const std::string& url, TimePoint now, const sinks::HttpOutcome& outcome) {
  std::vector<Done> waiting = std::move(waiting_[url]);
  waiting_.erase(url);
  Result<std::string> pem = outcome.body;
  if (outcome.reason != DeliveryReason::accepted) {
    pem = unavailable(outcome.detail);
  } else if (outcome.status != 200) {
    pem = unavailable("AWS answered " + std::to_string(outcome.status));
  } else if (const auto validity = validity_of(outcome.body); !validity) {
    pem = unavailable("what AWS sent is no certificate");
  } else {
    kept_[url] = {outcome.body, std::min(validity->until, now + kKeepAtMost)};
  }
  if (!pem) failed_[url] = now + kLeaveAlone;
  for (const Done& done : waiting) done(pem);
}

}  // namespace iwakan::sources::cloudwatch

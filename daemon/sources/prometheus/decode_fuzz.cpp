// Any bytes as what Prometheus posts: alerts, refused ones with a place, or a failure; never a crash.
#include <cstdint>

#include "model/assert.hpp"
#include "sources/prometheus/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static iwakan::sources::prometheus::Decoder decoder;
  const iwakan::TimePoint now{std::chrono::hours(24 * 365 * 50)};
  const auto posted = decoder.decode({reinterpret_cast<const char*>(data), size}, now, std::chrono::minutes(5));
  if (!posted) return 0;
  for (const iwakan::Alert& alert : posted->batch.alerts()) {
    IWAKAN_ASSERT(!alert.labels.empty());
    IWAKAN_ASSERT(alert.fingerprint == iwakan::fingerprint_of(alert.labels));
    const bool resolved = alert.state == iwakan::AlertState::resolved;
    IWAKAN_ASSERT(alert.ends_at.has_value() == resolved && alert.expires_at.has_value() != resolved);
    IWAKAN_ASSERT(resolved ? *alert.ends_at <= now : *alert.expires_at > now);
  }
  return 0;
}

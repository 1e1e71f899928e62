// Any bytes as a webhook: alerts or a failure with a place, never a crash.
#include <cstdint>

#include "model/assert.hpp"
#include "sources/alertmanager/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static iwakan::sources::alertmanager::Decoder decoder;
  const auto webhook = decoder.decode({reinterpret_cast<const char*>(data), size}, iwakan::TimePoint{});
  if (!webhook) return 0;
  for (const iwakan::Alert& alert : webhook->batch.alerts()) {
    IWAKAN_ASSERT(!alert.labels.empty());
    IWAKAN_ASSERT(alert.fingerprint == iwakan::fingerprint_of(alert.labels));
  }
  return 0;
}

// Any bytes as Grafana's webhook: alerts or a failure, never a crash; no alert resolves for a reason other than
// that its condition ended.
#include <cstdint>

#include "model/assert.hpp"
#include "sources/grafana/dialect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static iwakan::sources::alertmanager::Decoder decoder(iwakan::sources::grafana::make_dialect());
  const auto webhook = decoder.decode({reinterpret_cast<const char*>(data), size}, iwakan::TimePoint{});
  if (!webhook) return 0;
  for (const iwakan::Alert& alert : webhook->batch.alerts()) {
    const bool resolved = alert.state == iwakan::AlertState::resolved;
    IWAKAN_ASSERT(resolved == alert.ends_at.has_value());
    IWAKAN_ASSERT(!resolved || alert.annotation("grafana_state_reason").empty());
  }
  return 0;
}

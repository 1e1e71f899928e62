// Any bytes as an event of EventBridge: alerts or a failure with a reason, never a crash.
#include <cstdint>

#include "model/assert.hpp"
#include "sources/eventbridge/event.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using iwakan::AlertState;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto received = iwakan::sources::eventbridge::parse_event(bytes, iwakan::TimePoint{});
  if (!received) {
    IWAKAN_ASSERT(!received.error().detail.empty());
    return 0;
  }
  IWAKAN_ASSERT(received->batch.size() <= 1);
  for (const iwakan::Alert& alert : received->batch.alerts()) {
    IWAKAN_ASSERT(!alert.label("alertname").empty());
    IWAKAN_ASSERT((alert.state == AlertState::resolved) == alert.ends_at.has_value());
  }
  return 0;
}

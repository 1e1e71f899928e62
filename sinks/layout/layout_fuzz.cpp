// Any bytes as a template and as the values in it: no crash, in bounded time, and no value gets past the
// escape.
#include <cstdint>

#include "model/assert.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/layout/specimen.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t half = size / 2;
  auto layout = iwakan::sinks::Layout::make({{"first_report.en", text.substr(0, half)}}, "UTC");
  if (!layout) layout = iwakan::sinks::Layout::make({}, "UTC");
  iwakan::Report report = iwakan::sinks::specimen_first_report();
  report.known[0].what = iwakan::same_in_all(text.substr(half));
  report.title = iwakan::same_in_all(text.substr(half));
  const std::string laid_out = layout->text(report, iwakan::sinks::specimen_delivery(), "en",
                                            [](std::string_view value) { return std::string(value.size(), 'x'); });
  IWAKAN_ASSERT(!laid_out.empty());
  return 0;
}

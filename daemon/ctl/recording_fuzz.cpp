// Goal: no recording, however broken, does harm: it is refused, or it is what it says.
// Method: bytes as a line; what was accepted is moved in time and summed up as well.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ctl/recording.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iwakan::ctl;
  const auto recorded = parse_recorded({reinterpret_cast<const char*>(data), size});
  if (!recorded) return 0;
  for (const auto& [header, value] : recorded->headers) {
    if ((header + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) std::abort();
  }
  const Pace unmoved{recorded->at, recorded->at, 1};
  const std::string moved = with_times_moved(recorded->body, unmoved);
  if (with_times_moved(moved, unmoved) != moved) std::abort();  // spelled once, a time stays as it is
  summary(*recorded, "ja");
  return 0;
}

// Any bytes as a configuration: a tree or complaints with places, never a crash, in bounded time.
#include <cstdint>

#include "model/assert.hpp"
#include "settings/yaml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  iwakan::Complaints complaints;
  const auto tree = iwakan::settings::parse_yaml(text, "fuzz.yaml", complaints);
  IWAKAN_ASSERT(tree.has_value() == complaints.empty());
  return 0;
}

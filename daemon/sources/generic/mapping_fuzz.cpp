// Any bytes as a mapping: what is not complained about maps any of a few requests, or says why not.
#include <cstdint>

#include "settings/yaml.hpp"
#include "sources/generic/mapping.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iwakan;
  Complaints complaints;
  const auto tree = settings::parse_yaml({reinterpret_cast<const char*>(data), size}, "m.yaml", complaints);
  if (!tree) return 0;
  const auto mapping = sources::generic::parse_mapping(*tree, complaints);
  if (!complaints.empty()) return 0;
  for (const char* body : {"{}", "[]", R"({"state":"open","name":"x","tags":"a:b,c:d","all":[{"state":1}]})"}) {
    static_cast<void>(sources::generic::apply(mapping, {"POST", "/", {}, body, {}}));
  }
  return 0;
}

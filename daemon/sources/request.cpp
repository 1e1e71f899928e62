#include "model/ascii.hpp"
#include "sources/source.hpp"

namespace iwakan::sources {

std::string_view Request::header(std::string_view wanted) const {
  for (const auto& [name, value] : headers) {
    if (same_in_any_case(name, wanted)) return value;
  }
  return {};
}

}  // namespace iwakan::sources

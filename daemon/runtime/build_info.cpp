#include "runtime/build_info.hpp"

namespace iwakan::runtime {

std::string_view version() {
  return IWAKAN_VERSION;
}

}  // namespace iwakan::runtime

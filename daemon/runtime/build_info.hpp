// Build info: which iwakan this is.
#pragma once

#include <string_view>

namespace iwakan::runtime {

// "0.1.0", as CMake's project() says.
std::string_view version();

}  // namespace iwakan::runtime

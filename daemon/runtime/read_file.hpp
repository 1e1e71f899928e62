// Reading a small file whole.
#pragma once

#include <cstddef>
#include <string>

#include "model/result.hpp"

namespace iwakan::runtime {

// Blocks. Failures have the path: `io` with what the operating system says, `too_large` beyond the bound.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

}  // namespace iwakan::runtime

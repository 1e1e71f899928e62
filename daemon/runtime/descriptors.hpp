// Descriptors: how many files and sockets this process may have open.
#pragma once

#include <cstdint>

namespace iwakan::runtime {

// Asks for as many as the operating system grants this process: shells often start one with fewer than the connections
// that it is configured to hold. Returns how many there are now.
std::uint64_t raise_descriptor_limit();

}  // namespace iwakan::runtime

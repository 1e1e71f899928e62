// Digest: SHA-256, by which iwakan chains what it writes down. A pure function of its bytes, and the one
// place where the pure rooms use OpenSSL: a hash of our own would be less trustworthy, and no other
// library of ours has one.
#pragma once

#include <string>
#include <string_view>

namespace iwakan {

// 32 bytes (FIPS 180-4).
std::string sha256(std::string_view bytes);

// Two lower-case digits a byte.
std::string hex(std::string_view bytes);

}  // namespace iwakan

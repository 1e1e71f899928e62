// HMAC-SHA256 (RFC 2104), and comparing what it gives. Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/secret.hpp"

namespace iwakan::sinks {

// 32 bytes.
std::string hmac_sha256(const Secret& key, std::string_view message);

// In a time that does not tell where they differ.
bool same_in_constant_time(std::string_view a, std::string_view b);

}  // namespace iwakan::sinks

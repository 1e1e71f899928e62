// Base64 and base 16 (RFC 4648, sections 4 and 8). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iwakan::sinks {

std::string hex(std::string_view bytes);  // in small letters

std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  // nothing: not base64

}  // namespace iwakan::sinks

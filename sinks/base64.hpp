// Base64 (RFC 4648, section 4). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iwakan::sinks {

std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  // nothing: not base64

}  // namespace iwakan::sinks

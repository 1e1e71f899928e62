// YAML text as a Setting tree that knows its lines. Strict where YAML is treacherous: no anchors, aliases,
// tags or merge keys, no key twice, one document, bounded size, depth and count. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/setting.hpp"

namespace iwakan::settings {

// Nothing: at least one complaint was added. `file` is for the places in complaints.
std::optional<Setting> parse_yaml(std::string_view text, const std::string& file, Complaints& complaints);

}  // namespace iwakan::settings

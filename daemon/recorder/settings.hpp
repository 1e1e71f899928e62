// Settings of the recorder: `record:`. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/setting.hpp"
#include "model/time.hpp"

namespace iwakan::recorder {

struct Settings {
  std::string folder;
  std::uint64_t bytes_max = 0;       // of all files together
  std::uint64_t file_bytes_max = 0;  // then the next begins
  Duration file_for{};               // likewise
  Duration keep_for{};
};

// `record:`; null: absent, nothing is recorded.
std::optional<Settings> parse_record(const Setting* setting, Complaints& complaints);

}  // namespace iwakan::recorder

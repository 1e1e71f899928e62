#include "recorder/settings.hpp"

#include <chrono>

namespace iwakan::recorder {

using namespace std::chrono_literals;

std::optional<Settings> parse_record(const Setting* setting, Complaints& complaints) {
  if (setting == nullptr) return std::nullopt;
  constexpr long kMegabyte = 1024L * 1024;
  Fields fields(*setting, complaints);
  Settings settings;
  settings.folder = fields.required_text("folder");
  settings.bytes_max = static_cast<std::uint64_t>(fields.integer("bytes_max", 1024 * kMegabyte, kMegabyte, 1L << 50));
  settings.file_bytes_max =
      static_cast<std::uint64_t>(fields.integer("file_bytes_max", 64 * kMegabyte, kMegabyte / 16, 1L << 40));
  settings.file_for = fields.duration("file_for", 24h, 1min, 24h * 366);
  settings.keep_for = fields.duration("keep_for", 24h * 14, 1min, 24h * 3660);
  if (settings.file_bytes_max * 2 > settings.bytes_max && fields.has("folder")) {
    complain(complaints, *setting, "one file may be larger than half of all of them together",
             "set bytes_max to twice file_bytes_max or more");
  }
  fields.finish();
  return settings;
}

}  // namespace iwakan::recorder

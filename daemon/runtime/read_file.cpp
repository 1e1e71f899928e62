#include "runtime/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace iwakan::runtime {

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return Failure{Reason::io, "cannot be read: " + error.message(), path};
  if (size > bytes_max) return Failure{Reason::too_large, "larger than " + std::to_string(bytes_max) + " bytes", path};
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), path};
  return text.str();
}

}  // namespace iwakan::runtime

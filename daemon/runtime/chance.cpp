#include "runtime/chance.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace iwakan::runtime {

std::string unguessable(std::size_t bytes) {
  std::string made(bytes, '\0');
  // Up to 256 bytes come whole.
  if (bytes > 256 || ::getrandom(made.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return made;
}

Chance::Chance() : engine_(std::random_device{}()) {}

double Chance::next() {
  return std::generate_canonical<double, 53>(engine_);
}

}  // namespace iwakan::runtime

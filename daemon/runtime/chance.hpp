// The random sources of the daemon. Chance is for jitter, and not for secrets.
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace iwakan::runtime {

// Bytes that nobody can guess, from the operating system. Throws std::system_error when it has none.
std::string unguessable(std::size_t bytes);

// Runs on one thread. Seeded by the operating system.
class Chance {
 public:
  Chance();

  // Uniform in 0 (included) to 1 (not included).
  double next();

  // A UUID of version 4 (RFC 9562), from the operating system's source.
  static std::string uuid();

 private:
  std::mt19937_64 engine_;
};

}  // namespace iwakan::runtime

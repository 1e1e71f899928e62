// Chance: the one random source of the daemon, for jitter. Not for secrets.
#pragma once

#include <random>

namespace iwakan::runtime {

// Runs on one thread. Seeded by the operating system.
class Chance {
 public:
  Chance();

  // Uniform in 0 (included) to 1 (not included).
  double next();

 private:
  std::mt19937_64 engine_;
};

}  // namespace iwakan::runtime

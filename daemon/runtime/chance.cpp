#include "runtime/chance.hpp"

namespace iwakan::runtime {

Chance::Chance() : engine_(std::random_device{}()) {}

double Chance::next() {
  return std::generate_canonical<double, 53>(engine_);
}

}  // namespace iwakan::runtime

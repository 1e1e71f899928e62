#include "model/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace iwakan {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "<2>iwakan: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace iwakan

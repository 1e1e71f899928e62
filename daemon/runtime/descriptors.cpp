#include "runtime/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace iwakan::runtime {
namespace {

constexpr rlim_t kEnough = 65'536;  // as the unit says

}  // namespace

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur >= kEnough) return limit.rlim_cur;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min(limit.rlim_max, kEnough);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace iwakan::runtime

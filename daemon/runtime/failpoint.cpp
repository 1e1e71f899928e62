#include "runtime/failpoint.hpp"

#ifdef IWAKAN_FAILPOINTS

#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace iwakan::runtime {
namespace {

struct Wish {
  std::string_view name;       // empty: none
  std::atomic<long> left = 1;  // passages until the end
};

// A test that names a failpoint wrongly must not pass for one that survived it.
[[noreturn]] void refuse(std::string_view text) {
  std::fprintf(stderr, "<3>IWAKAN_FAILPOINT=%.*s: not the name of a failpoint, or not name:N\n",
               static_cast<int>(text.size()), text.data());
  std::_Exit(2);
}

void read(Wish& wish) {
  const char* variable = std::getenv("IWAKAN_FAILPOINT");
  if (variable == nullptr || *variable == '\0') return;
  const std::string_view text = variable;
  const std::size_t colon = text.find(':');
  wish.name = text.substr(0, colon);
  if (std::find(kFailpoints.begin(), kFailpoints.end(), wish.name) == kFailpoints.end()) refuse(text);
  if (colon == std::string_view::npos) return;
  long passages = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, passages);
  if (parsed.ec != std::errc() || parsed.ptr != end || passages < 1) refuse(text);
  wish.left = passages;
}

Wish& wish_of_environment() {
  static Wish wish;
  static const bool once = (read(wish), true);
  static_cast<void>(once);
  return wish;
}

}  // namespace

void failpoint(Failpoint point) {
  Wish& wish = wish_of_environment();
  if (wish.name != point.name() || --wish.left != 0) return;
  kill(getpid(), SIGKILL);
}

}  // namespace iwakan::runtime

#endif

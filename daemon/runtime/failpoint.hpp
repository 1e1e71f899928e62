// failpoint("name"): the place where a test may let the process die as by `kill -9`, to prove that
// nothing acknowledged is lost there.
//
// In the environment, IWAKAN_FAILPOINT=name or name:N ends the process at the first or N-th passage.
// Compiled in only with the CMake option IWAKAN_FAILPOINTS; else the calls are empty. Any thread.
#pragma once

#include <array>
#include <string_view>

namespace iwakan::runtime {

// Every failpoint, in the order in which an alert and its report meet them. Tests loop over these.
inline constexpr std::array<std::string_view, 11> kFailpoints{
    "request_read",           // http: the whole request is in memory
    "before_commit",          // runner: stepped, nothing written
    "after_commit",           // runner: on disk, nobody knows
    "before_answer",          // http: durable, not a byte of the answer is out
    "after_answer",           // http: the answer is out
    "delivery_before_start",  // delivery: about to record the attempt
    "delivery_before_send",   // delivery: the attempt is on disk
    "delivery_after_answer",  // delivery: the sink answered, nothing written
    "before_reload",          // app: the new configuration is good, the old one in use
    "after_reload",           // app: swapped
    "before_stop",            // app: stopping, sessions done, store still open
};

// A name of the table; anything else does not compile.
class Failpoint {
 public:
  consteval Failpoint(const char* name) {
    for (const std::string_view known : kFailpoints) {
      if (known == name) return;
      ++index_;
    }
    throw "no such failpoint: add it to kFailpoints";
  }

  std::string_view name() const { return kFailpoints[index_]; }

 private:
  std::size_t index_ = 0;
};

#ifdef IWAKAN_FAILPOINTS
void failpoint(Failpoint point);
#else
inline void failpoint(Failpoint) {}
#endif

}  // namespace iwakan::runtime

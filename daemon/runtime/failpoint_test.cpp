// Goal: the process dies at the passage asked for, and never otherwise. Method: death tests, each in
// a process of its own, so that the environment is read anew.
#include "runtime/failpoint.hpp"

#include <gtest/gtest.h>
#include <csignal>

#include <cstdlib>

namespace iwakan::runtime {
namespace {

// Passes "after_commit" as often as said, then leaves with 0.
[[noreturn]] void pass(const char* wish, int passages) {
  setenv("IWAKAN_FAILPOINT", wish, 1);
  for (int i = 0; i < passages; ++i) failpoint("after_commit");
  std::_Exit(0);
}

TEST(FailpointDeathTest, IsPassedWhenNotNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(pass("", 3), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(pass("before_commit", 3), testing::ExitedWithCode(0), "");
}

#ifdef IWAKAN_FAILPOINTS
TEST(FailpointDeathTest, KillsAtTheStatedPassage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(pass("after_commit", 1), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("after_commit:3", 3), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("after_commit:3", 2), testing::ExitedWithCode(0), "");
}

TEST(FailpointDeathTest, RefusesAWishThatNamesNothing) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const char* wish : {"after_comit", "after_commit:", "after_commit:0", "after_commit:2x", ":1"}) {
    EXPECT_EXIT(pass(wish, 1), testing::ExitedWithCode(2), "IWAKAN_FAILPOINT") << wish;
  }
}
#endif

}  // namespace
}  // namespace iwakan::runtime

// Goal: a coroutine runs to its end, and an exception that escapes it ends the process with a word
// about where. Method: coroutines that return and throw; a death test.
#include "runtime/spawn.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace iwakan::runtime {
namespace {

boost::asio::awaitable<void> note(bool& ran) {
  ran = true;
  co_return;
}

boost::asio::awaitable<void> fail() {
  throw std::runtime_error("out of luck");
  co_return;
}

TEST(Spawn, RunsTheCoroutineWithinTheLoop) {
  boost::asio::io_context io;
  bool ran = false;
  spawn(io, "note", note(ran));
  EXPECT_FALSE(ran);
  io.run();
  EXPECT_TRUE(ran);
}

TEST(SpawnDeathTest, EndsTheProcessWhenAnExceptionEscapes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        boost::asio::io_context io;
        spawn(io, "fail", fail());
        io.run();
      },
      "escaped from fail: out of luck");
}

}  // namespace
}  // namespace iwakan::runtime

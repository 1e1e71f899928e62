// Goal: the scheduler on Asio calls once, in the order of the deadlines, and never after it is gone.
// Method: a real io_context with waits of at most a few milliseconds; run() returns by itself, which
// shows that nothing keeps it alive.

#include "delivery/scheduler.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace iwakan::delivery {
namespace {

using std::chrono::milliseconds;

TEST(AsioScheduler, CallsInTheOrderOfTheDeadlines) {
  boost::asio::io_context io;
  AsioScheduler scheduler(io);
  std::string calls;
  const auto began = std::chrono::steady_clock::now();  // before the waits begin: they may not end early
  scheduler.after(milliseconds(20), [&] { calls += 'c'; });
  scheduler.after(milliseconds(-5), [&] {
    calls += 'a';
    scheduler.after(Duration::zero(), [&] { calls += 'b'; });
  });
  EXPECT_EQ(calls, "");
  io.run();
  EXPECT_EQ(calls, "abc");
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(20));
}

TEST(AsioScheduler, ForgetsWhatWaitsWhenItGoes) {
  boost::asio::io_context io;
  std::optional<AsioScheduler> scheduler(std::in_place, io);
  bool called = false;
  scheduler->after(std::chrono::hours(1), [&] { called = true; });
  scheduler.reset();
  io.run();  // would last an hour if the timer were still there
  EXPECT_FALSE(called);
}

TEST(AsioScheduler, MayGoFromWithinACall) {
  boost::asio::io_context io;
  std::optional<AsioScheduler> scheduler(std::in_place, io);
  int calls = 0;
  const auto go = [&] {
    ++calls;
    scheduler.reset();
  };
  scheduler->after(Duration::zero(), go);
  scheduler->after(Duration::zero(), go);
  io.run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace iwakan::delivery

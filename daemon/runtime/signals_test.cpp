// Goal: each signal reaches its callback, every time. Method: raise them in this process, and turn the
// loop by hand.
#include "runtime/signals.hpp"

#include <gtest/gtest.h>
#include <csignal>

#include <boost/asio/io_context.hpp>
#include <chrono>

namespace iwakan::runtime {
namespace {

using namespace std::chrono_literals;

TEST(Signals, ReachTheirCallbacksAgainAndAgain) {
  boost::asio::io_context io;
  int stops = 0;
  int reloads = 0;
  {
    const Signals signals(io, {.stop = [&] { ++stops; }, .reload = [&] { ++reloads; }});
    for (const int signal : {SIGHUP, SIGTERM, SIGHUP, SIGINT}) {
      const int before = stops + reloads;
      ASSERT_EQ(::raise(signal), 0);
      while (stops + reloads == before && io.run_one_for(10s) != 0) {
      }
    }
    EXPECT_EQ(stops, 2);
    EXPECT_EQ(reloads, 2);
    EXPECT_EQ(::raise(SIGPIPE), 0);  // and here we still are
  }
  io.restart();
  io.run_for(10s);  // nothing is left that keeps the loop turning
  EXPECT_EQ(stops + reloads, 4);
}

}  // namespace
}  // namespace iwakan::runtime

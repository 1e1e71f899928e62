// App: the composition of the daemon: check, build, start, stop. Wires, and decides nothing.
#pragma once

#include <cstdint>
#include <string>

#include "model/setting.hpp"

namespace iwakan::app {

struct Options {
  std::string config;
  std::string store;       // overrides the configuration's; empty: it does not
  std::string drill;       // the folder of a drill (drill.hpp); empty: this is none
  std::uint16_t port = 0;  // overrides the configuration's; 0: it does not
};

// Each returns an exit code: 0 good, 1 not. What is wrong is said on stderr, what was found on stdout.
int check_config(const Options& options);
int check_store(const Options& options);

// Says all complaints on stderr, a line each.
void say(const Complaints& complaints);

// Runs until SIGTERM or SIGINT, or until the store fails.
int run(const Options& options);

}  // namespace iwakan::app

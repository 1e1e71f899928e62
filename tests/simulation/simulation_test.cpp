// Goal: whatever happens in whatever order, the invariants hold: alerts that repeat and are lost, everything that
// people can do, sensible or not, clocks that jump, a process that dies, sinks that fail. Method: plots from seeds,
// played in a World; the invariants are looked at after every step. A plot that fails is cut down to the steps that it
// takes.
//
//   IWAKAN_SEEDS=17        plays one seed
//   IWAKAN_SEEDS=1-5000    plays many (a soak)
//   IWAKAN_STEPS=200       of each plot
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "engine/testing/houses.hpp"
#include "engine/testing/plot.hpp"

namespace iwakan::engine::testing {
namespace {

constexpr std::uint64_t kSeeds = 100;
constexpr std::size_t kSteps = 80;
constexpr int kRetellings = 400;  // to cut a plot down

// What a plot came to: each step that was played, and what was wrong; nothing: all held.
struct Ending {
  std::string steps;
  std::string flaws;
};

const TimePoint kBegin = *parse_time("2031-05-14T01:00:00Z");

// Plays in a process of its own, so that a broken assertion is a finding like others.
void play(const Plot& plot, int out) {
  const auto tell = [out](const std::string& line) { return ::write(out, line.data(), line.size()) > 0; };
  World world(houses(), kBegin);
  Player player(world);
  std::size_t count = 0;
  const auto found = [&] {
    for (const std::string& flaw : world.flaws()) tell("!" + flaw + "\n");
    return !world.flaws().empty();
  };
  for (const PlotStep& step : plot) {
    tell("(" + std::to_string(static_cast<int>(step.deed)) + ")");
    tell(player.play(step) + "\n");
    world.look();
    if (++count % 20 == 0) world.look_closely();
    if (found()) return;
  }
  world.settle();
  found();
}

Ending ending_of(const Plot& plot) {
  // A file in memory, for a pipe would have the two processes take turns at each line.
  const int said_in = ::memfd_create("ending", MFD_CLOEXEC);
  EXPECT_GE(said_in, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(said_in, STDERR_FILENO);
    try {
      play(plot, said_in);
    } catch (const std::exception& thrown) {
      const std::string line = "\n!thrown: " + std::string(thrown.what()) + "\n";
      static_cast<void>(::write(said_in, line.data(), line.size()));
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::lseek(said_in, 0, SEEK_SET);
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(said_in, buffer.data(), buffer.size())) > 0;) {
    said.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(said_in);
  Ending ending;
  for (std::size_t from = 0; from < said.size();) {
    const std::size_t to = std::min(said.find('\n', from), said.size());
    const std::string line = said.substr(from, to - from);
    (line.starts_with('!') ? ending.flaws : ending.steps) += line + "\n";
    from = to + 1;
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ending.flaws += "!the process died\n";
  return ending;
}

// What is wrong first, without the numbers, which change when steps go.
std::string kind_of(const std::string& flaws) {
  std::string kind = flaws.substr(0, flaws.find('\n'));
  std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
  return kind;
}

// Drops what is not needed for it to fail: halves first, single steps at last.
Plot cut_down(Plot plot) {
  const std::string wrong = kind_of(ending_of(plot).flaws);
  int left = kRetellings;
  for (std::size_t size = plot.size() / 2; size > 0 && left > 0; size = size == 1 ? 0 : (size + 1) / 2) {
    for (std::size_t from = 0; from < plot.size() && left > 0;) {
      Plot shorter = plot;
      const auto begin = shorter.begin() + static_cast<std::ptrdiff_t>(from);
      shorter.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, plot.size() - from)));
      --left;
      if (kind_of(ending_of(shorter).flaws) != wrong) {
        from += size;
      } else {
        plot = std::move(shorter);
      }
    }
  }
  return plot;
}

std::size_t number_in(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Simulation, TheInvariantsHoldWhateverHappens) {
  const char* asked = std::getenv("IWAKAN_SEEDS");
  const std::string range = asked == nullptr ? "1-" + std::to_string(kSeeds) : asked;
  const std::size_t dash = range.find('-');
  const std::uint64_t first = std::stoull(range);
  const std::uint64_t last = dash == std::string::npos ? first : std::stoull(range.substr(dash + 1));
  const std::size_t steps = number_in("IWAKAN_STEPS", kSteps);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Plot plot = plot_of(seed, steps);
    if (ending_of(plot).flaws.empty()) continue;
    const Ending ending = ending_of(cut_down(plot));
    ADD_FAILURE() << "seed " << seed << " (IWAKAN_SEEDS=" << seed << " IWAKAN_STEPS=" << steps << " plays it again)\n"
                  << ending.steps << ending.flaws;
  }
}

}  // namespace
}  // namespace iwakan::engine::testing

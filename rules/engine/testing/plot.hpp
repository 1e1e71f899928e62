// Plot: what happens in a World, as a list that a seed makes: alerts, people, clocks, crashes, sinks. A step means
// something in any world, so that a plot still plays when steps are taken out of it. Test code only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/testing/dice.hpp"
#include "engine/testing/world.hpp"

namespace iwakan::engine::testing {

enum class Deed : std::uint8_t {
  alert_begins,
  alerts_repeat,
  alert_ends,
  late_copy,
  source_withdraws,
  person_acts,
  time_passes,
  clock_jumps,
  delivery,
  sinks_work,
  crash,
  reconfiguration,
};

struct PlotStep {
  Deed deed = Deed::time_passes;
  std::uint64_t roll = 0;  // what exactly
};

using Plot = std::vector<PlotStep>;

Plot plot_of(std::uint64_t seed, std::size_t steps);

// Plays plots in one world. What the senders know is here; what they told is the world's.
class Player {
 public:
  explicit Player(World& world) : world_(world) {}

  // Says what was done, in a line.
  std::string play(const PlotStep& step);

 private:
  struct Condition {
    Message last;  // one alert
    bool firing = false;
    TimePoint ended_at{};
  };

  std::string alert_begins(Dice& dice);
  std::string alerts_repeat(Dice& dice);
  std::string alert_ends(Dice& dice);
  std::string late_copy(Dice& dice);
  std::string person_acts(Dice& dice);
  std::string time_passes(Dice& dice);
  std::string delivery(Dice& dice);
  void say(Message message);

  World& world_;
  std::map<std::string, Condition> conditions_;
  std::vector<Message> said_;
  std::size_t silences_ = 0;
};

}  // namespace iwakan::engine::testing

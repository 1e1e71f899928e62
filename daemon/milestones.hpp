// Milestones: how fast people were told and answered, read off the incidents as they go by, for the metrics. What was
// past when the daemon started is not counted again.
//
// Owned by the daemon; io thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "engine/engine.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::app {

class Milestones {
 public:
  // Both outlive this. REQUIRES: the engine is restored.
  Milestones(const engine::Engine& engine, telemetry::Telemetry& telemetry);

  // What an event of the engine came to, once that is on disk.
  void look(const engine::Effects& effects);

 private:
  struct Passed {
    bool opened = false;
    bool supervisors_told = false;
    bool everybody_told = false;
    std::set<std::string> acknowledged;
    std::uint32_t promises_kept = 0;
    std::uint32_t promises_missed = 0;
    std::map<std::uint32_t, std::set<telemetry::QuestionWay>> questions;  // by number: the ways they went
  };

  static Passed passed(const Incident& incident);
  void look(const Incident& incident);

  const engine::Engine& engine_;
  telemetry::Telemetry& telemetry_;
  std::map<std::uint64_t, Passed> passed_;  // by the incident's number
};

}  // namespace iwakan::app

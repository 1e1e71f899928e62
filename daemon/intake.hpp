// Intake: the way in for alerts: the sources, their routes, and what they decoded on its way to the engine.
//
// Owned by the daemon; runs on the io thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "engine/engine.hpp"
#include "http/router.hpp"
#include "recorder/recorder.hpp"
#include "runner/runner.hpp"
#include "settings/settings.hpp"
#include "sources/source.hpp"
#include "store/store.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::app {

class Intake {
 public:
  using Sources = std::map<std::string, std::unique_ptr<sources::Source>>;  // by name

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    runner::Runner& runner;
    telemetry::Telemetry& telemetry;
    telemetry::Log& log;
    std::optional<recorder::Recorder>& recorder;  // absent: nothing is recorded
    Sources sources;
  };

  // Makes the enabled ones; how long their alerts are believed without a refresh goes into the engine's settings.
  static Sources make(const settings::Settings& settings, const sources::Surroundings& surroundings);

  explicit Intake(Params params) : params_(std::move(params)) {}

  // One for each of `enabled`; the handlers refer to this. REQUIRES: their sources were made.
  void add_routes(http::Router& router, const std::vector<settings::EnabledSource>& enabled);

 private:
  void receive(const std::string& source, const http::Request& request, const http::Respond& respond);
  std::string loggable(const std::string& text) const;
  void record(const http::Request& request, TimePoint at, bool verified, std::string_view refused);
  void lose_also(sources::Received& received, const std::string& source) const;
  void take(const std::string& source, const std::string& remote, sources::Received received, http::Respond respond);

  Params params_;
  std::set<std::string, std::less<>> verifying_;  // sources that check signatures themselves
};

}  // namespace iwakan::app

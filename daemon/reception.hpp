// Reception: where people and their tools come: the API, Alertmanager's own API, and acknowledgements.
//
// Owned by the daemon; runs on the io thread.
#pragma once

#include <functional>
#include <string>

#include "engine/engine.hpp"
#include "http/acknowledge/acknowledgements.hpp"
#include "http/api/acts.hpp"
#include "http/api/api.hpp"
#include "http/api/events.hpp"
#include "http/api/records.hpp"
#include "http/api_v2/api_v2.hpp"
#include "http/router.hpp"
#include "http/slack_command/slack_commands.hpp"
#include "runner/runner.hpp"
#include "sinks/http_client.hpp"
#include "sinks/layout/layout.hpp"
#include "store/store.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::app {

class Reception {
 public:
  // Everything referred to outlives this, and may be replaced in place.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    runner::Runner& runner;
    telemetry::Telemetry& telemetry;
    const runtime::Clock& clock;
    const sinks::Layout& layout;
    sinks::HttpClient& http_client;
    const http::acknowledge::Links& links;
    const Secret& slack_signing_secret;
    std::function<std::string()> time_zone;       // of readers who have none of their own
    std::function<bool()> names_people;           // in what leaves the house
    std::function<std::uint64_t()> first_record;  // of the journal that is kept
  };

  explicit Reception(const Params& params);

  // The handlers refer to this.
  void add_routes(http::Router& router);

  // What an event of the engine came to, once that is on disk: for those who watch.
  void tell(const engine::Effects& effects) { events_.tell(effects); }
  void keep_alive() { events_.keep_alive(); }  // about once a second

 private:
  const store::Store& store_;
  http::api::Api api_;
  http::api::Acts acts_;
  http::acknowledge::Acknowledgements acknowledgements_;
  http::slack_command::SlackCommands slack_commands_;
  http::api_v2::ApiV2 api_v2_;
  http::api::Records records_;
  http::api::Events events_;
};

}  // namespace iwakan::app

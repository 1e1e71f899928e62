// SlackCommands: the route by which people ask the question desk, and write notes, from Slack.
//
//   POST /v1/slack/command   signed by Slack; answered within its three seconds, to the one who typed it alone
//
// Whoever can use the command in the workspace may ask. Notes are taken from people whom the configuration knows by
// their Slack id (people: … slack: U2CERLKJA): a name in Slack can be chosen by anybody.
//
// The handler refers to this. Runs on the io thread.
#pragma once

#include <functional>
#include <string>

#include "engine/engine.hpp"
#include "http/router.hpp"
#include "http/slack_command/command.hpp"
#include "model/event.hpp"
#include "model/secret.hpp"

namespace iwakan::http::slack_command {

inline constexpr std::string_view kPath = "/v1/slack/command";

class SlackCommands {
 public:
  using Done = std::function<void(const engine::Effects&)>;

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const Secret& signing_secret;            // empty: there is no such route
    std::function<std::string()> time_zone;  // of those who have none of their own
    std::function<TimePoint()> now;
    std::function<void(Event, Done)> submit;
    std::function<void(const Failure&, std::string_view remote)> refused;
  };

  explicit SlackCommands(Params params) : params_(std::move(params)) {}

  void add_routes(Router& router) const;

 private:
  void typed(const Request& request, const Respond& respond) const;

  Params params_;
};

}  // namespace iwakan::http::slack_command

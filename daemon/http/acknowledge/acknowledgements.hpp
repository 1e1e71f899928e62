// Acknowledgements: the routes by which readers say that they have received a report.
//
//   GET  /ack/TOKEN             a page with a button; changes nothing, so that what looks at links acknowledges nothing
//   POST /ack/TOKEN             acknowledges
//   POST /v1/slack/interactive  acknowledges, when Slack says that the button of a report was pressed
//
// The handlers refer to this. Runs on the io thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "http/acknowledge/link.hpp"
#include "http/router.hpp"
#include "model/event.hpp"

namespace iwakan::http::acknowledge {

inline constexpr std::string_view kSlackPath = "/v1/slack/interactive";

class Acknowledgements {
 public:
  using Done = std::function<void(const engine::Effects&)>;

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const Links& links;
    const Secret& slack_signing_secret;      // empty: there is no such button, and no such route
    std::function<std::string()> time_zone;  // of readers who have none of their own
    std::function<TimePoint()> now;
    std::function<void(Event, Done)> submit;
    std::function<void(const Failure&, std::string_view remote)> refused;
    // Posts JSON to where Slack said; what becomes of it changes nothing.
    std::function<void(std::string url, std::string body)> reply;
  };

  explicit Acknowledgements(Params params) : params_(std::move(params)) {}

  void add_routes(Router& router) const;

 private:
  std::optional<Invitation> invitation_of(const Request& request, const Respond& respond) const;
  Response page_for(const Invitation& invitation) const;
  std::string received_at(const Invitation& invitation) const;
  void acknowledge(const Invitation& invitation, std::string actor, std::function<void(bool)> then) const;
  void link_pressed(const Request& request, const Respond& respond) const;
  void button_pressed(const Request& request, const Respond& respond) const;

  Params params_;
};

}  // namespace iwakan::http::acknowledge

// Outlet: the way out for reports: the layout, the sinks, their dispatchers, and what telemetry sees of each attempt.
//
// Owned by the daemon; runs on the io thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "delivery/dispatchers.hpp"
#include "engine/engine.hpp"
#include "runner/runner.hpp"
#include "runtime/chance.hpp"
#include "runtime/clock.hpp"
#include "settings/settings.hpp"
#include "sinks/http_client.hpp"
#include "sinks/layout/layout.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::app {

class Outlet {
 public:
  using Lines = std::map<std::string, delivery::Line>;  // by the sink's configured name

  // Everything referred to outlives this.
  struct Params {
    boost::asio::io_context& io;
    const engine::Engine& engine;
    runner::Runner& runner;
    sinks::HttpClient& http_client;
    telemetry::Telemetry& telemetry;
    const runtime::Clock& clock;
    sinks::Invite invite;
  };

  explicit Outlet(Params params);

  // Replaces the one in use when all of it is good.
  Result<void> use_layout(const settings::Settings& settings);

  // The configured sinks, started, not yet in use. REQUIRES: a layout is in use. A Failure's path names the sink.
  Result<Lines> start(const settings::Settings& settings);

  void use(const Lines& lines) { dispatchers_.use(lines); }

  // REQUIRES: its outbox row is on disk.
  void send(const engine::Intent& intent) { dispatchers_.dispatch(intent.delivery, intent.report); }

  // As Dispatchers::stop.
  void stop(Duration within, std::function<void()> stopped) { dispatchers_.stop(within, std::move(stopped)); }

  // Tells telemetry of the templates that failed since the last call.
  void tell_template_failures();

  const sinks::Layout& layout() const { return *layout_; }

 private:
  void submit(Event event, std::function<void()> durable);
  void tell(const DeliveryAnswered& answered);

  Params params_;
  runtime::Chance chance_;
  std::unique_ptr<sinks::Layout> layout_;  // sinks refer to it; replaced in place
  std::size_t template_failures_ = 0;
  delivery::AsioScheduler scheduler_;
  delivery::Dispatchers dispatchers_;
  std::map<std::string, runtime::Moment> attempts_;  // by delivery, when they started
};

}  // namespace iwakan::app

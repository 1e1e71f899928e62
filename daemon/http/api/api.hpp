// Api: what people and their tools read under /api/v1 (docs/api.md), from the engine's state and the store.
// What changes something is Acts' (acts.hpp).
//
// Runs on the io thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "http/api/reports.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

class Api {
 public:
  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<TimePoint()> now;
    std::function<void(std::function<void()>)> when_settled;  // memory and store agree then
    std::function<boost::json::object(const Report&)> report_json;
    Reports::LaidOut laid_out;
    Reports::PageOf page_of;
  };

  explicit Api(const Params& params)
      : params_(params),
        reports_({params.engine, params.store, params.now, params.when_settled, params.laid_out, params.page_of}) {}

  // The handlers refer to this.
  void add_routes(Router& router);

 private:
  void list_incidents(const Request& request, Respond respond) const;
  void show_incident(const Request& request, Respond respond) const;
  void list_deliveries(const Request& request, Respond respond) const;
  void list_load(const Request& request, Respond respond) const;
  void list_alerts(const Request& request, Respond respond) const;
  void list_suspicions(const Request& request, Respond respond) const;
  void list_maintenance(const Request& request, Respond respond) const;
  void explain(const Request& request, Respond respond) const;
  boost::json::object explained(const Decision& decision) const;
  std::optional<Failure> add_decisions(const std::string& subject, std::optional<TimePoint> at,
                                       boost::json::array& decisions) const;

  Params params_;
  Reports reports_;
};

}  // namespace iwakan::http::api

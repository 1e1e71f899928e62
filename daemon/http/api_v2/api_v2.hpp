// ApiV2: Alertmanager's own API, version 2 (reference wire-formats A2), over iwakan's state, so that amtool, Grafana's
// Alertmanager data source and other clients of it work (docs/alertmanager.md). Alerts are posted to the source
// `prometheus`, at the same path as they are read here.
//
// Runs on the io thread. Answers what is on disk; refusals are JSON strings, as there.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/matcher.hpp"
#include "http/api_v2/query.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "model/event.hpp"
#include "store/store.hpp"

namespace iwakan::http::api_v2 {

class ApiV2 {
 public:
  using Done = std::function<void(const engine::Effects&)>;

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<TimePoint()> now;
    std::function<void(Event, Done)> submit;
    std::function<void(std::function<void()>)> when_settled;  // memory and store agree then
    std::function<std::string()> fresh_id;                    // a new UUID
    std::string version;                                      // of iwakan
    TimePoint started_at{};
  };

  explicit ApiV2(Params params) : params_(std::move(params)) {}

  // The handlers refer to this.
  void add_routes(Router& router);

 private:
  // An alert that fires, as it is told; `group`: the label that names its subject.
  struct Listed {
    Fingerprint fingerprint = 0;
    std::pair<std::string, std::string> group;
    boost::json::object alert;
  };

  // What a request wants to see of the alerts.
  struct Wanted {
    std::vector<engine::Matcher> matchers;
    bool active = true;
    bool silenced = true;
    bool muted = true;     // by maintenance
    bool receiver = true;  // ours is among those asked for
  };

  void list_alerts(const Query& query, const Respond& respond) const;
  void list_groups(const Query& query, const Respond& respond) const;
  void list_receivers(const Query& query, const Respond& respond) const;
  void show_status(const Query& query, const Respond& respond) const;
  void list_silences(const Query& query, const Respond& respond) const;
  void set_silence(const Request& request, const Respond& respond) const;
  void show_silence(const Request& request, const Respond& respond) const;
  void expire_silence(const Request& request, const Respond& respond) const;

  Result<Wanted> wanted(const Query& query) const;
  // Sorted by fingerprint.
  Result<std::vector<Listed>> alerts(const Wanted& wanted) const;
  boost::json::object alert_json(const engine::AlertEntry& entry, const Alert& alert) const;
  boost::json::object status_json(const engine::AlertEntry& entry) const;
  std::pair<std::string, std::string> group_of(const Alert& alert) const;

  Params params_;
};

}  // namespace iwakan::http::api_v2

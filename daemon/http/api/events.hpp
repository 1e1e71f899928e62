// Events: GET /api/v1/events, what is written into the timelines as it happens, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). Whoever was cut off says by Last-Event-ID where
// they were, and gets what came since. At least once: an entry is known again by its incident and number.
//
// The router's handlers refer to this, which outlives them. Runs on the io thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "engine/engine.hpp"
#include "http/router.hpp"
#include "http/stream.hpp"
#include "model/timeline.hpp"
#include "runtime/clock.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

class Events {
 public:
  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<runtime::Moment()> clock;
    std::size_t streams_max = 64;                            // more: 503
    std::size_t waiting_max = std::size_t{1} * 1024 * 1024;  // bytes for a slow reader; more: cut off
    std::size_t entries_max = 10'000;                        // sent again to one who comes back
    Duration keep_alive_every = std::chrono::seconds(15);
  };

  // REQUIRES: the engine is restored, and nothing was released yet.
  explicit Events(Params params);

  void add_routes(Router& router);

  // What an event of the engine came to, once that is on disk.
  void tell(const engine::Effects& effects);

  // About once a second: proxies end what is quiet for long.
  void keep_alive();

 private:
  // Where a reader is. Ordered as entries are told again.
  struct Position {
    TimePoint recorded_at{};
    std::uint64_t incident = 0;
    std::uint32_t entry = 0;

    friend bool operator<(const Position& a, const Position& b) {
      return std::tie(a.recorded_at, a.incident, a.entry) < std::tie(b.recorded_at, b.incident, b.entry);
    }
  };
  struct Entry {
    Position position;
    std::string text;  // as it goes out
  };

  void open(const Request& request, const Respond& respond);
  std::vector<Entry> entries_of(const Incident& incident, std::uint32_t after, TimePoint since) const;
  std::string since(const Position& position) const;
  void put(std::string_view text);
  void forget_the_gone();
  static Entry entry_of(const Incident& incident, const TimelineEntry& entry);
  static Result<Position> position_of(std::string_view id);

  Params params_;
  std::map<std::uint64_t, std::uint32_t> told_;  // by incident: the number of its last entry that was told
  std::vector<std::weak_ptr<Stream>> streams_;
  runtime::Moment kept_alive_at_{};
};

}  // namespace iwakan::http::api

// Backtest: the engine offline, on the clock of what is fed to it. The sources decode, the rules and the
// desk work as in the daemon; nothing is stored and nobody is told.
//
// With labels it also acts as people would: an incident that overlaps a label is confirmed after half an
// hour and closed when the label has ended; any other is dismissed after half an hour. Without labels
// nobody acts, and what nobody touched for a day is dismissed. In no other way do labels reach the rules.
//
// One thread, no network. Memory is bounded by the engine's own bounds and the incidents opened.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backtest/labels.hpp"
#include "engine/engine.hpp"
#include "settings/settings.hpp"
#include "sinks/no_network.hpp"
#include "sources/source.hpp"

namespace iwakan::backtest {

// A request as it was recorded. A view.
struct Request {
  TimePoint at{};
  std::string_view method;
  std::string_view path;  // with its query
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  bool verified = false;  // whoever recorded it has checked its signature
};

// What came of it all.
struct Tally {
  std::uint64_t requests = 0;
  std::uint64_t transitions = 0;
  std::uint64_t near_misses = 0;
  std::optional<TimePoint> first_at;
  TimePoint last_at{};
};

class Backtest {
 public:
  using Missed = std::function<void(const Decision&)>;

  // No labels: null; an empty list says that nothing was an incident. `missed` is called at each near miss.
  Backtest(const settings::Settings& settings, std::optional<std::vector<Label>> labels, Missed missed);
  ~Backtest();

  // One request, in the order of time: what came before moves time on. A Failure says why the source
  // refused it, or that nothing listens there; the backtest goes on.
  Result<void> request(const Request& request);

  // One record of a daemon's journal: what its sources said. What its people did there is left out.
  Result<void> record(std::string_view bytes);

  // Time passes until `at`, with what falls due by then.
  void pass_time(TimePoint at);

  // The end: what people would still have said is said.
  void finish();

  const engine::Engine& engine() const { return *engine_; }
  const Tally& tally() const { return tally_; }
  const std::vector<Label>& labels() const { return *labels_; }
  bool labelled() const { return labels_.has_value(); }

 private:
  struct Due {
    std::uint64_t incident = 0;
    bool close = false;  // else: judge
  };

  void lose_also(sources::Received& received, const std::string& source) const;
  void remember(const AlertBatch& batch, const std::string& source);
  void forget(const AlertBatch& batch, const std::string& source);
  void step(const Event& event);
  void take(const engine::Effects& effects);
  void act(TimePoint at, const Due& due);
  const Label* label_of(const Incident& incident, TimePoint judged_at) const;

  sinks::NoNetwork network_;
  std::unique_ptr<engine::Engine> engine_;
  std::map<std::string, std::shared_ptr<sources::Source>, std::less<>> sources_;  // by path
  std::map<std::string, std::string, std::less<>> names_;                         // of the sources, by path
  std::optional<std::vector<Label>> labels_;
  Missed missed_;
  std::multimap<TimePoint, Due> due_;
  // Rows of Table::alert_texts: alerts that fire, of sources that speak on change only.
  std::map<std::string, std::string, std::less<>> texts_;
  TimePoint now_{};
  Tally tally_;
};

}  // namespace iwakan::backtest

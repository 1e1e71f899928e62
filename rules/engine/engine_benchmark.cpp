// What a step costs: refreshes of known alerts, and new ones, 64 a request. No store behind it.
#include <benchmark/benchmark.h>

#include <string>

#include "engine/engine.hpp"

namespace iwakan::engine {
namespace {

constexpr std::size_t kAlertsPerRequest = 64;

std::shared_ptr<Settings> default_settings() {
  const Setting empty;
  Complaints complaints;
  Fields fields(empty, complaints);
  return std::make_shared<Settings>(parse_settings(fields, {}));
}

AlertsReceived request(std::size_t first, TimePoint at) {
  AlertsReceived event{.at = at, .source = "alertmanager", .batch = {}, .truncated = false};
  std::vector<Label> labels;
  for (std::size_t i = 0; i < kAlertsPerRequest; ++i) {
    const std::string instance = "web-" + std::to_string(first + i) + ":9100";
    labels = {{"alertname", "HighErrorRatio"},
              {"cluster", "tokyo-1"},
              {"instance", event.batch.keep(instance)},
              {"job", "shop"},
              {"service", "checkout"},
              {"severity", "warning"}};
    Alert alert;
    event.batch.keep_sorted(labels, alert.labels);
    alert.starts_at = at - std::chrono::seconds(10);
    alert.fingerprint = fingerprint_of(alert.labels);
    event.batch.add(alert);
  }
  return event;
}

void KnownAlerts(benchmark::State& state) {
  const auto distinct = static_cast<std::size_t>(state.range(0));
  Engine engine(default_settings());
  TimePoint at = *parse_time("2031-05-14T01:00:00Z");
  std::vector<Event> events;
  for (std::size_t first = 0; first < distinct; first += kAlertsPerRequest) {
    engine.step(request(first, at));
    events.emplace_back(request(first, at));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(engine.step(events[next]));
    next = (next + 1) % events.size();
  }
  state.counters["alerts/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kAlertsPerRequest), benchmark::Counter::kIsRate);
}
BENCHMARK(KnownAlerts)->Arg(1'000)->Arg(100'000)->Arg(500'000);

void NewAlerts(benchmark::State& state) {
  Engine engine(default_settings());
  TimePoint at = *parse_time("2031-05-14T01:00:00Z");
  std::size_t first = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const Event event = request(first, at);
    first += kAlertsPerRequest;
    at += std::chrono::milliseconds(5);
    state.ResumeTiming();
    benchmark::DoNotOptimize(engine.step(event));
  }
  state.counters["alerts/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kAlertsPerRequest), benchmark::Counter::kIsRate);
}
BENCHMARK(NewAlerts);

}  // namespace
}  // namespace iwakan::engine

BENCHMARK_MAIN();

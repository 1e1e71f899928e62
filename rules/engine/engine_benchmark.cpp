// What a step costs: refreshes of known alerts, and new ones, 64 a request. No store behind it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "engine/engine.hpp"
#include "statistics/value_series.hpp"

namespace iwakan::engine {
namespace {

constexpr std::size_t kAlertsPerRequest = 64;
constexpr std::size_t kRequestsInCache = 256;

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

// Numbers that look like chance, the same each time (Knuth's linear congruence).
class Numbers {
 public:
  std::uint64_t next(std::uint64_t below) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % below;
  }

 private:
  std::uint64_t state_ = 1;
};

// What the rules cost: six weeks of 40 services with ten alerts each, on three hosts, firing for minutes. Requests
// are made 64 at a time, so that they lie in the cache as when they have just been decoded; the time that this
// takes does not count.
std::vector<AlertsReceived> six_weeks() {
  Numbers numbers;
  std::vector<AlertsReceived> events;
  TimePoint at = *parse_time("2031-05-14T01:00:00Z");
  for (int i = 0; i < 10'000; ++i) {
    at += std::chrono::seconds(1 + numbers.next(700));
    const std::string service = "service-" + std::to_string(numbers.next(40));
    const std::string alert_name = "Alert" + std::to_string(numbers.next(10));
    const std::string instance = "host-" + std::to_string(numbers.next(3));
    for (const AlertState alert_state : {AlertState::firing, AlertState::resolved}) {
      AlertsReceived event{.at = at, .source = "alertmanager", .batch = {}, .truncated = false};
      std::vector<Label> labels{{"alertname", event.batch.keep(alert_name)},
                                {"instance", event.batch.keep(instance)},
                                {"service", event.batch.keep(service)}};
      Alert alert;
      event.batch.keep_sorted(labels, alert.labels);
      alert.fingerprint = fingerprint_of(alert.labels);
      alert.starts_at = at;
      alert.state = alert_state;
      if (alert_state == AlertState::resolved) {
        event.at = at + std::chrono::minutes(4);
        alert.ends_at = event.at;
      }
      event.batch.add(alert);
      events.push_back(std::move(event));
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const AlertsReceived& a, const AlertsReceived& b) { return a.at < b.at; });
  return events;
}

AlertsReceived copy_of(const AlertsReceived& event) {
  AlertsReceived copy{.at = event.at, .source = event.source, .batch = {}, .truncated = event.truncated};
  for (const Alert& alert : event.batch.alerts()) copy.batch.add_copy(alert);
  return copy;
}

// The time of the engine alone: what it is given is copied while the clock stands.
void Transitions(benchmark::State& state) {
  const std::vector<AlertsReceived> weeks = six_weeks();
  std::size_t transitions = 0;
  for (auto _ : state) {
    Engine engine(default_settings(), Engine::Keeping::nothing);
    for (std::size_t first = 0; first < weeks.size(); first += kRequestsInCache) {
      state.PauseTiming();
      std::vector<Event> events;
      for (std::size_t i = first; i < std::min(first + kRequestsInCache, weeks.size()); ++i) {
        events.emplace_back(copy_of(weeks[i]));
      }
      state.ResumeTiming();
      for (const Event& event : events) transitions += engine.step(event).transitions;
    }
  }
  state.counters["s/transition"] =
      benchmark::Counter(static_cast<double>(transitions), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(Transitions)->Unit(benchmark::kMillisecond);

void SeriesPoints(benchmark::State& state) {
  statistics::ValueSeries series;
  Numbers numbers;
  TimePoint at = *parse_time("2031-05-14T01:00:00Z");
  for (auto _ : state) {
    at += std::chrono::minutes(5);
    benchmark::DoNotOptimize(series.observe(at, 50 + static_cast<double>(numbers.next(700)) / 100));
  }
}
BENCHMARK(SeriesPoints);

}  // namespace
}  // namespace iwakan::engine

BENCHMARK_MAIN();

#include "telemetry/metrics.hpp"

#include "runtime/build_info.hpp"

namespace iwakan::telemetry {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

// Seconds. A synced write takes from a fraction of a millisecond to, on a bad day, seconds.
const Histogram::BucketBoundaries kShort{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
// An exchange with somebody on the network.
const Histogram::BucketBoundaries kLong{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

// What people need: from seconds to a day.
const Histogram::BucketBoundaries kPeople{10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21600, 86400};

Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry);
}

Counter& counter(Registry& registry, const char* name, const char* help) {
  return counters(registry, name, help).Add({});
}

Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Histogram& histogram(Registry& registry, const char* name, const char* help,
                     const Histogram::BucketBoundaries& buckets = kShort) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

// One counter for each value of an enum that counts from 0, by its name.
template <class Enum, std::size_t kCount>
Counters<Enum, kCount> by_name(Family<Counter>& family, const char* label) {
  Counters<Enum, kCount> all{};
  for (std::size_t i = 0; i < kCount; ++i) {
    all[i] = &family.Add({{label, std::string(name(static_cast<Enum>(i)))}});
  }
  return all;
}

Counters<int, kStatusClasses> by_status_class(Family<Counter>& family) {
  Counters<int, kStatusClasses> all{};
  for (std::size_t i = 0; i < kStatusClasses; ++i) all[i] = &family.Add({{"code", std::to_string(i + 1) + "xx"}});
  return all;
}

}  // namespace

Telemetry::Metrics::Metrics(const Params& params)
    : source_requests(counters(registry, "iwakan_source_requests_total", "Requests taken, by source.")),
      source_alerts(counters(registry, "iwakan_source_alerts_total", "Alerts in the requests taken, by source.")),
      source_transitions(counters(registry, "iwakan_source_transitions_total",
                                  "Alerts that were transitions, not refreshes, by source.")),
      requests_refused(counters(registry, "iwakan_requests_refused_total", "Requests refused, by source and reason.")),
      delivery_attempts(counters(registry, "iwakan_delivery_attempts_total",
                                 "Attempts to deliver a report, by sink, verdict and reason.")),
      delivery_duration(BuildHistogram()
                            .Name("iwakan_delivery_duration_seconds")
                            .Help("Time an attempt to deliver took, by sink.")
                            .Register(registry)),
      answered(by_status_class(
          counters(registry, "iwakan_http_requests_total", "HTTP requests answered, by class of status."))),
      request_duration(histogram(registry, "iwakan_http_request_duration_seconds",
                                 "Time from the first byte of a request to the last byte of its answer.")),
      connections_refused(by_name<ConnectionRefusal, kConnectionRefusals>(
          counters(registry, "iwakan_http_connections_refused_total", "Connections refused, by reason."), "reason")),
      connections(gauge(registry, "iwakan_http_connections", "Connections open.")),
      incidents_opened(by_name<DecisionReason, kDecisionReasons>(
          counters(registry, "iwakan_incidents_opened_total", "Incidents opened, by reason."), "reason")),
      detection(histogram(registry, "iwakan_incident_detection_seconds",
                          "Time from when the trouble began, as far as known, to the opening of the incident.",
                          kPeople)),
      first_report(BuildHistogram()
                       .Name("iwakan_incident_first_report_seconds")
                       .Help("Time from the opening, or the hunch before it, to the first report, by audience.")
                       .Register(registry)),
      first_report_supervisors(first_report.Add({{"audience", "supervisors"}}, kPeople)),
      first_report_everybody(first_report.Add({{"audience", "everybody"}}, kPeople)),
      acknowledgement(histogram(registry, "iwakan_acknowledgement_seconds",
                                "Time from the first report to a supervisor's acknowledgement.", kPeople)),
      promises(counters(registry, "iwakan_promises_total", "Promised reports whose time came, by outcome.")),
      promises_kept(promises.Add({{"outcome", "kept"}})),
      promises_missed(promises.Add({{"outcome", "missed"}})),
      questions(by_name<QuestionWay, kQuestionWays>(
          counters(registry, "iwakan_questions_total",
                   "Questions, by where they went: answered by what is known, by a person, or handed to responders."),
          "way")),
      template_fallbacks(counter(registry, "iwakan_template_fallbacks_total",
                                 "Reports sent in the plain layout because their template failed.")),
      recorded(counter(registry, "iwakan_recorded_requests_total", "Requests kept in a recording.")),
      recorded_bytes(counter(registry, "iwakan_recorded_bytes_total", "Bytes of them.")),
      recording_failures(
          counter(registry, "iwakan_recording_failures_total", "Requests that were to be recorded, and could not be.")),
      commit_records(counter(registry, "iwakan_commit_records_total", "Journal records written.")),
      commit_bytes(counter(registry, "iwakan_commit_bytes_total", "Bytes of journal records and rows written.")),
      commit_duration(histogram(registry, "iwakan_commit_duration_seconds", "Time a synced write took.")),
      reloads_done(counter(registry, "iwakan_configuration_reloads_total", "Configurations taken by reload.")),
      reloads_refused(
          counter(registry, "iwakan_configuration_reloads_refused_total", "Configurations refused by reload.")),
      reload_successful(gauge(registry, "iwakan_configuration_last_reload_successful",
                              "1 when the last reload took the configuration, 0 when it refused it.")),
      reload_success_time(gauge(registry, "iwakan_configuration_last_reload_success_timestamp_seconds",
                                "When the configuration in use was taken, in seconds since the epoch.")),
      events_queued(gauge(registry, "iwakan_events_queued", "Events waiting for the engine.")),
      alerts_active(gauge(registry, "iwakan_alerts_active", "Alerts firing.")),
      suspicions(gauge(registry, "iwakan_suspicions", "Suspicions that have not become incidents.")),
      incidents_live(gauge(registry, "iwakan_incidents_live", "Incidents being worked on.")),
      deliveries_pending(gauge(registry, "iwakan_deliveries_pending", "Deliveries not yet made.")),
      deliveries_dead(gauge(registry, "iwakan_deliveries_dead", "Deliveries given up: dead letters.")),
      oldest_pending_age(
          gauge(registry, "iwakan_deliveries_oldest_pending_age_seconds", "Age of the oldest delivery not yet made.")),
      journal_sequence(gauge(registry, "iwakan_journal_sequence", "Sequence number of the last journal record.")),
      rule_streams(BuildGauge()
                       .Name("iwakan_rule_streams")
                       .Help("Things a rule remembers (subjects, alerts), by rule.")
                       .Register(registry)),
      rule_streams_forgotten(
          BuildGauge()
              .Name("iwakan_rule_streams_forgotten")
              .Help("Things a rule had to forget since the start to stay within its bounds, by rule.")
              .Register(registry)) {
  gauge(registry, "iwakan_start_time_seconds", "When the daemon started, in seconds since the epoch.")
      .Set(std::chrono::duration<double>(params.started_at.time_since_epoch()).count());
  BuildGauge()
      .Name("iwakan_build_info")
      .Help("1, with the version as label.")
      .Register(registry)
      .Add({{"version", std::string(runtime::version())}})
      .Set(1);
  reload_successful.Set(1);
  reload_success_time.Set(std::chrono::duration<double>(params.started_at.time_since_epoch()).count());
  add_source("http");
  for (const std::string& source : params.sources) add_source(source);
  for (const std::string& sink : params.sinks) add_sink(sink);
}

void Telemetry::Metrics::add_source(const std::string& name) {
  Source source{};
  if (name != "http") {
    source.requests = &source_requests.Add({{"source", name}});
    source.alerts = &source_alerts.Add({{"source", name}});
    source.transitions = &source_transitions.Add({{"source", name}});
  }
  for (std::size_t i = 0; i < kReasons; ++i) {
    source.refused[i] =
        &requests_refused.Add({{"source", name}, {"reason", std::string(iwakan::name(static_cast<Reason>(i)))}});
  }
  sources.emplace(name, source);
}

void Telemetry::Metrics::add_sink(const std::string& name) {
  const std::lock_guard lock(sinks_mutex);
  if (sinks.find(name) != sinks.end()) return;
  Sink sink{};
  for (std::size_t verdict = 0; verdict < kDeliveryVerdicts; ++verdict) {
    const bool delivered = static_cast<DeliveryVerdict>(verdict) == DeliveryVerdict::delivered;
    for (std::size_t reason = 0; reason < kDeliveryReasons; ++reason) {
      // "Accepted" is the reason of what was delivered, and of nothing else.
      if (delivered != (static_cast<DeliveryReason>(reason) == DeliveryReason::accepted)) continue;
      sink.attempts[verdict][reason] =
          &delivery_attempts.Add({{"sink", name},
                                  {"verdict", std::string(iwakan::name(static_cast<DeliveryVerdict>(verdict)))},
                                  {"reason", std::string(iwakan::name(static_cast<DeliveryReason>(reason)))}});
    }
  }
  sink.duration = &delivery_duration.Add({{"sink", name}}, kLong);
  sinks.emplace(name, sink);
}

const Telemetry::Metrics::Source* Telemetry::Metrics::source(std::string_view name) const {
  const auto found = sources.find(name);
  return found == sources.end() ? nullptr : &found->second;
}

const Telemetry::Metrics::Sink* Telemetry::Metrics::sink(std::string_view name) const {
  const std::lock_guard lock(sinks_mutex);
  const auto found = sinks.find(name);
  return found == sinks.end() ? nullptr : &found->second;
}

}  // namespace iwakan::telemetry

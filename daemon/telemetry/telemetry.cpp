#include "telemetry/telemetry.hpp"

#include <prometheus/text_serializer.h>

#include <mutex>

#include "telemetry/metrics.hpp"

namespace iwakan::telemetry {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

template <class Enum>
std::size_t index(Enum value) {
  return static_cast<std::size_t>(value);
}

void increment(prometheus::Counter* counter) {
  if (counter != nullptr) counter->Increment();
}

}  // namespace

std::string_view name(ConnectionRefusal why) {
  switch (why) {
    case ConnectionRefusal::too_many: return "too_many";
    case ConnectionRefusal::too_many_from_address: return "too_many_from_address";
    case ConnectionRefusal::out_of_descriptors: return "out_of_descriptors";
    case ConnectionRefusal::no_tls: return "no_tls";
    case ConnectionRefusal::gave_way: return "gave_way";
  }
  return "too_many";
}

std::string_view name(QuestionWay way) {
  switch (way) {
    case QuestionWay::known: return "known";
    case QuestionWay::person: return "person";
    case QuestionWay::responders: return "responders";
  }
  return "known";
}

// Refusals are as many as strangers like: the log takes a few of them in a span, the metrics all.
struct Telemetry::Throttle {
  static constexpr Duration kSpan = std::chrono::seconds(10);
  static constexpr int kLinesPerSpan = 20;

  explicit Throttle(const runtime::Clock& our_clock) : clock(our_clock), began(our_clock.monotonic()) {}

  // Whether to write a line now; `left_out` says how many were not written in the last span, once.
  bool admit(std::uint64_t& left_out) {
    const std::lock_guard lock(mutex);
    const runtime::Moment now = clock.monotonic();
    if (now - began >= kSpan) {
      began = now;
      lines = 0;
      left_out = std::exchange(suppressed, 0);
    }
    if (lines < kLinesPerSpan) {
      ++lines;
      return true;
    }
    ++suppressed;
    return false;
  }

  const runtime::Clock& clock;
  std::mutex mutex;
  runtime::Moment began;
  int lines = 0;
  std::uint64_t suppressed = 0;
};

Telemetry::Telemetry(const Params& params, Log& log, const runtime::Clock& clock)
    : log_(log),
      metrics_(std::make_unique<Metrics>(params)),
      refusals_(std::make_unique<Throttle>(clock)),
      unrecorded_(std::make_unique<Throttle>(clock)) {}

Telemetry::~Telemetry() = default;

void Telemetry::know_sink(const std::string& sink) {
  metrics_->add_sink(sink);
}

void Telemetry::report(const AlertsTaken& happening) {
  if (const auto* source = metrics_->source(happening.source); source != nullptr && source->requests != nullptr) {
    source->requests->Increment();
    source->alerts->Increment(static_cast<double>(happening.alerts));
    source->transitions->Increment(static_cast<double>(happening.transitions));
  }
  if (!log_.wants(Level::debug)) return;
  log_.write(Level::debug, "alerts taken",
             {{"source", happening.source}, {"alerts", happening.alerts}, {"transitions", happening.transitions}});
}

void Telemetry::report(const RequestRefused& happening) {
  if (const auto* source = metrics_->source(happening.source)) increment(source->refused[index(happening.reason)]);
  std::uint64_t left_out = 0;
  const bool admitted = refusals_->admit(left_out);
  if (left_out != 0) log_.write(Level::warning, "refusals were left out of this log", {{"refusals", left_out}});
  if (!admitted) return;
  log_.write(Level::warning, "request refused",
             {{"source", happening.source},
              {"reason", name(happening.reason)},
              {"path", happening.path},
              {"detail", happening.detail},
              {"remote", happening.remote}});
}

void Telemetry::report(const RequestAnswered& happening) {
  const int status_class = happening.status / 100;
  if (status_class >= 1 && status_class <= static_cast<int>(kStatusClasses)) {
    metrics_->answered[static_cast<std::size_t>(status_class - 1)]->Increment();
  }
  metrics_->request_duration.Observe(seconds(happening.took));
}

void Telemetry::report(const ConnectionRefused& happening) {
  increment(metrics_->connections_refused[index(happening.why)]);
  std::uint64_t left_out = 0;
  const bool admitted = refusals_->admit(left_out);
  if (left_out != 0) log_.write(Level::warning, "refusals were left out of this log", {{"refusals", left_out}});
  if (!admitted) return;
  const Field reason{"reason", name(happening.why)};
  const Field remote{"remote", happening.remote};
  if (happening.detail.empty()) return log_.write(Level::warning, "connection refused", {reason, remote});
  log_.write(Level::warning, "connection refused", {reason, remote, {"detail", happening.detail}});
}

void Telemetry::report(const ConnectionsCounted& happening) {
  metrics_->connections.Set(static_cast<double>(happening.open));
}

void Telemetry::report(const IncidentOpened& happening) {
  increment(metrics_->incidents_opened[index(happening.reason)]);
  log_.write(Level::info, "incident opened",
             {{"incident", happening.incident},
              {"subject", happening.subject},
              {"reason", name(happening.reason)},
              {"level", happening.level}});
}

void Telemetry::report(const IncidentDetected& happening) {
  metrics_->detection.Observe(seconds(happening.after));
}

void Telemetry::report(const FirstReportSent& happening) {
  const bool everybody = happening.audience == Audience::everybody;
  (everybody ? metrics_->first_report_everybody : metrics_->first_report_supervisors).Observe(seconds(happening.after));
}

void Telemetry::report(const ReportAcknowledged& happening) {
  metrics_->acknowledgement.Observe(seconds(happening.after));
}

void Telemetry::report(const PromiseSettled& happening) {
  (happening.kept ? metrics_->promises_kept : metrics_->promises_missed).Increment();
}

void Telemetry::report(const QuestionWent& happening) {
  increment(metrics_->questions[index(happening.way)]);
}

void Telemetry::report(const DeliveryAttempted& happening) {
  if (const auto* sink = metrics_->sink(happening.sink)) {
    increment(sink->attempts[index(happening.verdict)][index(happening.reason)]);
    sink->duration->Observe(seconds(happening.took));
  }
  const Level level = happening.verdict == DeliveryVerdict::delivered     ? Level::info
                      : happening.verdict == DeliveryVerdict::retry_later ? Level::warning
                                                                          : Level::error;
  log_.write(level, "delivery attempted",
             {{"delivery", happening.delivery},
              {"sink", happening.sink},
              {"verdict", name(happening.verdict)},
              {"reason", name(happening.reason)},
              {"detail", happening.detail},
              {"seconds", seconds(happening.took)}});
}

void Telemetry::report(const TemplateFellBack& happening) {
  metrics_->template_fallbacks.Increment();
  log_.write(Level::error, "a template failed, the report goes out in the plain layout",
             {{"template", happening.report_template}, {"detail", happening.detail}});
}

void Telemetry::report(const RequestRecorded& happening) {
  metrics_->recorded.Increment();
  metrics_->recorded_bytes.Increment(static_cast<double>(happening.bytes));
}

void Telemetry::report(const RecordingFailed& happening) {
  metrics_->recording_failures.Increment();
  std::uint64_t left_out = 0;
  if (!unrecorded_->admit(left_out)) return;
  log_.write(Level::warning, "a request was not recorded; it was taken all the same",
             {{"path", happening.path}, {"detail", happening.detail}, {"and_before", left_out}});
}

void Telemetry::report(const CommitWritten& happening) {
  metrics_->commit_records.Increment(static_cast<double>(happening.records));
  metrics_->commit_bytes.Increment(static_cast<double>(happening.bytes));
  metrics_->commit_duration.Observe(seconds(happening.took));
  if (!log_.wants(Level::debug)) return;
  log_.write(Level::debug, "commit written",
             {{"records", happening.records}, {"bytes", happening.bytes}, {"seconds", seconds(happening.took)}});
}

void Telemetry::report(const ConfigurationReloaded& happening) {
  metrics_->reload_successful.Set(happening.failure ? 0 : 1);
  if (happening.failure) {
    metrics_->reloads_refused.Increment();
    log_.write(Level::error, "the new configuration is refused, the old one stays",
               {{"path", happening.failure->path}, {"detail", happening.failure->detail}});
    return;
  }
  metrics_->reloads_done.Increment();
  metrics_->reload_success_time.Set(seconds(happening.at.time_since_epoch()));
  if (happening.waiting.empty()) return log_.write(Level::info, "configuration reloaded");
  log_.write(Level::warning, "configuration reloaded; a part of it takes a restart", {{"keys", happening.waiting}});
}

void Telemetry::report(const Standing& happening) {
  metrics_->events_queued.Set(static_cast<double>(happening.events_queued));
  metrics_->alerts_active.Set(static_cast<double>(happening.alerts_active));
  metrics_->suspicions.Set(static_cast<double>(happening.suspicions));
  metrics_->incidents_live.Set(static_cast<double>(happening.incidents_live));
  metrics_->deliveries_pending.Set(static_cast<double>(happening.deliveries_pending));
  metrics_->deliveries_dead.Set(static_cast<double>(happening.deliveries_dead));
  metrics_->oldest_pending_age.Set(seconds(happening.oldest_pending_age));
  metrics_->journal_sequence.Set(static_cast<double>(happening.journal_sequence));
}

void Telemetry::report(const RuleRemembers& happening) {
  const std::string rule(happening.rule);
  metrics_->rule_streams.Add({{"rule", rule}}).Set(static_cast<double>(happening.streams));
  prometheus::Gauge& forgotten = metrics_->rule_streams_forgotten.Add({{"rule", rule}});
  if (static_cast<double>(happening.forgotten) > forgotten.Value()) {
    log_.write(Level::warning, "a rule forgot what was longest unused: more subjects or alerts than it may remember",
               {{"rule", rule}, {"forgotten", happening.forgotten}});
  }
  forgotten.Set(static_cast<double>(happening.forgotten));
}

std::string Telemetry::metrics() const {
  return prometheus::TextSerializer().Serialize(metrics_->registry.Collect());
}

}  // namespace iwakan::telemetry

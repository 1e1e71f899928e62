// Metrics: every metric of the daemon, registered once, with its name and its help in one place. The
// inside of Telemetry; nothing else includes this.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "telemetry/telemetry.hpp"

namespace iwakan::telemetry {

// Counters by the values of a closed enum.
template <class Enum, std::size_t kCount>
using Counters = std::array<prometheus::Counter*, kCount>;

inline constexpr std::size_t kReasons = 16;            // of Reason
inline constexpr std::size_t kConnectionRefusals = 5;  // of ConnectionRefusal
inline constexpr std::size_t kDecisionReasons = 8;     // of DecisionReason
inline constexpr std::size_t kQuestionWays = 3;        // of QuestionWay
inline constexpr std::size_t kDeliveryReasons = 10;    // of DeliveryReason
inline constexpr std::size_t kDeliveryVerdicts = 3;    // of DeliveryVerdict
inline constexpr std::size_t kStatusClasses = 5;       // 1xx to 5xx

struct Telemetry::Metrics {
  explicit Metrics(const Params& params);

  struct Source {
    prometheus::Counter* requests;
    prometheus::Counter* alerts;
    prometheus::Counter* transitions;
    Counters<Reason, kReasons> refused;
  };
  struct Sink {
    std::array<Counters<DeliveryReason, kDeliveryReasons>, kDeliveryVerdicts> attempts;
    prometheus::Histogram* duration;
  };

  void add_source(const std::string& name);
  void add_sink(const std::string& name);

  // Null for a name that nobody announced: it counts for nothing.
  const Source* source(std::string_view name) const;
  const Sink* sink(std::string_view name) const;

  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Throw};

  prometheus::Family<prometheus::Counter>& source_requests;
  prometheus::Family<prometheus::Counter>& source_alerts;
  prometheus::Family<prometheus::Counter>& source_transitions;
  prometheus::Family<prometheus::Counter>& requests_refused;
  prometheus::Family<prometheus::Counter>& delivery_attempts;
  prometheus::Family<prometheus::Histogram>& delivery_duration;
  std::map<std::string, Source, std::less<>> sources;  // constant after construction
  mutable std::mutex sinks_mutex;
  std::map<std::string, Sink, std::less<>> sinks;  // protected by sinks_mutex; what it holds stays where it is

  Counters<int, kStatusClasses> answered;
  prometheus::Histogram& request_duration;
  Counters<ConnectionRefusal, kConnectionRefusals> connections_refused;
  prometheus::Gauge& connections;

  Counters<DecisionReason, kDecisionReasons> incidents_opened;
  prometheus::Histogram& detection;
  prometheus::Family<prometheus::Histogram>& first_report;
  prometheus::Histogram& first_report_supervisors;
  prometheus::Histogram& first_report_everybody;
  prometheus::Histogram& acknowledgement;
  prometheus::Family<prometheus::Counter>& promises;
  prometheus::Counter& promises_kept;
  prometheus::Counter& promises_missed;
  Counters<QuestionWay, kQuestionWays> questions;
  prometheus::Counter& template_fallbacks;
  prometheus::Counter& recorded;
  prometheus::Counter& recorded_bytes;
  prometheus::Counter& recording_failures;
  prometheus::Counter& commit_records;
  prometheus::Counter& commit_bytes;
  prometheus::Histogram& commit_duration;
  prometheus::Counter& reloads_done;
  prometheus::Counter& reloads_refused;
  prometheus::Gauge& reload_successful;
  prometheus::Gauge& reload_success_time;

  prometheus::Gauge& events_queued;
  prometheus::Gauge& alerts_active;
  prometheus::Gauge& suspicions;
  prometheus::Gauge& incidents_live;
  prometheus::Gauge& deliveries_pending;
  prometheus::Gauge& deliveries_dead;
  prometheus::Gauge& oldest_pending_age;
  prometheus::Gauge& journal_sequence;

  prometheus::Family<prometheus::Gauge>& rule_streams;
  prometheus::Family<prometheus::Gauge>& rule_streams_forgotten;
};

}  // namespace iwakan::telemetry

// Happenings, and Telemetry, to which they are reported: each report gives the log line and the metric
// together, so that neither is forgotten and neither is strewn through the logic.
//
// Happenings are views: they live for the call. Text in them may come from outside; it is escaped in
// the log and never becomes a label. Labels are closed enums and names from catalogue and configuration.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/clock.hpp"
#include "telemetry/log.hpp"

namespace iwakan::telemetry {

// --- what comes in ------------------------------------------------------------------------------

// A request of a source was taken: on disk, about to be acknowledged.
struct AlertsTaken {
  std::string_view source{};  // of the catalogue
  std::size_t alerts = 0;
  std::size_t transitions = 0;  // the rest were refreshes
};

// A request was not taken, by the HTTP room itself (source "http") or by a source.
struct RequestRefused {
  std::string_view source{};
  Reason reason = Reason::malformed;
  std::string_view detail{};
  std::string_view path{};    // where in the request: a JSON pointer, a header
  std::string_view remote{};  // address of the peer
};

// A request was answered, in whatever way.
struct RequestAnswered {
  int status = 200;
  Duration took{};  // from the first byte in to the last byte out
};

enum class ConnectionRefusal : std::uint8_t {
  too_many,               // in all
  too_many_from_address,  // from one address
  out_of_descriptors,     // the operating system has no more
  no_tls,                 // the handshake failed
  gave_way,               // it waited, and another needed its place
};
std::string_view name(ConnectionRefusal why);

struct ConnectionRefused {
  ConnectionRefusal why = ConnectionRefusal::too_many;
  std::string_view remote{};  // empty when unknown
  std::string_view detail{};  // mostly empty
};

// --- what becomes of it -------------------------------------------------------------------------

struct IncidentOpened {
  std::string_view incident{};
  std::string_view subject{};
  DecisionReason reason = DecisionReason::opened_by_evidence;
  int level = 1;
};

// From when the trouble began, as far as known, to the opening.
struct IncidentDetected {
  Duration after{};
};

// From the opening, or from the hunch before it, to the first report's going.
struct FirstReportSent {
  Audience audience = Audience::supervisor;  // supervisor or everybody
  Duration after{};
};

// From the supervisors' being told to one of them having read it.
struct ReportAcknowledged {
  Duration after{};
};

// The time of a promised report came.
struct PromiseSettled {
  bool kept = false;
};

// Where the answer to a question came from. One question may go several ways.
enum class QuestionWay : std::uint8_t {
  known,       // what was written down already
  person,      // somebody answered it
  responders,  // it was handed to those who have their hands in the repair
};
std::string_view name(QuestionWay way);

struct QuestionWent {
  QuestionWay way = QuestionWay::known;
};

struct DeliveryAttempted {
  std::string_view delivery{};
  std::string_view sink{};  // configured
  DeliveryVerdict verdict = DeliveryVerdict::delivered;
  DeliveryReason reason = DeliveryReason::accepted;
  std::string_view detail{};
  Duration took{};
};

// A template was missing or failed, and the plain layout went out in its place.
struct TemplateFellBack {
  std::string_view report_template{};
  std::string_view detail{};
};

struct CommitWritten {
  std::size_t records = 0;
  std::size_t bytes = 0;
  Duration took{};
};

struct ConfigurationReloaded {
  std::optional<Failure> failure{};  // not set: swapped
  TimePoint at{};
  std::string waiting{};  // what of it takes a restart, as keys; mostly empty
};

// How things stand. Reported whenever it may have changed; metrics only.
struct Standing {
  std::size_t events_queued = 0;
  std::size_t alerts_active = 0;
  std::size_t suspicions = 0;
  std::size_t incidents_live = 0;
  std::size_t deliveries_pending = 0;
  std::size_t deliveries_dead = 0;
  Duration oldest_pending_age{};  // of the deliveries; 0 without any
  std::uint64_t journal_sequence = 0;
};

// How much a rule remembers, and how much it had to forget to stay within its bounds.
struct RuleRemembers {
  std::string_view rule;
  std::size_t streams = 0;
  std::uint64_t forgotten = 0;
};

struct ConnectionsCounted {
  std::size_t open = 0;
};

// A request was kept for later (record: of the configuration), or could not be.
struct RequestRecorded {
  std::size_t bytes = 0;
};
struct RecordingFailed {
  std::string_view detail;
  std::string_view path;
};

// Owned by the app, outlives everything that reports. Any thread may report.
class Telemetry {
 public:
  struct Params {
    std::vector<std::string> sources;  // of the catalogue
    std::vector<std::string> sinks;    // configured
    TimePoint started_at{};
  };

  // `log` and `clock` outlive this.
  Telemetry(const Params& params, Log& log, const runtime::Clock& clock);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  // A reload brought a sink. Its metrics begin at zero; known ones go on.
  void know_sink(const std::string& sink);

  void report(const AlertsTaken& happening);
  void report(const RequestRefused& happening);
  void report(const RequestAnswered& happening);
  void report(const ConnectionRefused& happening);
  void report(const ConnectionsCounted& happening);
  void report(const IncidentOpened& happening);
  void report(const IncidentDetected& happening);
  void report(const FirstReportSent& happening);
  void report(const ReportAcknowledged& happening);
  void report(const PromiseSettled& happening);
  void report(const QuestionWent& happening);
  void report(const DeliveryAttempted& happening);
  void report(const TemplateFellBack& happening);
  void report(const RequestRecorded& happening);
  void report(const RecordingFailed& happening);
  void report(const CommitWritten& happening);
  void report(const ConfigurationReloaded& happening);
  void report(const Standing& happening);
  void report(const RuleRemembers& happening);

  // For GET /metrics: the text format of Prometheus, version 0.0.4.
  std::string metrics() const;
  static constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

  Log& log() { return log_; }

 private:
  struct Metrics;
  struct Throttle;

  Log& log_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Throttle> refusals_;
  std::unique_ptr<Throttle> unrecorded_;
};

}  // namespace iwakan::telemetry

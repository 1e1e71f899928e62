#include "app.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "access/gate.hpp"
#include "door.hpp"
#include "drill.hpp"
#include "engine/engine.hpp"
#include "engine/journal.hpp"
#include "http/server.hpp"
#include "intake.hpp"
#include "keys.hpp"
#include "milestones.hpp"
#include "outlet.hpp"
#include "reception.hpp"
#include "recorder/recorder.hpp"
#include "runner/recall.hpp"
#include "runner/runner.hpp"
#include "runtime/build_info.hpp"
#include "runtime/clock.hpp"
#include "runtime/descriptors.hpp"
#include "runtime/failpoint.hpp"
#include "runtime/notify.hpp"
#include "runtime/signals.hpp"
#include "settings/settings.hpp"
#include "sinks/curl_client.hpp"
#include "sinks/no_network.hpp"
#include "store/rocks_store.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::app {
namespace {

using namespace std::chrono_literals;
using access::May;
using access::Role;

constexpr Duration kStopWithin = 10s;
constexpr Duration kCertificateEndsSoon = 24h * 14;

Result<void> restore(engine::Engine& engine, const store::Store& store) {
  for (const Table table : kTables) {
    if (table == Table::alert_texts || table == Table::timeline) continue;  // read when asked for
    Result<void> restored;
    const auto read = store.read(table, {}, [&](std::string_view key, std::string_view value) {
      restored = engine.restore(table, key, value);
      return restored.has_value();
    });
    if (!restored) return restored.error();
    if (!read) return read.error();
  }
  return {};
}

// Everything the daemon is made of, in the order of construction: what stands below may use what stands above.
class Daemon {
 public:
  Daemon(const Options& options, std::unique_ptr<settings::Settings> settings, runtime::Notify notify);

  int run();

 private:
  Result<void> open();
  Result<void> open_store();
  void make_runner();
  Result<void> open_outlet();
  Result<void> open_recorder();
  Result<void> open_server();
  void use(Keys keys, const settings::Settings& settings);
  void use_door(Door door);
  http::Router routes();
  void released(const engine::Effects& effects);
  void tick();
  void forget_journal();
  // What of it takes a restart, as keys of the configuration; mostly empty. A Failure: the one in use stays.
  Result<std::string> reload();
  void stop();
  void fail(const Failure& failure);

  const Options& options_;
  std::unique_ptr<settings::Settings> settings_;
  runtime::Notify notify_;
  runtime::SystemClock clock_;
  access::Gate gate_{clock_};
  telemetry::Log log_;
  telemetry::Telemetry telemetry_;
  std::unique_ptr<store::RocksStore> store_;
  std::optional<engine::Engine> engine_;
  std::optional<Milestones> milestones_;
  boost::asio::io_context io_{1};
  std::unique_ptr<sinks::HttpClient> http_client_;
  std::optional<runner::Runner> runner_;
  std::optional<runner::Recall> recall_;
  Keys keys_;
  std::optional<http::acknowledge::Links> links_;
  std::optional<Outlet> outlet_;
  std::optional<recorder::Recorder> recorder_;
  std::optional<Intake> intake_;
  std::optional<Reception> reception_;
  std::optional<http::Server> server_;
  std::optional<runtime::Signals> signals_;
  bool ready_ = false;
  bool stopping_ = false;
  int exit_code_ = 0;
  runtime::Moment journal_looked_at_{};
};

std::vector<std::string> source_names(const settings::Settings& settings) {
  std::vector<std::string> names{"http"};
  for (const settings::EnabledSource& enabled : settings.sources) names.push_back(enabled.name);
  return names;
}

std::vector<std::string> sink_names(const settings::Settings& settings) {
  std::vector<std::string> names;
  for (const auto& [name, make] : settings.sinks) names.push_back(name);
  return names;
}

// As the options want it; null: the complaints say why.
std::unique_ptr<settings::Settings> load(const Options& options, Complaints& complaints) {
  auto settings = settings::load(options.config, complaints);
  if (!settings) return settings;
  if (!options.drill.empty()) make_drill(*settings, options.drill);
  if (options.port != 0) settings->port = options.port;
  return settings;
}

std::unique_ptr<sinks::HttpClient> http_client_of(const Options& options) {
  if (!options.drill.empty()) return std::make_unique<sinks::NoNetwork>();
  return std::make_unique<sinks::CurlClient>();
}

Daemon::Daemon(const Options& options, std::unique_ptr<settings::Settings> settings, runtime::Notify notify)
    : options_(options),
      settings_(std::move(settings)),
      notify_(std::move(notify)),
      log_(settings_->log_level),
      telemetry_({.sources = source_names(*settings_), .sinks = sink_names(*settings_), .started_at = clock_.now()},
                 log_, clock_),
      http_client_(http_client_of(options)) {}

// --- build

Result<void> Daemon::open() {
  constexpr std::uint64_t kOwnDescriptors = 512;  // the store's files, the sinks' connections
  const std::uint64_t descriptors = runtime::raise_descriptor_limit();
  if (descriptors < settings_->limits.connections_max + kOwnDescriptors) {
    log_.write(telemetry::Level::warning,
               "the operating system grants fewer descriptors than limits.connections_max needs",
               {{"descriptors", descriptors}});
  }
  if (auto opened = open_store(); !opened) return opened.error();
  auto sources = Intake::make(
      *settings_, {*http_client_, [this](std::function<void()> what) { boost::asio::post(io_, std::move(what)); }});
  engine_.emplace(settings_->engine);
  if (auto restored = restore(*engine_, *store_); !restored) return restored.error();
  milestones_.emplace(*engine_, telemetry_);
  make_runner();
  if (auto opened = open_outlet(); !opened) return opened.error();
  if (auto opened = open_recorder(); !opened) return opened.error();
  intake_.emplace(Intake::Params{.engine = *engine_,
                                 .store = *store_,
                                 .runner = *runner_,
                                 .telemetry = telemetry_,
                                 .log = log_,
                                 .recorder = recorder_,
                                 .sources = std::move(sources)});
  reception_.emplace(Reception::Params{.engine = *engine_,
                                       .store = *store_,
                                       .runner = *runner_,
                                       .telemetry = telemetry_,
                                       .clock = clock_,
                                       .layout = outlet_->layout(),
                                       .http_client = *http_client_,
                                       .links = *links_,
                                       .slack_signing_secret = keys_.slack,
                                       .time_zone = [this] { return settings_->time_zone; },
                                       .names_people = [this] { return settings_->export_names_people; },
                                       .first_record = [this] { return store_->first_sequence(); }});
  return open_server();
}

Result<void> Daemon::open_store() {
  store::RocksStore::Params params;
  params.path = options_.store.empty() ? settings_->store_path : options_.store;
  params.drill = !options_.drill.empty();
  params.warn = [this](std::string_view text) {
    log_.write(telemetry::Level::warning, "the store complains", {{"detail", text}});
  };
  params.progress = [this](std::uint64_t done, std::uint64_t total) {
    const std::string line =
        "checking the journal: " + std::to_string(done) + " of " + std::to_string(total) + " records";
    log_.write(telemetry::Level::info, line);
    notify_.status(line);
  };
  auto store = store::RocksStore::open(std::move(params));
  if (!store) return store.error();
  store_ = *std::move(store);
  return {};
}

void Daemon::make_runner() {
  runner_.emplace(runner::Runner::Params{
      .io = io_,
      .store = *store_,
      .engine = *engine_,
      .clock = clock_,
      .released = [this](const engine::Effects& effects) { released(effects); },
      .written =
          [this](const runner::Written& written) {
            telemetry_.report(telemetry::CommitWritten{written.records, written.bytes, written.took});
          },
      .failed = [this](const Failure& failure) { fail(failure); },
      .ticked = [this] { tick(); }});
  recall_.emplace(
      runner::Recall::Params{.engine = *engine_,
                             .store = *store_,
                             .now = [this] { return runner_->now(); },
                             .submit = [this](Event event) { runner_->submit(std::move(event)); },
                             .post = [this](std::function<void()> what) { boost::asio::post(io_, std::move(what)); },
                             .failed = [this](const Failure& failure) { fail(failure); }});
}

Result<void> Daemon::open_outlet() {
  auto keys = read_keys(*settings_, *store_, credentials());
  if (!keys) return keys.error();
  use(*std::move(keys), *settings_);
  outlet_.emplace(Outlet::Params{
      .io = io_,
      .engine = *engine_,
      .runner = *runner_,
      .http_client = *http_client_,
      .telemetry = telemetry_,
      .clock = clock_,
      .invite = [this](const Report& report, const Delivery& delivery) { return links_->link(report, delivery); }});
  if (auto made = outlet_->use_layout(*settings_); !made) return made.error();
  auto lines = outlet_->start(*settings_);
  if (!lines) return lines.error();
  outlet_->use(*lines);
  return {};
}

// A place where nothing can be recorded is told of when the configuration is taken; later it would cost recordings, and
// no alert.
Result<void> Daemon::open_recorder() {
  recorder_.reset();  // what waits is written
  if (!settings_->record) return {};
  recorder_.emplace(recorder::Recorder::Params{.settings = *settings_->record,
                                               .secrets = {.headers = settings_->access.secret_headers(),
                                                           .members = settings_->access.secret_members(),
                                                           .redaction = settings_->engine->redaction},
                                               .telemetry = telemetry_,
                                               .clock = clock_});
  return recorder_->open();
}

Result<void> Daemon::open_server() {
  auto door = open_door(*settings_, credentials());
  if (!door) return door.error();
  server_.emplace(io_,
                  http::Server::Params{.address = settings_->address,
                                       .port = settings_->port,
                                       .hosts = settings_->hosts,
                                       .limits = settings_->limits},
                  routes(), gate_, clock_, telemetry_);
  use_door(*std::move(door));
  return server_->start();
}

void Daemon::use(Keys keys, const settings::Settings& settings) {
  keys_ = std::move(keys);
  links_ = http::acknowledge::Links(keys_.links, settings.engine->organisation.url, settings.link_valid_for);
}

void Daemon::use_door(Door door) {
  gate_.use(std::move(door.known));
  server_->use(door.tls.context);
  if (!settings_->tls) return;
  const Duration left = door.tls.good_until - clock_.now();
  log_.write(left < kCertificateEndsSoon ? telemetry::Level::warning : telemetry::Level::info,
             left < Duration{} ? "the certificate has ended: senders will refuse it" : "serving with this certificate",
             {{"path", settings_->tls->certificate}, {"until", format_time(door.tls.good_until)}});
}

// --- routes

http::Router Daemon::routes() {
  http::Router router;
  intake_->add_routes(router, settings_->sources);
  reception_->add_routes(router);
  router.add("GET", "/metrics", May::person(Role::metrics), [this](const http::Request&, const http::Respond& respond) {
    respond({.status = 200,
             .content_type = std::string(telemetry::Telemetry::kMetricsContentType),
             .body = telemetry_.metrics(),
             .headers = {}});
  });
  const auto plain = [](int status, std::string text) {
    return http::Response{
        .status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text), .headers = {}};
  };
  router.add("GET", "/-/healthy", May::anyone(),
             [plain](const http::Request&, const http::Respond& respond) { respond(plain(200, "healthy\n")); });
  router.add("GET", "/-/ready", May::anyone(), [this, plain](const http::Request&, const http::Respond& respond) {
    respond(ready_ && !stopping_ ? plain(200, "ready\n") : plain(503, "starting or stopping\n"));
  });
  router.add(
      "POST", "/-/reload", May::person(Role::admin), [this, plain](const http::Request&, const http::Respond& respond) {
        const Result<std::string> waiting = reload();
        if (!waiting) return respond(http::refusal(400, waiting.error()));
        respond(plain(200, waiting->empty() ? "reloaded\n" : "reloaded; restart iwakand for: " + *waiting + "\n"));
      });
  return router;
}

// --- what comes of events

void Daemon::released(const engine::Effects& effects) {
  for (const engine::Happened& happened : effects.happened) {
    log_.write(telemetry::Level::info, "timeline",
               {{"incident", happened.incident}, {"kind", happened.kind}, {"text", happened.text.en}});
  }
  for (const Decision& decision : effects.decisions) {
    if (decision.incident.empty()) {
      log_.write(telemetry::Level::debug, "near miss",
                 {{"subject", decision.subject}, {"reason", name(decision.reason)}});
      continue;
    }
    const Incident* incident = engine_->desk().find(decision.incident);
    telemetry_.report(telemetry::IncidentOpened{decision.incident, decision.subject, decision.reason,
                                                incident == nullptr ? 0 : incident->level});
  }
  milestones_->look(effects);
  reception_->tell(effects);
  for (const engine::Intent& intent : effects.intents) outlet_->send(intent);
  if (effects.recall) recall_->begin();
}

// Records older than people want them go, a bounded number at a time.
void Daemon::forget_journal() {
  constexpr std::uint64_t kRecordsAtATime = 20'000;
  const TimePoint kept_from = runner_->now() - settings_->journal_kept;
  const std::uint64_t first = store_->first_sequence();
  std::uint64_t first_kept = first;
  const auto read = store_->read_journal(first, [&](std::uint64_t sequence, std::string_view record) {
    const auto at = engine::record_time(record);
    if (!at || *at >= kept_from || sequence >= first + kRecordsAtATime) return false;
    first_kept = sequence + 1;
    return true;
  });
  if (!read || first_kept == first) return;
  if (const auto trimmed = store_->trim(first_kept); !trimmed) fail(trimmed.error());
}

// About once a second, from the loop that does the work.
void Daemon::tick() {
  notify_.watchdog();
  if (const runtime::Moment now = clock_.monotonic(); now - journal_looked_at_ > 1min) {
    journal_looked_at_ = now;
    forget_journal();
  }
  const desk::Desk& desk = engine_->desk();
  std::size_t live = 0;
  for (const auto& [number, incident] : desk.incidents()) live += is_live(incident.status) ? 1U : 0U;
  std::optional<TimePoint> oldest;
  for (const auto& [id, delivery] : desk.outbox()) {
    if (!oldest || delivery.queued_at < *oldest) oldest = delivery.queued_at;
  }
  telemetry_.report(
      telemetry::Standing{.events_queued = runner_->queue_length(),
                          .alerts_active = engine_->alerts().firing(),
                          .suspicions = engine_->suspicions().size(),
                          .incidents_live = live,
                          .deliveries_pending = desk.outbox().size(),
                          .deliveries_dead = desk.dead_letters().size(),
                          .oldest_pending_age = oldest ? std::max(Duration{}, runner_->now() - *oldest) : Duration{},
                          .journal_sequence = store_->head().sequence});
  for (const auto& [rule, load] : engine_->rule_loads()) {
    telemetry_.report(telemetry::RuleRemembers{rule, load.streams, load.forgotten});
  }
  outlet_->tell_template_failures();
  reception_->keep_alive();
}

// --- reload

// Everything that can fail first; then the swap, as one event.
Result<std::string> Daemon::reload() {
  notify_.reloading(clock_.monotonic());
  Complaints complaints;
  auto fresh = load(options_, complaints);
  std::optional<Failure> failure;
  std::string waiting;
  Outlet::Lines lines;
  Door door;
  if (!fresh) {
    std::string all;
    for (const Complaint& complaint : complaints) all += (all.empty() ? "" : " | ") + to_string(complaint);
    failure = Failure{Reason::malformed, "the configuration in use stays: " + all, options_.config};
  } else if (auto started = outlet_->start(*fresh); started) {
    lines = *std::move(started);
  } else {
    failure = started.error();
  }
  if (!failure) failure = opens_too_far(*settings_, *fresh);
  if (!failure) {
    if (auto opened = open_door(*fresh, credentials())) {
      door = *std::move(opened);
    } else {
      failure = opened.error();
    }
  }
  if (!failure && fresh->record) {
    if (const auto prepared = recorder::prepare(*fresh->record); !prepared) failure = prepared.error();
  }
  if (!failure) {
    runtime::failpoint("before_reload");
    if (auto keys = read_keys(*fresh, *store_, credentials())) {
      use(*std::move(keys), *fresh);
      if (auto made = outlet_->use_layout(*fresh); !made) failure = made.error();
    } else {
      failure = keys.error();
    }
  }
  if (!failure) {
    // The door stays where it is: address, limits and sources are taken at the start only.
    for (const std::string& key : settings::waiting_for_restart(*settings_, *fresh)) {
      waiting += (waiting.empty() ? "" : ", ") + key;
    }
    fresh->at_start = settings_->at_start;
    fresh->engine->expire_after = settings_->engine->expire_after;
    fresh->sources = std::move(settings_->sources);
    settings_ = std::move(fresh);
    use_door(std::move(door));
    outlet_->use(lines);
    engine_->configure(settings_->engine);
    if (const auto opened = open_recorder(); !opened) {
      telemetry_.report(telemetry::RecordingFailed{opened.error().detail, opened.error().path});
    }
    runner_->submit(ConfigurationReplaced{runner_->now(), settings_->digest});
    runtime::failpoint("after_reload");
  }
  telemetry_.report(telemetry::ConfigurationReloaded{failure, clock_.now(), waiting});
  notify_.ready();
  if (failure) return *failure;
  return waiting;
}

// --- life

int Daemon::run() {
  if (const auto opened = open(); !opened) {
    log_.write(
        telemetry::Level::error, "cannot start",
        {{"reason", name(opened.error().reason)}, {"path", opened.error().path}, {"detail", opened.error().detail}});
    return 1;
  }
  signals_.emplace(
      io_, runtime::Signals::Params{.stop = [this] { stop(); }, .reload = [this] { static_cast<void>(reload()); }});
  runner_->start();
  runner_->submit(ConfigurationReplaced{runner_->now(), settings_->digest}, [this](const engine::Effects&) {
    ready_ = true;
    notify_.ready();
    log_.write(telemetry::Level::info, "ready",
               {{"version", runtime::version()},
                {"address", settings_->address},
                {"port", server_->port()},
                {"alerts", engine_->alerts().size()},
                {"journal", store_->head().sequence}});
  });
  io_.run();
  return exit_code_;
}

// First the door, then deliveries under way, then what is still to be written.
void Daemon::stop() {
  if (stopping_) return;
  stopping_ = true;
  notify_.stopping();
  log_.write(telemetry::Level::info, "stopping");
  server_->stop(kStopWithin, [this] {
    outlet_->stop(kStopWithin, [this] {
      runner_->stop([this] {
        runtime::failpoint("before_stop");
        log_.write(telemetry::Level::info, "stopped");
        io_.stop();
      });
    });
  });
}

// Memory is ahead of the journal: nothing may be acknowledged or sent any more.
void Daemon::fail(const Failure& failure) {
  log_.write(telemetry::Level::error, "the store failed; ending, so that a restart begins from what is on disk",
             {{"detail", failure.detail}});
  std::_Exit(1);
}

}  // namespace

int run(const Options& options) {
  Complaints complaints;
  if (!options.drill.empty()) {
    if (const auto fresh = check_drill_folder(options.drill); !fresh) {
      std::fprintf(stderr, "<3>%s\n", to_string(fresh.error()).c_str());
      return 1;
    }
  }
  auto settings = load(options, complaints);
  say(complaints);
  if (!settings) return 1;
  auto notify = runtime::Notify::from_environment();
  if (!notify) {
    std::fprintf(stderr, "<3>%s\n", to_string(notify.error()).c_str());
    return 1;
  }
  Daemon daemon(options, std::move(settings), *std::move(notify));
  return daemon.run();
}

}  // namespace iwakan::app

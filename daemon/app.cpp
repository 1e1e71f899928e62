#include "app.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>

#include "access/gate.hpp"
#include "delivery/dispatchers.hpp"
#include "door.hpp"
#include "engine/engine.hpp"
#include "engine/journal.hpp"
#include "http/acknowledge/acknowledgements.hpp"
#include "http/api/acts.hpp"
#include "http/api/api.hpp"
#include "http/api_v2/api_v2.hpp"
#include "http/server.hpp"
#include "keys.hpp"
#include "model/assert.hpp"
#include "runner/recall.hpp"
#include "runner/runner.hpp"
#include "runtime/build_info.hpp"
#include "runtime/chance.hpp"
#include "runtime/clock.hpp"
#include "runtime/failpoint.hpp"
#include "runtime/notify.hpp"
#include "runtime/signals.hpp"
#include "settings/settings.hpp"
#include "sinks/curl_client.hpp"
#include "sinks/laid_out.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/report_json.hpp"
#include "sinks/retry.hpp"
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
  using Sinks = std::map<std::string, delivery::Line>;

  Result<void> open();
  void use(Keys keys, const settings::Settings& settings);
  Result<void> use_layout(const settings::Settings& settings);
  Result<Sinks> start_sinks(const settings::Settings& settings);
  void use_door(Door door);
  void build_sources();
  http::Router routes();
  void serve_source(http::Router& router, const settings::EnabledSource& enabled);
  void receive(const std::string& source, const http::Request& request, const http::Respond& respond);
  void take_alerts(const std::string& source, const std::string& remote, sources::Received received,
                   http::Respond respond);
  void released(const engine::Effects& effects);
  void dispatch(Event event, std::function<void()> durable);
  void tick();
  void forget_journal();
  std::optional<Failure> reload();
  void stop();
  void fail(const Failure& failure);

  const Options& options_;
  std::unique_ptr<settings::Settings> settings_;
  runtime::Notify notify_;
  runtime::SystemClock clock_;
  access::Gate gate_{clock_};
  telemetry::Log log_;
  telemetry::Telemetry telemetry_;
  runtime::Chance chance_;
  std::unique_ptr<store::RocksStore> store_;
  std::optional<engine::Engine> engine_;
  boost::asio::io_context io_{1};
  sinks::CurlClient http_client_;
  std::unique_ptr<sinks::Layout> layout_;
  std::size_t template_failures_ = 0;
  std::map<std::string, std::unique_ptr<sources::Source>> sources_;  // by name
  std::optional<delivery::AsioScheduler> scheduler_;
  std::optional<delivery::Dispatchers> dispatchers_;
  std::optional<runner::Runner> runner_;
  std::optional<http::acknowledge::Links> links_;
  Keys keys_;
  std::optional<http::acknowledge::Acknowledgements> acknowledgements_;
  std::optional<runner::Recall> recall_;
  std::optional<http::api::Api> api_;
  std::optional<http::api::Acts> acts_;
  std::optional<http::api_v2::ApiV2> api_v2_;
  std::optional<http::Server> server_;
  std::optional<runtime::Signals> signals_;
  std::map<std::string, runtime::Moment> attempts_;  // by delivery, when they started
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

Daemon::Daemon(const Options& options, std::unique_ptr<settings::Settings> settings, runtime::Notify notify)
    : options_(options),
      settings_(std::move(settings)),
      notify_(std::move(notify)),
      log_(settings_->log_level),
      telemetry_({.sources = source_names(*settings_), .sinks = sink_names(*settings_), .started_at = clock_.now()},
                 log_, clock_) {}

// --- build

Result<void> Daemon::open() {
  store::RocksStore::Params params;
  params.path = options_.store.empty() ? settings_->store_path : options_.store;
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
  build_sources();
  engine_.emplace(settings_->engine);
  if (auto restored = restore(*engine_, *store_); !restored) return restored.error();
  auto keys = read_keys(*settings_, *store_, credentials());
  if (!keys) return keys.error();
  use(*std::move(keys), *settings_);
  if (auto made = use_layout(*settings_); !made) return made.error();

  scheduler_.emplace(io_);
  dispatchers_.emplace(delivery::Params{
      .scheduler = *scheduler_,
      .submit = [this](Event event, std::function<void()> durable) { dispatch(std::move(event), std::move(durable)); },
      .post = [this](std::function<void()> what) { boost::asio::post(io_, std::move(what)); },
      .now = [this] { return runner_->now(); },
      .jitter = [this] { return chance_.next(); },
      .back_off = sinks::retry_delay});
  auto lines = start_sinks(*settings_);
  if (!lines) return lines.error();
  dispatchers_->use(*lines);

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

  auto door = open_door(*settings_, credentials());
  if (!door) return door.error();
  recall_.emplace(
      runner::Recall::Params{.engine = *engine_,
                             .store = *store_,
                             .now = [this] { return runner_->now(); },
                             .submit = [this](Event event) { runner_->submit(std::move(event)); },
                             .post = [this](std::function<void()> what) { boost::asio::post(io_, std::move(what)); },
                             .failed = [this](const Failure& failure) { fail(failure); }});

  api_.emplace(http::api::Api::Params{
      .engine = *engine_,
      .store = *store_,
      .now = [this] { return runner_->now(); },
      .when_settled = [this](std::function<void()> then) { runner_->when_settled(std::move(then)); },
      .report_json = sinks::report_json,
      .laid_out = [this](const auto&... asked) { return sinks::laid_out(asked..., *layout_); }});
  const auto now = [this] { return runner_->now(); };
  const auto submit = [this](Event event, http::api::Acts::Done done) {
    runner_->submit(std::move(event), std::move(done));
  };
  acts_.emplace(now, submit);
  acknowledgements_.emplace(http::acknowledge::Acknowledgements::Params{
      .engine = *engine_,
      .links = *links_,
      .slack_signing_secret = keys_.slack,
      .time_zone = [this] { return settings_->time_zone; },
      .now = now,
      .submit = submit,
      .refused =
          [this](const Failure& failure, std::string_view remote) {
            telemetry_.report(telemetry::RequestRefused{"http", failure.reason, failure.detail, failure.path, remote});
          }});
  api_v2_.emplace(http::api_v2::ApiV2::Params{
      .engine = *engine_,
      .store = *store_,
      .now = now,
      .submit = submit,
      .when_settled = [this](std::function<void()> then) { runner_->when_settled(std::move(then)); },
      .fresh_id = runtime::Chance::uuid,
      .version = std::string(runtime::version()),
      .started_at = runner_->now()});
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

Result<void> Daemon::use_layout(const settings::Settings& settings) {
  const auto link = [this](const Report& report, const Delivery& delivery) { return links_->link(report, delivery); };
  auto layout = sinks::Layout::make(settings.templates, settings.time_zone, link, settings.words);
  if (!layout) return layout.error();
  if (layout_) {
    *layout_ = *std::move(layout);
    template_failures_ = 0;
  } else {
    layout_ = std::make_unique<sinks::Layout>(*std::move(layout));
  }
  return {};
}

Result<Daemon::Sinks> Daemon::start_sinks(const settings::Settings& settings) {
  Sinks lines;
  const sinks::Surroundings surroundings{http_client_, *layout_, credentials()};
  for (const auto& [name, make] : settings.sinks) {
    std::shared_ptr<sinks::Sink> sink = make(surroundings);
    if (auto started = sink->start(); !started) {
      Failure failure = started.error();
      failure.path = "sinks." + name + (failure.path.empty() ? "" : ": " + failure.path);
      return failure;
    }
    lines[name] = {std::move(sink), 1};
    telemetry_.know_sink(name);
  }
  return lines;
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

void Daemon::build_sources() {
  const sources::Surroundings surroundings{
      http_client_, [this](std::function<void()> what) { boost::asio::post(io_, std::move(what)); }};
  settings_->engine->expire_after.clear();
  for (const settings::EnabledSource& enabled : settings_->sources) {
    const auto& source = sources_[enabled.name] = enabled.make(surroundings);
    if (const auto after = source->expire_after()) settings_->engine->expire_after[enabled.name] = *after;
  }
}

// --- routes

http::Router Daemon::routes() {
  http::Router router;
  for (const settings::EnabledSource& enabled : settings_->sources) serve_source(router, enabled);
  api_->add_routes(router);
  http::api::add_acts(*acts_, router);
  api_v2_->add_routes(router);
  acknowledgements_->add_routes(router);
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
  router.add("POST", "/-/reload", May::person(Role::admin),
             [this, plain](const http::Request&, const http::Respond& respond) {
               if (const auto failure = reload()) return respond(http::refusal(400, *failure));
               respond(plain(200, "reloaded\n"));
             });
  return router;
}

void Daemon::serve_source(http::Router& router, const settings::EnabledSource& enabled) {
  const auto take = [this, name = enabled.name](const http::Request& request, const http::Respond& respond) {
    receive(name, request, respond);
  };
  const May may = enabled.kind->verifies ? May::signer_of(enabled.name) : May::sender_of(enabled.name);
  router.add("POST", enabled.path, may, take);
  if (enabled.kind->takes_put) router.add("PUT", enabled.path, may, take);
}

void Daemon::receive(const std::string& source, const http::Request& request, const http::Respond& respond) {
  const auto refuse = [this, source, remote = std::string(request.remote), respond](const Failure& failure) {
    telemetry_.report(telemetry::RequestRefused{source, failure.reason, failure.detail, failure.path, remote});
    respond(http::refusal(http::status_of(failure.reason), failure));
  };
  if (runner_->overloaded() || engine_->alerts().size() >= engine_->settings().alerts_max) {
    return refuse({Reason::unavailable,
                   "too much is waiting to be written, or too many alerts are known; send it again later",
                   {}});
  }
  const sources::Request asked{.method = request.method,
                               .target = request.target,
                               .headers = request.headers,
                               .body = request.body,
                               .at = runner_->now()};
  sources_.at(source)->receive(
      asked, [this, source, remote = std::string(request.remote), refuse, respond](Result<sources::Received> received) {
        if (!received) return refuse(received.error());
        take_alerts(source, remote, *std::move(received), respond);
      });
}

void Daemon::take_alerts(const std::string& source, const std::string& remote, sources::Received received,
                         http::Respond respond) {
  for (const std::string& notice : received.notices)
    log_.write(telemetry::Level::warning, notice, {{"source", source}});
  if (received.withdrawn) runner_->submit(SourceWithdrawn{runner_->now(), source, *received.withdrawn});
  AlertsReceived event{.at = runner_->now(),
                       .source = received.source.empty() ? source : std::string(received.source),
                       .batch = std::move(received.batch),
                       .truncated = received.truncated};
  const std::size_t alerts = event.batch.size();
  if (received.refused) {
    telemetry_.report(
        telemetry::RequestRefused{source, received.refused->reason, received.refused->detail, {}, remote});
  }
  const int status = received.refused ? 400 : received.status;
  runner_->submit(std::move(event), [this, source, alerts, status, answer = std::move(received.answer),
                                     respond = std::move(respond)](const engine::Effects& effects) {
    telemetry_.report(telemetry::AlertsTaken{source, alerts, effects.transitions});
    respond(
        {.status = status, .content_type = answer.empty() ? "" : "application/json", .body = answer, .headers = {}});
  });
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
  for (const engine::Intent& intent : effects.intents) dispatchers_->dispatch(intent.delivery, intent.report);
  if (effects.recall) recall_->begin();
}

// What the dispatchers submit, seen by telemetry on its way.
void Daemon::dispatch(Event event, std::function<void()> durable) {
  if (const auto* started = std::get_if<DeliveryStarted>(&event)) {
    attempts_[started->delivery] = clock_.monotonic();
  } else if (const auto* answered = std::get_if<DeliveryAnswered>(&event)) {
    const auto found = engine_->desk().outbox().find(answered->delivery);
    const auto began = attempts_.find(answered->delivery);
    const auto took = began == attempts_.end() ? Duration{} : clock_.monotonic() - began->second;
    if (began != attempts_.end()) attempts_.erase(began);
    if (found != engine_->desk().outbox().end()) {
      telemetry_.report(telemetry::DeliveryAttempted{answered->delivery, found->second.recipient.sink,
                                                     answered->answer.verdict, answered->answer.reason,
                                                     answered->answer.detail, took});
    }
  }
  runner_->submit(std::move(event), [durable = std::move(durable)](const engine::Effects&) { durable(); });
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
  for (; template_failures_ < layout_->template_failures(); ++template_failures_) {
    telemetry_.report(telemetry::TemplateFellBack{"report", "the plain layout was sent in its place"});
  }
}

// --- reload

// Everything that can fail first; then the swap, as one event.
std::optional<Failure> Daemon::reload() {
  notify_.reloading(clock_.monotonic());
  Complaints complaints;
  auto fresh = settings::load(options_.config, complaints);
  std::optional<Failure> failure;
  Sinks lines;
  Door door;
  if (!fresh) {
    std::string all;
    for (const Complaint& complaint : complaints) all += (all.empty() ? "" : " | ") + to_string(complaint);
    failure = Failure{Reason::malformed, "the configuration in use stays: " + all, options_.config};
  } else if (auto started = start_sinks(*fresh); started) {
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
  if (!failure) {
    runtime::failpoint("before_reload");
    if (auto keys = read_keys(*fresh, *store_, credentials())) {
      use(*std::move(keys), *fresh);
      if (auto made = use_layout(*fresh); !made) failure = made.error();
    } else {
      failure = keys.error();
    }
  }
  if (!failure) {
    // The door stays where it is: address, limits and sources are taken at the start only.
    fresh->engine->expire_after = settings_->engine->expire_after;
    fresh->sources = std::move(settings_->sources);
    settings_ = std::move(fresh);
    use_door(std::move(door));
    dispatchers_->use(lines);
    engine_->configure(settings_->engine);
    runner_->submit(ConfigurationReplaced{runner_->now(), settings_->digest});
    runtime::failpoint("after_reload");
  }
  telemetry_.report(telemetry::ConfigurationReloaded{failure, clock_.now()});
  notify_.ready();
  return failure;
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
    dispatchers_->stop(kStopWithin, [this] {
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
  auto settings = settings::load(options.config, complaints);
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

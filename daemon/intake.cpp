#include "intake.hpp"

#include "engine/lose_also.hpp"

namespace iwakan::app {

using access::May;

namespace {

// CloudEvents over HTTP 1.1 web hooks, section 4: a producer asks before it posts, and whoever may send is welcome.
void shake_hands(const http::Request& request, const http::Respond& respond) {
  const std::string_view origin = request.header("WebHook-Request-Origin");
  if (origin.empty()) {
    return respond(http::refusal(
        400, {Reason::missing, "is missing: who asks whether it may post here", "WebHook-Request-Origin"}));
  }
  respond({.status = 200,
           .content_type = {},
           .body = {},
           .headers = {{"Allow", "POST, PUT, OPTIONS"},
                       {"WebHook-Allowed-Origin", std::string(origin)},
                       {"WebHook-Allowed-Rate", "*"}}});
}

}  // namespace

Intake::Sources Intake::make(const settings::Settings& settings, const sources::Surroundings& surroundings) {
  Sources made;
  settings.engine->expire_after.clear();
  for (const settings::EnabledSource& enabled : settings.sources) {
    const auto& source = made[enabled.name] = enabled.make(surroundings);
    if (const auto after = source->expire_after()) settings.engine->expire_after[enabled.name] = *after;
  }
  return made;
}

void Intake::add_routes(http::Router& router, const std::vector<settings::EnabledSource>& enabled) {
  for (const settings::EnabledSource& one : enabled) {
    const auto take = [this, name = one.name](const http::Request& request, const http::Respond& respond) {
      receive(name, request, respond);
    };
    const May may = one.kind->verifies ? May::signer_of(one.name) : May::sender_of(one.name);
    if (one.kind->verifies) verifying_.insert(one.name);
    router.add("POST", one.path, may, take);
    if (!one.also_at.empty()) router.add("POST", one.also_at, may, take);
    if (one.kind->takes_put) router.add("PUT", one.path, may, take);
    if (one.kind->is_many) router.add("OPTIONS", one.path, may, shake_hands);
  }
}

void Intake::receive(const std::string& source, const http::Request& request, const http::Respond& respond) {
  const auto refuse = [this, source, remote = std::string(request.remote), respond](const Failure& failure) {
    params_.telemetry.report(
        telemetry::RequestRefused{source, failure.reason, loggable(failure.detail), failure.path, remote});
    respond(http::refusal(http::status_of(failure.reason), failure));
  };
  const engine::Engine& engine = params_.engine;
  if (params_.runner.overloaded() || engine.alerts().size() >= engine.settings().alerts_max) {
    return refuse({Reason::unavailable,
                   "too much is waiting to be written, or too many alerts are known; send it again later",
                   {}});
  }
  const sources::Request asked{.method = request.method,
                               .target = request.target,
                               .headers = request.headers,
                               .body = request.body,
                               .at = params_.runner.now()};
  // The request lives until it is answered, and everything here happens before that.
  params_.sources.at(source)->receive(asked, [this, source, remote = std::string(request.remote), &request,
                                              at = asked.at, refuse, respond](Result<sources::Received> received) {
    if (!received) {
      record(request, at, false, name(received.error().reason));
      return refuse(received.error());
    }
    record(request, at, verifying_.contains(source), {});
    take(source, remote, *std::move(received), respond);
  });
}

// What a source says of a request may quote it.
std::string Intake::loggable(const std::string& text) const {
  return params_.engine.settings().redaction.redact(text).value_or(text);
}

void Intake::record(const http::Request& request, TimePoint at, bool verified, std::string_view refused) {
  if (!params_.recorder) return;
  params_.recorder->record({.at = at,
                            .method = request.method,
                            .target = request.target,
                            .headers = request.headers,
                            .body = request.body,
                            .verified = verified,
                            .refused = refused});
}

// The store has the labels of those that fire.
void Intake::lose_also(sources::Received& received, const std::string& source) const {
  if (received.also_lost.empty() || received.batch.size() == 0) return;
  const std::string prefix = source + '\0';
  const auto read = params_.store.read(Table::alert_texts, prefix, [&](std::string_view key, std::string_view text) {
    if (!key.starts_with(prefix)) return false;
    engine::lose_also(params_.engine, source, received.also_lost, key, text, received.batch);
    return true;
  });
  if (!read) params_.log.write(telemetry::Level::error, "the alerts that fire could not be read", {{"source", source}});
}

void Intake::take(const std::string& source, const std::string& remote, sources::Received received,
                  http::Respond respond) {
  runner::Runner& runner = params_.runner;
  telemetry::Telemetry& telemetry = params_.telemetry;
  for (const std::string& notice : received.notices)
    params_.log.write(telemetry::Level::warning, loggable(notice), {{"source", source}});
  if (received.withdrawn) runner.submit(SourceWithdrawn{runner.now(), source, *received.withdrawn});
  const std::string whose = received.source.empty() ? source : std::string(received.source);
  lose_also(received, whose);
  AlertsReceived event{
      .at = runner.now(), .source = whose, .batch = std::move(received.batch), .truncated = received.truncated};
  const std::size_t alerts = event.batch.size();
  if (received.refused) {
    telemetry.report(
        telemetry::RequestRefused{source, received.refused->reason, loggable(received.refused->detail), {}, remote});
  }
  const int status = received.refused ? 400 : received.status;
  runner.submit(std::move(event), [&telemetry, source, alerts, status, answer = std::move(received.answer),
                                   respond = std::move(respond)](const engine::Effects& effects) {
    telemetry.report(telemetry::AlertsTaken{source, alerts, effects.transitions});
    respond(
        {.status = status, .content_type = answer.empty() ? "" : "application/json", .body = answer, .headers = {}});
  });
}

}  // namespace iwakan::app

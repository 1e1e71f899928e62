#include "intake.hpp"

namespace iwakan::app {

using access::May;

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
    router.add("POST", one.path, may, take);
    if (one.kind->takes_put) router.add("PUT", one.path, may, take);
  }
}

void Intake::receive(const std::string& source, const http::Request& request, const http::Respond& respond) {
  const auto refuse = [this, source, remote = std::string(request.remote), respond](const Failure& failure) {
    params_.telemetry.report(telemetry::RequestRefused{source, failure.reason, failure.detail, failure.path, remote});
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
  params_.sources.at(source)->receive(
      asked, [this, source, remote = std::string(request.remote), refuse, respond](Result<sources::Received> received) {
        if (!received) return refuse(received.error());
        take(source, remote, *std::move(received), respond);
      });
}

void Intake::take(const std::string& source, const std::string& remote, sources::Received received,
                  http::Respond respond) {
  runner::Runner& runner = params_.runner;
  telemetry::Telemetry& telemetry = params_.telemetry;
  for (const std::string& notice : received.notices)
    params_.log.write(telemetry::Level::warning, notice, {{"source", source}});
  if (received.withdrawn) runner.submit(SourceWithdrawn{runner.now(), source, *received.withdrawn});
  AlertsReceived event{.at = runner.now(),
                       .source = received.source.empty() ? source : std::string(received.source),
                       .batch = std::move(received.batch),
                       .truncated = received.truncated};
  const std::size_t alerts = event.batch.size();
  if (received.refused) {
    telemetry.report(telemetry::RequestRefused{source, received.refused->reason, received.refused->detail, {}, remote});
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

#include "reception.hpp"

#include "runtime/build_info.hpp"
#include "runtime/chance.hpp"
#include "sinks/laid_out.hpp"
#include "sinks/report_json.hpp"

namespace iwakan::app {
namespace {

auto now_of(runner::Runner& runner) {
  return [&runner] { return runner.now(); };
}

auto submit_to(runner::Runner& runner) {
  return [&runner](Event event, runner::Runner::Done done) { runner.submit(std::move(event), std::move(done)); };
}

auto when_settled_in(runner::Runner& runner) {
  return [&runner](std::function<void()> then) { runner.when_settled(std::move(then)); };
}

auto refused_to(telemetry::Telemetry& telemetry) {
  return [&telemetry](const Failure& failure, std::string_view remote) {
    telemetry.report(telemetry::RequestRefused{"http", failure.reason, failure.detail, failure.path, remote});
  };
}

}  // namespace

Reception::Reception(const Params& params)
    : store_(params.store),
      api_({.engine = params.engine,
            .store = params.store,
            .now = now_of(params.runner),
            .when_settled = when_settled_in(params.runner),
            .report_json = sinks::report_json,
            .laid_out = [&layout = params.layout](const auto&... asked) { return sinks::laid_out(asked..., layout); },
            .page_of = [&layout = params.layout](const auto&... asked) { return sinks::page_of(asked..., layout); }}),
      acts_(now_of(params.runner), submit_to(params.runner)),
      acknowledgements_({.engine = params.engine,
                         .links = params.links,
                         .slack_signing_secret = params.slack_signing_secret,
                         .time_zone = params.time_zone,
                         .now = now_of(params.runner),
                         .submit = submit_to(params.runner),
                         .refused = refused_to(params.telemetry),
                         .reply =
                             [&http_client = params.http_client](std::string url, std::string body) {
                               sinks::HttpRequest request;
                               request.url = std::move(url);
                               request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
                               request.body = std::move(body);
                               http_client.send(std::move(request), [](const sinks::HttpOutcome&) {});
                             }}),
      slack_commands_({.engine = params.engine,
                       .signing_secret = params.slack_signing_secret,
                       .time_zone = params.time_zone,
                       .now = now_of(params.runner),
                       .submit = submit_to(params.runner),
                       .refused = refused_to(params.telemetry)}),
      api_v2_({.engine = params.engine,
               .store = params.store,
               .now = now_of(params.runner),
               .submit = submit_to(params.runner),
               .when_settled = when_settled_in(params.runner),
               .fresh_id = runtime::Chance::uuid,
               .version = std::string(runtime::version()),
               .started_at = params.runner.now()}),
      records_({.engine = params.engine,
                .store = params.store,
                .now = now_of(params.runner),
                .policy =
                    [names_people = params.names_people, time_zone = params.time_zone] {
                      return http::api::Records::Policy{names_people(), time_zone()};
                    },
                .first_record = params.first_record,
                .when_settled = when_settled_in(params.runner)}),
      events_({.engine = params.engine, .store = params.store, .clock = [&clock = params.clock] {
                 return clock.monotonic();
               }}) {}

void Reception::add_routes(http::Router& router) {
  api_.add_routes(router);
  http::api::add_acts(acts_, router);
  http::api::add_timeline_acts(acts_, router, store_);
  records_.add_routes(router);
  events_.add_routes(router);
  api_v2_.add_routes(router);
  acknowledgements_.add_routes(router);
  slack_commands_.add_routes(router);
}

}  // namespace iwakan::app

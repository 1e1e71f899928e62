#include "http/api_v2/api_v2.hpp"

#include <boost/json/serialize.hpp>

#include "http/api_v2/answers.hpp"

namespace iwakan::http::api_v2 {
namespace {

namespace json = boost::json;

constexpr const char* kReceiver = "iwakan";

// What clients that read Alertmanager's configuration (amtool config routes, Grafana) can make sense of.
constexpr const char* kConfig =
    "# iwakand decides by rules whom to tell and when; its own configuration is on its machine.\n"
    "route:\n  receiver: iwakan\nreceivers:\n  - name: iwakan\n";

}  // namespace

Response answer(const json::value& value) {
  return json_response(200, json::serialize(value));
}

Response refused(int status, const std::string& why) {
  return json_response(status, json::serialize(json::string(why)));
}

Response refused(const Failure& failure) {
  return refused(status_of(failure.reason), to_string(failure));
}

void ApiV2::add_routes(Router& router) {
  const auto get = [&](const char* path, auto method) {
    router.add(
        "GET", path, access::May::person(access::Role::read),
        [this, method](const Request& request, const Respond& respond) {
          Result<Query> query = Query::parse(request.query);
          if (!query) return respond(refused(query.error()));
          params_.when_settled([this, method, query = *std::move(query), respond] { (this->*method)(query, respond); });
        });
  };
  get("/api/v2/alerts", &ApiV2::list_alerts);
  get("/api/v2/alerts/groups", &ApiV2::list_groups);
  get("/api/v2/receivers", &ApiV2::list_receivers);
  get("/api/v2/status", &ApiV2::show_status);
  get("/api/v2/silences", &ApiV2::list_silences);
  const auto responder = access::May::person(access::Role::respond);
  router.add("POST", "/api/v2/silences", responder,
             [this](const Request& request, const Respond& respond) { set_silence(request, respond); });
  router.add("GET", "/api/v2/silence/{id}", access::May::person(access::Role::read),
             [this](const Request& request, const Respond& respond) {
               params_.when_settled([this, &request, respond] { show_silence(request, respond); });
             });
  router.add("DELETE", "/api/v2/silence/{id}", responder,
             [this](const Request& request, const Respond& respond) { expire_silence(request, respond); });
}

void ApiV2::list_receivers(const Query&, const Respond& respond) const {
  respond(answer(json::array{json::object{{"name", kReceiver}, {"labels", json::object{}}}}));
}

void ApiV2::show_status(const Query&, const Respond& respond) const {
  respond(answer(json::object{{"cluster", {{"status", "disabled"}, {"peers", json::array{}}}},
                              {"versionInfo",
                               {{"version", params_.version},
                                {"revision", ""},
                                {"branch", "iwakan"},
                                {"buildUser", ""},
                                {"buildDate", ""},
                                {"goVersion", ""}}},
                              {"config", {{"original", kConfig}}},
                              {"uptime", format_time(params_.started_at)}}));
}

}  // namespace iwakan::http::api_v2

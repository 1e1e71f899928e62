#include "http/api/acts.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/api/incident_json.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 8;
constexpr std::size_t kActorBytesMax = 64;

// The body of a request that changes something; nothing: it was answered already.
std::optional<json::object> body_of(const Request& request, const Respond& respond) {
  if (!request.header("content-type").starts_with("application/json")) {
    respond(refusal(415, {Reason::unsupported, "send the body as Content-Type: application/json", {}}));
    return std::nullopt;
  }
  if (request.body.empty()) return json::object{};
  json::error_code error;
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::value value = json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    respond(refusal(400, {Reason::malformed, "the body is not a JSON object; send for example {\"text\": \"…\"}", {}}));
    return std::nullopt;
  }
  return std::move(value.as_object());
}

// Whoever proved who they are is the actor; what the body says of it counts only where nobody has to.
std::string actor_of(const Request& request, const std::string& said) {
  if (!request.actor.empty()) return std::string(request.actor);
  return said.empty() ? std::string(kNobody) : said.substr(0, kActorBytesMax);
}

}  // namespace

void add_acts(const Acts& acts, Router& router) {
  add_incident_acts(acts, router);
  add_knowledge_acts(acts, router);
  add_life_acts(acts, router);
  add_role_acts(acts, router);
  add_delivery_acts(acts, router);
  add_question_acts(acts, router);
  add_silence_acts(acts, router);
}

void Acts::add(Router& router, const char* path, access::Role role, int status, Make make) const {
  router.add("POST", path, access::May::person(role),
             [this, status, make = std::move(make)](const Request& request, const Respond& respond) {
               const auto body = body_of(request, respond);
               if (!body) return;
               Members members(*body);
               Act what = make(members, std::string(request.parameter));
               const std::string actor = members.text("actor");
               if (const auto failure = members.finish()) return respond(refusal(400, *failure));
               act(std::move(what), actor_of(request, actor), status, respond);
             });
}

void Acts::act(Act what, std::string actor, int status, Respond respond) const {
  PersonActed event{now_(), std::move(actor), std::move(what)};
  submit_(std::move(event), [status, respond = std::move(respond)](const engine::Effects& effects) {
    if (effects.refusal) return respond(refusal(status_of(effects.refusal->reason), *effects.refusal));
    json::object answer{{"incident", effects.incident}};
    if (!effects.suggestions.empty()) answer["suggestions"] = suggestions_json(effects.suggestions);
    for (const engine::Happened& happened : effects.happened) {
      if (happened.kind == "handover") answer["note"] = {{"ja", happened.text.ja}, {"en", happened.text.en}};
    }
    if (effects.question) answer["question"] = question_json(*effects.question);
    if (effects.lines_imported) answer["imported"] = *effects.lines_imported;
    respond(json_response(status, json::serialize(answer)));
  });
}

}  // namespace iwakan::http::api

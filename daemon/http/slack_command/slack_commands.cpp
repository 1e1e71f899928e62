#include "http/slack_command/slack_commands.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/acknowledge/slack_button.hpp"
#include "http/slack_command/reply.hpp"
#include "sinks/layout/zone.hpp"
#include "sinks/slack/render.hpp"

namespace iwakan::http::slack_command {
namespace {

namespace json = boost::json;

// Shown to the one who typed, and to nobody else.
Response only_to_them(const std::string& text) {
  const json::object message{{"response_type", "ephemeral"}, {"text", sinks::slack::escape(text)}};
  return {.status = 200, .content_type = "application/json", .body = json::serialize(message), .headers = {}};
}

std::string in_languages(const Sentence& sentence, const Person* person) {
  const std::vector<std::string> both{"ja", "en"};
  std::string text;
  for (const std::string& language : person == nullptr ? both : person->languages) {
    const std::string& said = sentence.in(language);
    if (text.find(said) != std::string::npos) continue;
    text += (text.empty() ? "" : "\n") + said;
  }
  return text;
}

}  // namespace

void SlackCommands::add_routes(Router& router) const {
  if (params_.signing_secret.empty()) return;
  router.add("POST", std::string(kPath), access::May::signer_of("slack"),
             [this](const Request& request, const Respond& respond) { typed(request, respond); });
}

void SlackCommands::typed(const Request& request, const Respond& respond) const {
  const auto refuse = [&](const Failure& failure) {
    params_.refused(failure, request.remote);
    respond(refusal(status_of(failure.reason), failure));
  };
  const auto signature =
      acknowledge::check_slack_signature(params_.signing_secret, request.header("X-Slack-Request-Timestamp"),
                                         request.header("X-Slack-Signature"), request.body, params_.now());
  if (!signature) return refuse(signature.error());
  // Slack looks now and then whether the certificate is good.
  if (request.body.starts_with("ssl_check=")) {
    return respond({.status = 200, .content_type = {}, .body = {}, .headers = {}});
  }
  const auto typed = parse_command(request.body);
  if (!typed) return refuse(typed.error());

  const People& people = params_.engine.settings().organisation.people;
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const auto& person) { return person.second.slack == typed->user; });
  const Person* person = found == people.end() ? nullptr : &found->second;
  if (typed->verb == Verb::help) return respond(only_to_them(in_languages(how_to(), person)));
  if (typed->verb == Verb::note && person == nullptr) {
    return respond(only_to_them(in_languages(
        {"経緯に書けるのは、設定で Slack の ID が分かっている人だけです（people: slack: " + typed->user + "）",
         "Notes are taken from people whose Slack id the configuration knows (people: slack: " + typed->user + ")"},
        nullptr)));
  }
  const std::string name = typed->user_name.empty() ? typed->user : typed->user_name;
  std::string actor = person != nullptr ? person->id : "slack:" + name;
  Act act = act::Note{typed->incident, typed->text, std::nullopt};
  if (typed->verb != Verb::note) {
    act = act::AskQuestion{typed->incident, {}, typed->text, typed->verb == Verb::ask_person};
  }
  const std::string own = person == nullptr ? std::string() : person->time_zone;
  const Person known = person == nullptr ? Person{} : *person;
  params_.submit(PersonActed{params_.now(), std::move(actor), std::move(act)},
                 [respond, known, zone_name = own.empty() ? params_.time_zone() : own](const engine::Effects& effects) {
                   const Person* to = known.id.empty() ? nullptr : &known;
                   if (effects.refusal) return respond(only_to_them(effects.refusal->detail));
                   if (!effects.question) {
                     return respond(only_to_them(
                         in_languages({effects.incident + " の経緯に書きました", "Noted in " + effects.incident}, to)));
                   }
                   const auto zone = sinks::Zone::named(zone_name);
                   if (!zone) return respond(refusal(503, zone.error()));
                   respond(only_to_them(in_languages(reply_to(*effects.question, *zone), to)));
                 });
}

}  // namespace iwakan::http::slack_command

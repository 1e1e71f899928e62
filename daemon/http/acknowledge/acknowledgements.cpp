#include "http/acknowledge/acknowledgements.hpp"

#include "http/acknowledge/page.hpp"
#include "http/acknowledge/slack_button.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::http::acknowledge {
namespace {

const Sentence kExpired{
    "このリンクは期限が過ぎました。受け取りは `iwakanctl incident ack` "
    "でも記録できます。新しい報告には新しいリンクがあります。",
    "This link has expired. `iwakanctl incident ack` records it as well, and the next report has a link of its own."};
const Sentence kForeign{"このリンクは正しくありません。報告にあるリンクの全体を開いてください。",
                        "This link is not right. Please open the whole link, as it stands in the report."};
const Sentence kUnwritten{"ただいま記録できませんでした。少し待ってから、もう一度押してください。",
                          "It could not be written down just now. Please wait a moment, and press again."};

}  // namespace

void Acknowledgements::add_routes(Router& router) const {
  const std::string pattern = std::string(kLinkPath) + "{token}";
  router.add("GET", pattern, access::May::signer_of("acknowledge"),
             [this](const Request& request, const Respond& respond) {
               if (const auto invitation = invitation_of(request, respond)) respond(page_for(*invitation));
             });
  router.add("POST", pattern, access::May::signer_of("acknowledge"),
             [this](const Request& request, const Respond& respond) { link_pressed(request, respond); });
  router.add("GET", std::string(kStylePath), access::May::anyone(),
             [](const Request&, const Respond& respond) { respond(style()); });
  if (params_.slack_signing_secret.empty()) return;
  router.add("POST", std::string(kSlackPath), access::May::signer_of("slack"),
             [this](const Request& request, const Respond& respond) { button_pressed(request, respond); });
}

// What the link says, of an incident that there is; nothing: it was answered already.
std::optional<Invitation> Acknowledgements::invitation_of(const Request& request, const Respond& respond) const {
  const auto read = params_.links.read(request.parameter, params_.now());
  if (read && params_.engine.desk().find(read->incident) != nullptr) return *read;
  if (!read && read.error().reason == Reason::timed_out) {
    respond(apology(410, kExpired));
    return std::nullopt;
  }
  if (!read) params_.refused(read.error(), request.remote);
  respond(apology(404, kForeign));
  return std::nullopt;
}

Response Acknowledgements::page_for(const Invitation& invitation) const {
  const Incident& incident = *params_.engine.desk().find(invitation.incident);
  const Person* person = find_person(params_.engine.settings().organisation, invitation.person);
  const Page page{.incident = incident.id,
                  .level = incident.level,
                  .title = incident.title,
                  .reader = person == nullptr ? same_in_all(invitation.person) : person->name,
                  .languages = person == nullptr ? std::vector<std::string>{"ja", "en"} : person->languages,
                  .received = received_at(invitation)};
  return page_of(page);
}

// As the reader's clock shows it; empty: not yet.
std::string Acknowledgements::received_at(const Invitation& invitation) const {
  const Incident& incident = *params_.engine.desk().find(invitation.incident);
  const auto found = incident.acknowledged.find(invitation.person);
  if (found == incident.acknowledged.end()) return {};
  const Person* person = find_person(params_.engine.settings().organisation, invitation.person);
  const std::string own = person == nullptr ? std::string() : person->time_zone;
  const auto zone = sinks::Zone::named(own.empty() ? params_.time_zone() : own);
  return zone ? zone->clock(found->second.at) : format_time(found->second.at);
}

void Acknowledgements::acknowledge(const Invitation& invitation, std::string actor,
                                   std::function<void(bool)> then) const {
  params_.submit(PersonActed{params_.now(), std::move(actor), act::Acknowledge{invitation.incident, invitation.person}},
                 [then = std::move(then)](const engine::Effects& effects) { then(!effects.refusal); });
}

void Acknowledgements::link_pressed(const Request& request, const Respond& respond) const {
  const auto invitation = invitation_of(request, respond);
  if (!invitation) return;
  acknowledge(*invitation, invitation->person, [this, invitation = *invitation, respond](bool written) {
    respond(written ? page_for(invitation) : apology(503, kUnwritten));
  });
}

// Slack shows its user that it was answered, and then the message as it is replaced; other buttons of the same app are
// answered as well.
void Acknowledgements::button_pressed(const Request& request, const Respond& respond) const {
  const auto refuse = [&](const Failure& failure) {
    params_.refused(failure, request.remote);
    respond(refusal(status_of(failure.reason), failure));
  };
  const auto signature =
      check_slack_signature(params_.slack_signing_secret, request.header("X-Slack-Request-Timestamp"),
                            request.header("X-Slack-Signature"), request.body, params_.now());
  if (!signature) return refuse(signature.error());
  const auto pressed = parse_slack_button(request.body);
  if (!pressed) return refuse(pressed.error());
  const Response done{.status = 200, .content_type = {}, .body = {}, .headers = {}};
  if (pressed->token.empty()) return respond(done);
  const auto invitation = params_.links.read(pressed->token, params_.now());
  if (!invitation && invitation.error().reason == Reason::timed_out) return respond(refusal(410, invitation.error()));
  if (!invitation) return refuse(invitation.error());
  acknowledge(*invitation, "slack:" + pressed->user,
              [this, done, respond, pressed = *pressed, invitation = *invitation](bool written) {
                respond(written ? done : refusal(503, {Reason::unavailable, "not written down", {}}));
                // The message shows it from then on, in the place of the button.
                if (written && !pressed.reply_url.empty()) {
                  params_.reply(pressed.reply_url, received_message(pressed, received_at(invitation)));
                }
              });
}

}  // namespace iwakan::http::acknowledge

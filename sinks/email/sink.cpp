#include "sinks/email/sink.hpp"

#include <boost/url/parse.hpp>

#include "sinks/email/render.hpp"
#include "sinks/http_client.hpp"
#include "sinks/secret_setting.hpp"

namespace iwakan::sinks::email {
namespace {

using namespace std::chrono_literals;

struct Params {
  std::string server;
  Sender from;
  bool starttls_required = true;
  bool starttls_never = false;
  std::string ca_file;
  std::string username;
  SecretPlace password;
  Duration timeout{};
};

// The reply after the final dot decides: 4xx again, 5xx never.
DeliveryAnswer verdict_of(const HttpOutcome& outcome) {
  DeliveryAnswer answer;
  if (outcome.reason == DeliveryReason::accepted && outcome.status >= 200 && outcome.status < 300) return answer;
  answer.reason = outcome.reason;
  answer.detail = outcome.detail;
  answer.outcome_unknown = outcome.outcome_unknown;
  answer.verdict = DeliveryVerdict::retry_later;
  if (outcome.status >= 400) {
    answer.detail = "the mail server answered " + std::to_string(outcome.status);
    const bool for_good = outcome.status >= 500;
    const bool login = outcome.status == 530 || outcome.status == 534 || outcome.status == 535;
    answer.verdict = for_good ? DeliveryVerdict::give_up : DeliveryVerdict::retry_later;
    answer.reason = login      ? DeliveryReason::unauthorized
                    : for_good ? DeliveryReason::rejected
                               : DeliveryReason::server_error;
    answer.outcome_unknown = false;
  } else if (outcome.reason == DeliveryReason::misconfigured) {
    answer.verdict = DeliveryVerdict::give_up;
  }
  return answer;
}

class Email final : public Sink {
 public:
  Email(Params params, const Surroundings& surroundings)
      : params_(std::move(params)),
        http_(surroundings.http),
        layout_(surroundings.layout),
        credentials_(surroundings.credentials) {}

  Result<void> start() override {
    if (params_.password.empty()) return {};
    auto password = read_secret(params_.password, credentials_);
    if (!password) return password.error();
    password_ = *std::move(password);
    return {};
  }

  void deliver(const Parcel& parcel, Done done) override {
    const std::string& to = parcel.delivery.recipient.address;
    if (!is_address(to)) {
      return done({.verdict = DeliveryVerdict::give_up,
                   .reason = DeliveryReason::misconfigured,
                   .detail = "the recipient's `to` is not a mail address",
                   .retry_after = {},
                   .outcome_unknown = false});
    }
    MailRequest request;
    request.server = params_.server;
    request.username = params_.username;
    request.password = password_.reveal();
    request.starttls_required = params_.starttls_required;
    request.starttls_never = params_.starttls_never;
    request.ca_file = params_.ca_file;
    request.from = params_.from.address;
    request.to = {to};
    request.message = message_of(parcel.report, parcel.delivery, layout_, params_.from, parcel.now);
    request.timeout = params_.timeout;
    http_.send(std::move(request), [done = std::move(done)](const HttpOutcome& outcome) { done(verdict_of(outcome)); });
  }

 private:
  Params params_;
  HttpClient& http_;
  const Layout& layout_;
  std::string credentials_;
  Secret password_;
};

void check_server(Fields& fields, const std::string& server) {
  const auto url = boost::urls::parse_uri(server);
  const bool good = url && (url->scheme() == "smtp" || url->scheme() == "smtps") && !url->host().empty() &&
                    !url->has_userinfo() && url->path().empty();
  if (server.empty() || good) return;
  complain(fields.complaints(), *fields.child("server"), "not the address of a mail server",
           "write smtp://mail.example.com:587, or smtps://mail.example.com:465 for TLS from the first byte");
}

}  // namespace

Make parse(Fields& fields) {
  Params params;
  params.server = fields.required_text("server");
  check_server(fields, params.server);
  params.from = {fields.required_text("from"), fields.text("from_name")};
  if (!params.from.address.empty() && !is_address(params.from.address)) {
    complain(fields.complaints(), *fields.child("from"), "not a mail address", "write for example iwakan@example.com");
  }
  const std::string tls = fields.one_of("tls", "required", {"required", "when_offered", "none"});
  params.starttls_required = tls == "required" && params.server.starts_with("smtp://");
  params.starttls_never = tls == "none";
  params.ca_file = fields.text("ca_file");
  params.username = fields.text("username");
  if (const Setting* password = fields.child("password"))
    params.password = parse_secret_place(*password, fields.complaints());
  if (params.username.empty() != params.password.empty()) {
    complain(fields.complaints(), fields.setting(), "a username and a password belong together",
             "give both, or neither");
  }
  if (!params.username.empty() && tls != "required") {
    complain(fields.complaints(), *fields.child("tls"), "a password would travel in clear text", "write tls: required");
  }
  params.timeout = fields.duration("timeout", 30s, 1s, 5min);
  return [params = std::move(params)](const Surroundings& surroundings) {
    return std::make_unique<Email>(params, surroundings);
  };
}

}  // namespace iwakan::sinks::email

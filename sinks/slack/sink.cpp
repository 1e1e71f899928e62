#include "sinks/slack/sink.hpp"

#include "sinks/http_client.hpp"
#include "sinks/secret_setting.hpp"
#include "sinks/slack/render.hpp"
#include "sinks/url_setting.hpp"

namespace iwakan::sinks::slack {
namespace {

using namespace std::chrono_literals;

struct Params {
  UrlPlace webhook_url;
  SecretPlace token;
  std::string api_url;
  Duration timeout{};
  std::string mention;
  bool interactive = false;
};

class Slack final : public Sink {
 public:
  Slack(Params params, const Surroundings& surroundings)
      : params_(std::move(params)),
        http_(surroundings.http),
        layout_(surroundings.layout),
        credentials_(surroundings.credentials) {}

  Result<void> start() override {
    if (by_api()) {
      auto token = read_secret(params_.token, credentials_);
      if (!token) return token.error();
      token_ = *std::move(token);
      url_ = Secret(params_.api_url);
      return {};
    }
    auto url = read_url(params_.webhook_url, credentials_);
    if (!url) return url.error();
    url_ = *std::move(url);
    return {};
  }

  void deliver(const Parcel& parcel, Done done) override {
    const std::string& channel = parcel.delivery.recipient.address;
    if (by_api() && channel.empty()) {
      return done({.verdict = DeliveryVerdict::give_up,
                   .reason = DeliveryReason::misconfigured,
                   .detail = "the recipient names no channel; add to: \"#channel\"",
                   .retry_after = {},
                   .outcome_unknown = false});
    }
    HttpRequest request;
    request.url = url_.reveal();
    request.timeout = params_.timeout;
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    if (by_api()) request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
    request.body = message_of(parcel.report, parcel.delivery, layout_,
                              {.channel = by_api() ? std::string_view(channel) : std::string_view(),
                               .mention = params_.mention,
                               .interactive = params_.interactive});
    http_.send(std::move(request),
               [done = std::move(done), now = parcel.now, api = by_api()](const HttpOutcome& outcome) {
                 done(api ? api_verdict(outcome, now) : webhook_verdict(outcome, now));
               });
  }

 private:
  bool by_api() const { return !params_.token.empty(); }

  Params params_;
  HttpClient& http_;
  const Layout& layout_;
  std::string credentials_;
  Secret url_;
  Secret token_;
};

}  // namespace

Make parse(Fields& fields) {
  Params params;
  const bool by_token = fields.has("token");
  if (by_token) {
    params.token = parse_secret_place(*fields.child("token"), fields.complaints());
    params.api_url = "https://slack.com/api/chat.postMessage";
    if (fields.has("api_url")) {
      params.api_url = parse_url(fields, "api_url").text;
      if (params.api_url.empty())
        complain(fields.complaints(), *fields.child("api_url"), "no secret", "write it as text");
    }
  } else if (fields.has("webhook_url")) {
    params.webhook_url.secret = parse_secret_place(*fields.child("webhook_url"), fields.complaints());
  } else {
    complain(fields.complaints(), fields.setting(), "nothing says how to reach Slack",
             "add webhook_url: {file: PATH} or token: {file: PATH}");
  }
  if (by_token && fields.has("webhook_url")) {
    complain(fields.complaints(), *fields.child("webhook_url"), "one way to Slack is enough",
             "keep either token or webhook_url");
  }
  params.mention = fields.one_of("mention", "here", {"here", "channel", "nobody"});
  if (params.mention == "nobody") params.mention.clear();
  params.interactive = fields.boolean("interactive", false);
  params.timeout = fields.duration("timeout", 15s, 1s, 2min);
  return [params = std::move(params)](const Surroundings& surroundings) {
    return std::make_unique<Slack>(params, surroundings);
  };
}

}  // namespace iwakan::sinks::slack

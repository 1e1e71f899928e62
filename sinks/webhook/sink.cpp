#include "sinks/webhook/sink.hpp"

#include "sinks/http_client.hpp"
#include "sinks/http_verdict.hpp"
#include "sinks/secret_setting.hpp"
#include "sinks/url_setting.hpp"
#include "sinks/webhook/render.hpp"

namespace iwakan::sinks::webhook {
namespace {

using namespace std::chrono_literals;

struct Params {
  UrlPlace url;
  std::vector<SecretPlace> secrets;
  Duration timeout{};
};

class Webhook final : public Sink {
 public:
  Webhook(Params params, const Surroundings& surroundings)
      : params_(std::move(params)),
        http_(surroundings.http),
        layout_(surroundings.layout),
        credentials_(surroundings.credentials) {}

  Result<void> start() override {
    auto url = read_url(params_.url, credentials_);
    if (!url) return url.error();
    url_ = *std::move(url);
    keys_.clear();
    for (const SecretPlace& place : params_.secrets) {
      auto secret = read_secret(place, credentials_);
      if (!secret) return secret.error();
      auto key = key_of(*secret);
      if (!key) return Failure{key.error().reason, key.error().detail, place.file + place.credential};
      keys_.push_back(*std::move(key));
    }
    return {};
  }

  void deliver(const Parcel& parcel, Done done) override {
    const std::string id = id_of(parcel.delivery);
    const long timestamp = std::chrono::duration_cast<std::chrono::seconds>(parcel.now.time_since_epoch()).count();
    HttpRequest request;
    request.url = url_.reveal();
    request.timeout = params_.timeout;
    request.body = body_of(parcel.report, parcel.delivery, layout_, parcel.now);
    request.headers = {{"Content-Type", "application/json"},
                       {"webhook-id", id},
                       {"webhook-timestamp", std::to_string(timestamp)},
                       {"webhook-signature", signature_of(keys_, id, timestamp, request.body)}};
    http_.send(std::move(request), [done = std::move(done), now = parcel.now](const HttpOutcome& outcome) {
      done(http_verdict(outcome, now));
    });
  }

 private:
  Params params_;
  HttpClient& http_;
  const Layout& layout_;
  std::string credentials_;
  Secret url_;
  std::vector<Secret> keys_;
};

}  // namespace

Make parse(Fields& fields) {
  Params params;
  params.url = parse_url(fields, "url");
  for (const Setting& item : fields.list("secrets"))
    params.secrets.push_back(parse_secret_place(item, fields.complaints()));
  if (params.secrets.empty()) {
    complain(fields.complaints(), fields.setting(), "reports are signed, and there is nothing to sign them with",
             "add secrets: [{file: PATH}] with whsec_ and base64 of 24 to 64 random bytes in the file");
  }
  params.timeout = fields.duration("timeout", 15s, 1s, 2min);
  return [params = std::move(params)](const Surroundings& surroundings) {
    return std::make_unique<Webhook>(params, surroundings);
  };
}

}  // namespace iwakan::sinks::webhook

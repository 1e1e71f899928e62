#include "sources/cloudwatch/source.hpp"

#include <filesystem>
#include <map>

#include "sources/cloudwatch/certificates.hpp"
#include "sources/cloudwatch/signature.hpp"
#include "sources/cloudwatch/sns_alarm.hpp"
#include "sources/cloudwatch/sns_message.hpp"
#include "sources/cloudwatch/topic.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

using namespace std::chrono_literals;

constexpr Duration kClockSkew = 15min;

struct Params {
  std::map<std::string, Topic> topics;  // by ARN
  int min_signature_version = 1;
  bool auto_confirm = false;
  Duration accept_age{};
  std::vector<PinnedCertificate> pinned;
};

Failure refuse(std::string why, const char* path) {
  return {Reason::forbidden, std::move(why), path};
}

class CloudWatch final : public Source {
 public:
  CloudWatch(Params params, const Surroundings& surroundings)
      : params_(std::move(params)), http_(surroundings.http), certificates_(params_.pinned, surroundings) {}

  // Everything that costs nothing is checked first: only for an allowed topic is a certificate fetched.
  void receive(const Request& request, Done done) override {
    auto parsed = parse_message(request.body, request.header("x-amz-sns-message-type"));
    if (!parsed) return done(parsed.error());
    const SnsMessage& message = *parsed;
    const auto topic = params_.topics.find(message.topic_arn);
    if (topic == params_.topics.end()) {
      return done(
          refuse("this topic is not among sources.cloudwatch.topics; add it there if it is yours", "/TopicArn"));
    }
    if (message.signature_version < params_.min_signature_version) {
      return done(
          refuse("signature version 2 is required; set the topic's SignatureVersion to 2", "/SignatureVersion"));
    }
    if (message.sent_at + params_.accept_age < request.at || message.sent_at > request.at + kClockSkew) {
      return done(refuse("too old or from the future; a copy is not taken", "/Timestamp"));
    }
    if (const auto good = check_certificate_url(message.certificate_url, topic->second); !good)
      return done(good.error());
    if (request.verified) return done(take(message, topic->second, request.at));
    const std::string url = message.certificate_url;
    certificates_.get(url, request.at,
                      [this, message = *std::move(parsed), topic = &topic->second, at = request.at,
                       done = std::move(done)](const Result<std::string>& pem) {
                        if (!pem) return done(pem.error());
                        const auto good = verify(message, *pem, topic->host(), at);
                        done(good ? take(message, *topic, at) : Result<Received>(good.error()));
                      });
  }

  // CloudWatch speaks on change only.
  std::optional<Duration> expire_after() const override { return std::nullopt; }

 private:
  Result<Received> take(const SnsMessage& message, const Topic& topic, TimePoint at) {
    Received received;
    if (message.type == MessageType::subscription_confirmation) {
      received.notices.push_back(confirm(message, topic));
    } else if (message.type == MessageType::unsubscribe_confirmation) {
      received.withdrawn = "the subscription to " + topic.arn + " was removed; subscribe again if that was not meant";
    } else if (const auto parsed = parse_alarm(message.message, topic, at, received.batch); !parsed) {
      return parsed.error();
    }
    return received;
  }

  // The address is made here; SubscribeURL, which anybody could have written, is never fetched.
  std::string confirm(const SnsMessage& message, const Topic& topic) {
    if (!params_.auto_confirm) {
      return "SNS asks to confirm the subscription to " + topic.arn +
             "; confirm it in the AWS console, or set sources.cloudwatch.auto_confirm: true and ask SNS again";
    }
    sinks::HttpRequest request;
    request.method = "GET";
    request.url = confirmation_url(topic, message.token);
    request.https_only = true;
    http_.send(std::move(request), [](const sinks::HttpOutcome&) {});
    return "confirming the subscription to " + topic.arn + ", as sources.cloudwatch.auto_confirm says";
  }

  Params params_;
  sinks::HttpClient& http_;
  Certificates certificates_;
};

void parse_topics(Fields& fields, Params& params) {
  for (const std::string& arn : fields.texts("topics")) {
    if (auto topic = parse_topic(arn)) {
      params.topics.emplace(arn, *std::move(topic));
    } else {
      complain(fields.complaints(), *fields.child("topics"),
               "\"" + arn.substr(0, 128) + "\" is " + topic.error().detail);
    }
  }
  if (params.topics.empty() && fields.child("topics") == nullptr) {
    complain(fields.complaints(), fields.setting(), "names no topic, and anybody can make one and sign with it",
             "add topics: [\"arn:aws:sns:…\"] with those that are yours");
  }
}

void parse_pinned(Fields& fields, Params& params) {
  for (const Setting& item : fields.list("trusted_certificates")) {
    Fields one(item, fields.complaints());
    PinnedCertificate pinned{one.required_text("url"), one.required_text("file")};
    one.finish();
    // Relative to the configuration, wherever the daemon was started.
    pinned.file = (std::filesystem::path(item.place.file).parent_path() / pinned.file).string();
    params.pinned.push_back(std::move(pinned));
  }
}

}  // namespace

Make parse(Fields& fields) {
  Params params;
  parse_topics(fields, params);
  params.min_signature_version = static_cast<int>(fields.integer("min_signature_version", 1, 1, 2));
  params.auto_confirm = fields.boolean("auto_confirm", false);
  params.accept_age = fields.duration("accept_age", 2h, 5min, 24h * 3660);
  parse_pinned(fields, params);
  return [params = std::move(params)](const Surroundings& surroundings) {
    return std::make_unique<CloudWatch>(params, surroundings);
  };
}

}  // namespace iwakan::sources::cloudwatch

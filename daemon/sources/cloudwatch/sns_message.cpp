#include "sources/cloudwatch/sns_message.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include "sources/json.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kBodyBytesMax = std::size_t{2} << 20U;
constexpr std::size_t kMemberBytesMax = 2048;  // of every member but Message

std::optional<MessageType> type_named(std::string_view name) {
  if (name == "Notification") return MessageType::notification;
  if (name == "SubscriptionConfirmation") return MessageType::subscription_confirmation;
  if (name == "UnsubscribeConfirmation") return MessageType::unsubscribe_confirmation;
  return std::nullopt;
}

std::string_view type_name(MessageType type) {
  switch (type) {
    case MessageType::notification: return "Notification";
    case MessageType::subscription_confirmation: return "SubscriptionConfirmation";
    case MessageType::unsubscribe_confirmation: return "UnsubscribeConfirmation";
  }
  return "Notification";
}

class Members {
 public:
  explicit Members(dom::object object) : object_(object) {}

  std::string required(const char* key, std::size_t bytes_max = kMemberBytesMax) {
    dom::element element;
    if (object_[key].get(element)) {
      fail(missing(std::string("/") + key, "is missing; is this a delivery of SNS?"));
      return {};
    }
    std::string_view text;
    if (element.get_string().get(text)) {
      fail(wrong_type(std::string("/") + key, "a string"));
    } else if (text.size() > bytes_max) {
      fail({Reason::too_large, "longer than " + std::to_string(bytes_max) + " bytes", std::string("/") + key});
    }
    return std::string(text);
  }

  std::optional<std::string> optional(const char* key) {
    dom::element element;
    if (object_[key].get(element) || element.is_null()) return std::nullopt;
    return required(key);
  }

  void fail(Failure failure) {
    if (!failure_) failure_ = std::move(failure);
  }
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  dom::object object_;
  std::optional<Failure> failure_;
};

std::string decode_signature(const std::string& text, Members& members) {
  std::string bytes(text.size(), '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length <= 0 || text.size() % 4 != 0) {
    members.fail({Reason::malformed, "is not base64", "/Signature"});
    return {};
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

Result<SnsMessage> parse_message(std::string_view body, std::string_view header_type) {
  if (body.size() > kBodyBytesMax) return Failure{Reason::too_large, "larger than 2 MiB", {}};
  dom::parser parser(kBodyBytesMax);
  const auto root = parse_json(parser, body, {});
  if (!root) return root.error();
  dom::object object;
  if (root->get_object().get(object)) return wrong_type({}, "a JSON object, as SNS sends it");
  if (object["Type"].error() != simdjson::SUCCESS) {
    return missing("/Type",
                   "is missing; raw message delivery is not taken, since it is not signed: switch it off in SNS");
  }

  Members members(object);
  const std::string type = members.required("Type");
  const auto known = type_named(type);
  if (!members.failure() && !known) {
    members.fail(
        {Reason::unsupported, "must be Notification, SubscriptionConfirmation or UnsubscribeConfirmation", "/Type"});
  }
  if (!members.failure() && !header_type.empty() && header_type != type) {
    members.fail({Reason::malformed, "the header x-amz-sns-message-type says something else", "/Type"});
  }
  SnsMessage message;
  message.type = known.value_or(MessageType::notification);
  message.message_id = members.required("MessageId");
  message.topic_arn = members.required("TopicArn");
  message.message = members.required("Message", kBodyBytesMax);
  message.timestamp = members.required("Timestamp");
  message.certificate_url = members.required("SigningCertURL");
  if (message.type == MessageType::notification) {
    message.subject = members.optional("Subject");
  } else {
    message.token = members.required("Token");
    message.subscribe_url = members.required("SubscribeURL");
  }
  const std::string version = members.required("SignatureVersion");
  message.signature_version = version == "2" ? 2 : 1;
  if (version != "1" && version != "2")
    members.fail({Reason::unsupported, "must be \"1\" or \"2\"", "/SignatureVersion"});
  message.signature = decode_signature(members.required("Signature"), members);
  if (members.failure()) return *members.failure();
  const auto sent_at = parse_time(message.timestamp);
  if (!sent_at) return Failure{sent_at.error().reason, sent_at.error().detail, "/Timestamp"};
  message.sent_at = *sent_at;
  return message;
}

std::string string_to_sign(const SnsMessage& message) {
  std::string text;
  const auto add = [&text](std::string_view key, std::string_view value) {
    text.append(key).append("\n").append(value).append("\n");
  };
  add("Message", message.message);
  add("MessageId", message.message_id);
  if (message.type == MessageType::notification) {
    if (message.subject) add("Subject", *message.subject);
  } else {
    add("SubscribeURL", message.subscribe_url);
  }
  add("Timestamp", message.timestamp);
  if (message.type != MessageType::notification) add("Token", message.token);
  add("TopicArn", message.topic_arn);
  add("Type", type_name(message.type));
  return text;
}

}  // namespace iwakan::sources::cloudwatch

// The envelope in which SNS delivers over HTTP (reference wire-formats A3), and the bytes that its
// signature stands for. Pure; says nothing about whether the signature is right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::sources::cloudwatch {

enum class MessageType : std::uint8_t { notification, subscription_confirmation, unsubscribe_confirmation };

struct SnsMessage {
  MessageType type = MessageType::notification;
  std::string message_id;
  std::string topic_arn;
  std::string message;
  std::optional<std::string> subject;  // signed if, and only if, present
  std::string timestamp;               // as written, since that is what is signed
  TimePoint sent_at{};
  std::string token;          // of confirmations: whoever has it can confirm. Never logged
  std::string subscribe_url;  // signed, and never fetched
  int signature_version = 1;
  std::string signature;  // raw bytes
  std::string certificate_url;
};

// `header_type`: the header x-amz-sns-message-type, which must not disagree with the body; empty: not
// sent. A raw delivery (no envelope, no signature) is refused.
Result<SnsMessage> parse_message(std::string_view body, std::string_view header_type);

// "Key\nValue\n" for each signed member in the order that SNS fixes.
std::string string_to_sign(const SnsMessage& message);

}  // namespace iwakan::sources::cloudwatch

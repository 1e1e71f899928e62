// Any bytes as a delivery of SNS, as an alarm and as the URL of a certificate: an answer or a failure with a
// place, never a crash; and no URL passes but those of the topic's own host.
#include <cstdint>

#include "model/assert.hpp"
#include "sources/cloudwatch/sns_alarm.hpp"
#include "sources/cloudwatch/sns_message.hpp"
#include "sources/cloudwatch/topic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iwakan::sources::cloudwatch;
  static const Topic topic = *parse_topic("arn:aws:sns:ap-northeast-1:111122223333:iwakan");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto message = parse_message(bytes, {})) IWAKAN_ASSERT(!string_to_sign(*message).empty());
  iwakan::AlertBatch batch;
  const auto alarm = parse_alarm(bytes, topic, {}, batch);
  IWAKAN_ASSERT(alarm.has_value() == (batch.size() == 1));
  if (check_certificate_url(bytes, topic)) {
    IWAKAN_ASSERT(bytes.starts_with("https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-"));
  }
  return 0;
}

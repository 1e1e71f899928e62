// Topic: an SNS topic's ARN in its parts, and the only addresses that belong to it. Pure.
//
// AWS's own pattern for certificate hosts also takes S3 buckets named "sns" (reference trust, section 3),
// so the host is not matched but made: from the region of a topic that the configuration allows.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace iwakan::sources::cloudwatch {

struct Topic {
  std::string arn;
  std::string partition;  // aws, aws-cn, aws-us-gov, aws-eusc
  std::string region;     // "ap-northeast-1"
  std::string account;    // 12 digits
  std::string name;

  // "sns.ap-northeast-1.amazonaws.com"
  std::string host() const;
};

Result<Topic> parse_topic(std::string_view arn);

// Nothing wrong, or why this URL is not where SNS keeps the certificates of this topic.
Result<void> check_certificate_url(std::string_view text, const Topic& topic);

// Where a subscription is confirmed: made, never taken from the message.
std::string confirmation_url(const Topic& topic, std::string_view token);

}  // namespace iwakan::sources::cloudwatch

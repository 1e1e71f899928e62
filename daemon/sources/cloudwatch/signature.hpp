// Whether a message was signed with a certificate of SNS. Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "sources/cloudwatch/sns_message.hpp"

namespace iwakan::sources::cloudwatch {

// When a certificate is valid; a Failure when `pem` holds none.
struct Validity {
  TimePoint from{};
  TimePoint until{};
};
Result<Validity> validity_of(std::string_view pem);

// RSA PKCS#1 v1.5 over string_to_sign, SHA-1 for version 1, SHA-256 for version 2. The certificate must be
// valid at `now` and made out to sns.amazonaws.com or to `host`. A Failure is `forbidden`.
Result<void> verify(const SnsMessage& message, const std::string& pem, const std::string& host, TimePoint now);

}  // namespace iwakan::sources::cloudwatch

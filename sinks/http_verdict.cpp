#include "sinks/http_verdict.hpp"

#include "sinks/retry.hpp"

namespace iwakan::sinks {

std::string_view HttpOutcome::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

DeliveryAnswer http_verdict(const HttpOutcome& outcome, TimePoint now) {
  DeliveryAnswer answer;
  if (outcome.reason != DeliveryReason::accepted) {
    answer.verdict =
        outcome.reason == DeliveryReason::misconfigured ? DeliveryVerdict::give_up : DeliveryVerdict::retry_later;
    answer.reason = outcome.reason;
    answer.detail = outcome.detail;
    answer.outcome_unknown = outcome.outcome_unknown;
    return answer;
  }
  const int status = outcome.status;
  if (status >= 200 && status < 300) return answer;
  answer.detail = "answered " + std::to_string(status);
  answer.verdict = DeliveryVerdict::give_up;
  answer.reason = DeliveryReason::rejected;
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    answer.verdict = DeliveryVerdict::retry_later;
    answer.reason = status == 429 ? DeliveryReason::rate_limited : DeliveryReason::server_error;
    answer.retry_after = parse_retry_after(outcome.header("retry-after"), now);
  } else if (status == 401 || status == 403) {
    answer.reason = DeliveryReason::unauthorized;
  } else if (status == 404 || status == 410) {
    answer.reason = DeliveryReason::gone;
  }
  return answer;
}

}  // namespace iwakan::sinks

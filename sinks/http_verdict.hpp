// What an HTTP answer means for a delivery, unless the sink knows better. Pure.
#pragma once

#include "model/delivery.hpp"
#include "sinks/http_client.hpp"

namespace iwakan::sinks {

// 2xx delivered; 408, 425, 429 and 5xx again, after Retry-After; 401 and 403 unauthorized; 404 and 410
// gone; redirects and other 4xx refused for good; without an answer again.
DeliveryAnswer http_verdict(const HttpOutcome& outcome, TimePoint now);

}  // namespace iwakan::sinks

// A report as a Slack message, and what Slack's answers mean (reference wire-formats C1). Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/time.hpp"
#include "sinks/http_client.hpp"

namespace iwakan::sinks {
class Layout;
}

namespace iwakan::sinks::slack {

// & < > as Slack escapes them, which takes every mention and link away; a row of backticks cannot end a
// code block.
std::string escape(std::string_view text);

// The action_id of the button by which a report is acknowledged. Its value is the end of the report's link.
inline constexpr std::string_view kAcknowledgeAction = "iwakan_acknowledge";

struct Target {
  std::string_view channel;  // empty for incoming webhooks, which have their own
  std::string_view mention;  // "here" or "channel": whom a report that may do so calls; empty: nobody
  bool interactive = false;  // Slack tells iwakan of buttons that were pressed; else the button opens the link
};

// JSON of the message.
std::string message_of(const Report& report, const Delivery& delivery, const Layout& layout, const Target& target);

// An incoming webhook answers with text; chat.postMessage answers 200 with its errors inside.
DeliveryAnswer webhook_verdict(const HttpOutcome& outcome, TimePoint now);
DeliveryAnswer api_verdict(const HttpOutcome& outcome, TimePoint now);

}  // namespace iwakan::sinks::slack

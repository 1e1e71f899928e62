// The button of a report in Slack: what Slack posts when it is pressed, and whether it was Slack that posted it.
// Formats: https://docs.slack.dev/authentication/verifying-requests-from-slack and
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/time.hpp"

namespace iwakan::http::acknowledge {

// A Failure is `forbidden`: not signed with the app's signing secret, or more than five minutes from now, as a
// request that somebody recorded and sends again.
Result<void> check_slack_signature(const Secret& signing_secret, std::string_view timestamp, std::string_view signature,
                                   std::string_view body, TimePoint now);

struct Pressed {
  std::string token;      // of the link (link.hpp); empty: another button, or one that only opens a page
  std::string user;       // who pressed it, as Slack names them; untrusted
  std::string reply_url;  // where Slack takes a message in the place of the one with the button; may be empty
  std::string blocks;     // of that message, JSON; untrusted
};

// From the body, "payload=" and JSON, percent-encoded.
Result<Pressed> parse_slack_button(std::string_view body);

// The message without its button, and with the line that says who received it and when: JSON for `reply_url`.
std::string received_message(const Pressed& pressed, std::string_view received);

}  // namespace iwakan::http::acknowledge

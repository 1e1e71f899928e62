// Chat: what was said elsewhere, read for a timeline. Pure but for the time zone of the terminal, in which clock
// times without a date are meant. All of it is untrusted text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::ctl {

// Lines in the order of time; each source id names its line for ever, so that a second import adds nothing twice.
using ChatLines = std::vector<act::ChatLine>;

// Slack's names by user id, from users.json of an export: [{"id", "name", "profile": {"real_name", "display_name"}}].
Result<std::map<std::string, std::string>> read_slack_users(std::string_view text);

// Either a channel's day of a Slack export (a JSON list of messages, or {"messages": […]} as
// conversations.history answers), or text with lines like
//
//   10:26 sato: restarted pay-api
//   [10:27:30] aoki：確認しました
//   2026-11-24 10:31 sato: looks well
//
// A line without a time goes on with the one before. Clock times are the latest before `until` that keep the
// order of the lines. The path of a Failure says where: "line 3" or a JSON pointer.
Result<ChatLines> read_chat(std::string_view text, const std::map<std::string, std::string>& users, TimePoint until);

}  // namespace iwakan::ctl

#include "http/acknowledge/slack_button.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/pct_string_view.hpp>
#include <charconv>

#include "sinks/base64.hpp"
#include "sinks/hmac.hpp"
#include "sinks/slack/render.hpp"

namespace iwakan::http::acknowledge {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr Duration kWindow = 5min;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kUserBytesMax = 48;
constexpr std::string_view kVersion = "v0";
constexpr std::string_view kPayload = "payload=";

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace

Result<void> check_slack_signature(const Secret& signing_secret, std::string_view timestamp, std::string_view signature,
                                   std::string_view body, TimePoint now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (error != std::errc{} || end != timestamp.data() + timestamp.size() || seconds < 0 || seconds > 1LL << 32) {
    return Failure{Reason::forbidden, "the time of the request is missing", "X-Slack-Request-Timestamp"};
  }
  const std::string version(kVersion);
  const std::string signed_text = version + ":" + std::string(timestamp) + ":" + std::string(body);
  if (!sinks::same_in_constant_time(version + "=" + sinks::hex(sinks::hmac_sha256(signing_secret, signed_text)),
                                    signature)) {
    return Failure{Reason::forbidden, "not signed with the signing secret of the Slack app", "X-Slack-Signature"};
  }
  const TimePoint sent{std::chrono::seconds{seconds}};
  if (sent < now - kWindow || sent > now + kWindow) {
    return Failure{Reason::forbidden, "signed more than five minutes ago, or ahead", "X-Slack-Request-Timestamp"};
  }
  return {};
}

Result<Pressed> parse_slack_button(std::string_view body) {
  const Failure bad{Reason::malformed, "not a payload of Slack's interactive components", {}};
  if (!body.starts_with(kPayload)) return bad;
  std::string encoded(body.substr(kPayload.size()));
  for (char& c : encoded) {
    if (c == '+') c = ' ';  // of a form
  }
  const auto checked = boost::urls::make_pct_string_view(encoded);
  if (!checked) return bad;
  json::error_code error;
  json::parse_options options;
  options.max_depth = kDepthMax;
  const json::value payload = json::parse(checked->decode(), error, {}, options);
  if (error || !payload.is_object() || text_at(payload.as_object(), "type") != "block_actions") return bad;
  const json::value* actions = payload.as_object().if_contains("actions");
  if (actions == nullptr || !actions->is_array() || actions->as_array().empty()) return bad;
  const json::object* action = actions->as_array()[0].if_object();
  const json::value* user = payload.as_object().if_contains("user");
  if (action == nullptr || user == nullptr || !user->is_object()) return bad;
  Pressed pressed;
  if (text_at(*action, "action_id") == sinks::slack::kAcknowledgeAction) pressed.token = text_at(*action, "value");
  pressed.user = text_at(user->as_object(), "username");
  if (pressed.user.empty()) pressed.user = text_at(user->as_object(), "id");
  pressed.user.resize(std::min(pressed.user.size(), kUserBytesMax));
  pressed.reply_url = text_at(payload.as_object(), "response_url");
  const json::value* message = payload.as_object().if_contains("message");
  const json::value* blocks =
      message != nullptr && message->is_object() ? message->as_object().if_contains("blocks") : nullptr;
  if (blocks != nullptr && blocks->is_array()) pressed.blocks = json::serialize(*blocks);
  return pressed;
}

std::string received_message(const Pressed& pressed, std::string_view received) {
  const std::string line =
      sinks::slack::escape("受け取りました / Received: " + pressed.user + ", " + std::string(received));
  json::array blocks;
  json::error_code error;
  const json::value before = json::parse(pressed.blocks, error);
  if (!error && before.is_array()) {
    for (const json::value& block : before.as_array()) {
      if (!block.is_object() || text_at(block.as_object(), "type") != "actions") blocks.push_back(block);
    }
  }
  blocks.emplace_back(
      json::object{{"type", "context"}, {"elements", json::array{json::object{{"type", "mrkdwn"}, {"text", line}}}}});
  return json::serialize(json::object{{"replace_original", true}, {"text", line}, {"blocks", std::move(blocks)}});
}

}  // namespace iwakan::http::acknowledge

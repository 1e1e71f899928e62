#include "sinks/slack/render.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sinks/escape.hpp"
#include "sinks/http_verdict.hpp"
#include "sinks/layout/document.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/retry.hpp"

namespace iwakan::sinks::slack {
namespace {

namespace json = boost::json;

// Slack refuses a message whose blocks hold more than about 13,200 characters together.
constexpr std::size_t kSectionBytesMax = 2'900;
constexpr std::size_t kBlocksBytesMax = 11'500;
constexpr std::size_t kFallbackBytesMax = 3'000;

// An asterisk inside would end the bold.
std::string bold_safe(std::string text) {
  std::replace(text.begin(), text.end(), '*', '+');
  return text;
}

// Cuts text into sections at line ends; what is beyond the limit of all blocks is left out, and said so.
json::array sections_of(std::string_view text) {
  json::array blocks;
  std::size_t used = 0;
  const auto add = [&](const std::string& section) {
    blocks.emplace_back(json::object{{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", section}}}});
  };
  while (!text.empty()) {
    std::size_t length = text.size();
    if (length > kSectionBytesMax) {
      const std::size_t line_end = text.rfind('\n', kSectionBytesMax);
      length = line_end == std::string_view::npos || line_end == 0 ? kSectionBytesMax : line_end + 1;
      while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    }
    if (used + length > kBlocksBytesMax) {
      add("…");
      return blocks;
    }
    add(std::string(text.substr(0, length)));
    used += length;
    text.remove_prefix(length);
  }
  return blocks;
}

// As a template lays it out, or as the document's parts with their headings in bold.
std::string text_of(const Report& report, const Delivery& delivery, const Layout& layout, std::string_view language) {
  const std::optional<Document> document = layout.document(report, delivery, language, escape);
  if (!document) return layout.text(report, delivery, language, escape);
  std::string text;
  const auto line = [&text](const std::string& one) {
    if (!one.empty()) text += one + "\n";
  };
  const auto items = [&](const std::vector<std::string>& all) {
    for (const std::string& item : all) line("• " + item);
  };
  line(document->repeat);
  for (const std::string& one : document->ahead) line(one);
  items(document->expect);
  if (!document->ahead.empty()) text += "\n";
  line(document->follows);
  line("*" + bold_safe(document->headline) + "*");
  line(document->stamp);
  for (const Part& part : document->parts) {
    if (!part.heading.empty()) line("*" + bold_safe(part.heading) + "*");
    line(part.line);
    items(part.items);
  }
  for (const std::string& one : document->closing) line(one);
  line(document->url);
  return text;
}

json::object button(const std::string& link, std::string_view language, bool interactive) {
  const char* label = language == "ja" ? "受け取りました" : "I have received it";
  json::object button{
      {"type", "button"}, {"action_id", kAcknowledgeAction}, {"text", {{"type", "plain_text"}, {"text", label}}}};
  if (interactive) {
    button["value"] = link.substr(link.rfind('/') + 1);
  } else {
    button["url"] = link;
  }
  return {{"type", "actions"}, {"elements", json::array{std::move(button)}}};
}

constexpr std::array<std::string_view, 7> kPassing{"ratelimited",      "rate_limited",    "internal_error",
                                                   "fatal_error",      "request_timeout", "service_unavailable",
                                                   "team_added_to_org"};
constexpr std::array<std::string_view, 6> kUnauthorized{"invalid_auth",  "account_inactive", "not_authed",
                                                        "token_revoked", "token_expired",    "missing_scope"};
constexpr std::array<std::string_view, 3> kGone{"channel_not_found", "is_archived", "channel_is_archived"};

// Slack's own words look like "no_service". Nothing else is quoted: an error page may say back the address
// or the token, which are secrets.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool among(std::string_view word, const auto& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  for (const char c : escape_terminal(text)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '`': safe += safe.ends_with("``") ? '\'' : '`'; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string message_of(const Report& report, const Delivery& delivery, const Layout& layout, const Target& target) {
  std::string text;
  std::string fallback;
  for (const std::string& language : delivery.recipient.languages) {
    if (!text.empty()) text += "────────\n";
    text += text_of(report, delivery, layout, language);
    fallback += (fallback.empty() ? "" : "\n") + escape(layout.headline(report, language));
  }
  // The only mention that a message can hold: all other text is escaped. Nobody is called to a drill, or one by one.
  const bool calls = report.may_mention && !report.drill && delivery.recipient.person.empty();
  if (calls && !target.mention.empty()) text = "<!" + std::string(target.mention) + ">\n" + text;
  json::object message{{"text", truncated(fallback, kFallbackBytesMax)},
                       {"blocks", sections_of(text)},
                       {"unfurl_links", false},
                       {"unfurl_media", false}};
  if (const std::string link = layout.invitation(report, delivery); !link.empty()) {
    message["blocks"].as_array().emplace_back(button(link, delivery.recipient.languages.front(), target.interactive));
  }
  if (!target.channel.empty()) message["channel"] = target.channel;
  return json::serialize(message);
}

DeliveryAnswer webhook_verdict(const HttpOutcome& outcome, TimePoint now) {
  DeliveryAnswer answer = http_verdict(outcome, now);
  if (answer.verdict == DeliveryVerdict::give_up && outcome.reason == DeliveryReason::accepted) {
    if (is_word(outcome.body)) answer.detail += ": " + outcome.body;
  }
  return answer;
}

DeliveryAnswer api_verdict(const HttpOutcome& outcome, TimePoint now) {
  DeliveryAnswer answer = http_verdict(outcome, now);
  if (answer.verdict != DeliveryVerdict::delivered) return answer;
  json::error_code error;
  const json::value value = json::parse(outcome.body, error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value* ok = object == nullptr ? nullptr : object->if_contains("ok");
  if (ok == nullptr || !ok->is_bool()) {
    return {.verdict = DeliveryVerdict::retry_later,
            .reason = DeliveryReason::server_error,
            .detail = "answered 200 with something that is not Slack's",
            .retry_after = {},
            .outcome_unknown = true};
  }
  if (ok->as_bool()) return answer;
  const json::value* word = object->if_contains("error");
  const std::string what = word != nullptr && word->is_string() ? std::string(word->as_string()) : std::string();
  answer.detail = is_word(what) ? "Slack says " + what : "Slack refused, and gave no reason";
  answer.verdict = among(what, kPassing) ? DeliveryVerdict::retry_later : DeliveryVerdict::give_up;
  answer.reason = among(what, kUnauthorized)                        ? DeliveryReason::unauthorized
                  : among(what, kGone)                              ? DeliveryReason::gone
                  : what == "ratelimited" || what == "rate_limited" ? DeliveryReason::rate_limited
                  : answer.verdict == DeliveryVerdict::retry_later  ? DeliveryReason::server_error
                                                                    : DeliveryReason::rejected;
  answer.retry_after = parse_retry_after(outcome.header("retry-after"), now);
  answer.outcome_unknown = what == "internal_error" || what == "fatal_error" || what == "request_timeout";
  return answer;
}

}  // namespace iwakan::sinks::slack

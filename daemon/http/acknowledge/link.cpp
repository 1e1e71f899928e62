#include "http/acknowledge/link.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sinks/base64.hpp"
#include "sinks/hmac.hpp"

namespace iwakan::http::acknowledge {
namespace {

constexpr std::size_t kTokenBytesMax = 512;
// What is signed begins with its purpose, so that no other signature made with this key fits here.
constexpr std::string_view kPurpose = "iwakan acknowledge 1\n";

std::string signature_of(const Secret& key, std::string_view said) {
  std::string text = sinks::base64(sinks::hmac_sha256(key, std::string(kPurpose) + std::string(said)));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string said_by(const Invitation& invitation) {
  const auto expiry = std::chrono::floor<std::chrono::seconds>(invitation.expires_at).time_since_epoch().count();
  return invitation.incident + "." + std::to_string(invitation.report) + "." + invitation.person + "." +
         std::to_string(expiry);
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string Links::token(const Invitation& invitation) const {
  const std::string said = said_by(invitation);
  return said + "." + signature_of(key_, said);
}

Result<Invitation> Links::read(std::string_view token, TimePoint now) const {
  const Failure foreign{Reason::forbidden, "this link was not made by this iwakan", {}};
  const std::size_t end = token.rfind('.');
  if (token.size() > kTokenBytesMax || end == std::string_view::npos) return foreign;
  std::string_view rest = token.substr(0, end);
  if (!sinks::same_in_constant_time(signature_of(key_, rest), token.substr(end + 1))) return foreign;
  std::array<std::string_view, 4> parts{};
  for (std::string_view& part : parts) {
    const std::size_t dot = rest.find('.');
    part = rest.substr(0, dot);
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  }
  Invitation invitation{std::string(parts[0]), 0, std::string(parts[2]), {}};
  std::int64_t expiry = 0;
  if (!rest.empty() || !parse(parts[1], invitation.report) || !parse(parts[3], expiry)) return foreign;
  invitation.expires_at = TimePoint{std::chrono::seconds{expiry}};
  if (now >= invitation.expires_at) return Failure{Reason::timed_out, "this link has expired", {}};
  return invitation;
}

std::string Links::link(const Report& report, const Delivery& delivery) const {
  if (url_.empty() || !report.individual || delivery.recipient.person.empty()) return {};
  return url_ + std::string(kLinkPath) +
         token({report.incident, report.number, delivery.recipient.person, report.issued_at + valid_for_});
}

}  // namespace iwakan::http::acknowledge

#include "recorder/line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "model/ascii.hpp"

namespace iwakan::recorder {
namespace {

namespace json = boost::json;

constexpr std::string_view kRemoved = "removed";

bool tells_a_secret(const std::string& name) {
  constexpr std::array<std::string_view, 12> kWords{"auth",      "cookie",   "token", "secret",
                                                    "signature", "password", "key",   "credential",
                                                    "session",   "passwd",   "jwt",   "assertion"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&name](std::string_view word) { return name.find(word) != std::string::npos; });
}

// Recordings are UTF-8. What is not was refused by its source, and is kept only to be seen.
std::string as_utf8(std::string_view text) {
  std::string valid(text);
  if (simdjson::validate_utf8(text.data(), text.size())) return valid;
  std::replace_if(
      valid.begin(), valid.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return valid;
}

// "a=1&token=x" without what proves who somebody is.
std::string without_tokens(std::string_view pairs) {
  std::string kept;
  while (!pairs.empty()) {
    const std::size_t end = std::min(pairs.find('&'), pairs.size());
    const std::string_view pair = pairs.substr(0, end);
    const std::size_t sign = pair.find('=');
    const std::string name = ascii_lower(pair.substr(0, sign));
    const bool secret = sign != std::string_view::npos && (tells_a_secret(name) || name == "sig" || name == "code");
    kept += secret ? std::string(pair.substr(0, sign + 1)) + std::string(kRemoved) : std::string(pair);
    if (end < pairs.size()) kept += '&';
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
  }
  return kept;
}

// A path, or an address that a header names, with the tokens of its query taken out.
std::string address_without_tokens(std::string_view address) {
  const std::size_t mark = address.find('?');
  if (mark == std::string_view::npos) return std::string(address);
  return std::string(address.substr(0, mark + 1)) + without_tokens(address.substr(mark + 1));
}

// Behind the closing quote of the text in JSON that begins at `quote`; the end, if none closes it.
std::size_t end_of_text(std::string_view json_text, std::size_t quote) {
  for (std::size_t i = quote + 1; i < json_text.size(); ++i) {
    if (json_text[i] == '\\') {
      ++i;
    } else if (json_text[i] == '"') {
      return i + 1;
    }
  }
  return json_text.size();
}

// A name may be written with escapes.
bool is_secret(std::string_view quoted_name, std::span<const std::string> members) {
  constexpr std::array<std::string_view, 4> kOfSenders{"Token", "SubscribeURL", "UnsubscribeURL", "routing_key"};
  boost::system::error_code error;
  const json::value value = json::parse(quoted_name, error);
  if (error || !value.is_string()) return false;
  const std::string_view name = value.get_string();
  return std::find(kOfSenders.begin(), kOfSenders.end(), name) != kOfSenders.end() ||
         std::find(members.begin(), members.end(), name) != members.end();
}

// JSON, right or not, byte for byte but for the texts under such names.
std::string json_without_tokens(std::string_view text, std::span<const std::string> members) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::string kept;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t quote = std::min(text.find('"', at), text.size());
    const std::size_t end = quote == text.size() ? quote : end_of_text(text, quote);
    kept += text.substr(at, end - at);
    at = end;
    const std::size_t colon = text.find_first_not_of(kSpace, end);
    if (colon == std::string_view::npos || text[colon] != ':') continue;
    const std::size_t value = text.find_first_not_of(kSpace, colon + 1);
    if (value == std::string_view::npos || text[value] != '"') continue;
    if (!is_secret(text.substr(quote, end - quote), members)) continue;
    kept += text.substr(end, value - end);
    kept += '"' + std::string(kRemoved) + '"';
    at = end_of_text(text, value);
  }
  return kept;
}

}  // namespace

std::string line_of(const Request& request, const Secrets& secrets) {
  json::object headers;
  bool is_form = false;
  for (const auto& [name, value] : request.headers) {
    const std::string small = ascii_lower(name);
    const bool named = std::find(secrets.headers.begin(), secrets.headers.end(), small) != secrets.headers.end();
    if (named || tells_a_secret(small) || headers.contains(as_utf8(name))) continue;
    if (small == "content-type") is_form = ascii_lower(value).starts_with("application/x-www-form-urlencoded");
    headers[as_utf8(name)] = as_utf8(address_without_tokens(value));
  }
  const std::string body = is_form ? without_tokens(request.body) : json_without_tokens(request.body, secrets.members);
  json::object line{{"at", format_time(request.at)},
                    {"method", as_utf8(request.method)},
                    {"path", as_utf8(address_without_tokens(request.target))},
                    {"headers", std::move(headers)},
                    {"body", as_utf8(body)}};
  if (request.verified) line["verified"] = true;
  if (!request.refused.empty()) line["refused"] = request.refused;
  return json::serialize(line) + "\n";
}

}  // namespace iwakan::recorder

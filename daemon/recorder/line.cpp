#include "recorder/line.hpp"

#include <re2/re2.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace iwakan::recorder {
namespace {

namespace json = boost::json;

constexpr std::string_view kRemoved = "removed";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

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

std::string without_tokens(std::string_view target) {
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return as_utf8(target);
  std::string kept(target.substr(0, query + 1));
  for (std::string_view rest = target.substr(query + 1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t sign = pair.find('=');
    const std::string name = lower(pair.substr(0, sign));
    const bool secret = sign != std::string_view::npos && (tells_a_secret(name) || name == "sig" || name == "code");
    kept += secret ? std::string(pair.substr(0, sign + 1)) + std::string(kRemoved) : std::string(pair);
    if (end < rest.size()) kept += '&';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return as_utf8(kept);
}

std::string body_without_tokens(std::string_view body) {
  static const RE2 pattern(R"re("(Token|SubscribeURL|UnsubscribeURL|routing_key)"(\s*:\s*)"(?:[^"\\]|\\.)*")re");
  std::string kept = as_utf8(body);
  RE2::GlobalReplace(&kept, pattern, R"re("\1"\2"removed")re");
  return kept;
}

}  // namespace

std::string line_of(const Request& request, std::span<const std::string> secret_headers) {
  json::object headers;
  for (const auto& [name, value] : request.headers) {
    const std::string small = lower(name);
    const bool named = std::find(secret_headers.begin(), secret_headers.end(), small) != secret_headers.end();
    if (named || tells_a_secret(small) || headers.contains(as_utf8(name))) continue;
    headers[as_utf8(name)] = as_utf8(value);
  }
  json::object line{{"at", format_time(request.at)},
                    {"method", as_utf8(request.method)},
                    {"path", without_tokens(request.target)},
                    {"headers", std::move(headers)},
                    {"body", body_without_tokens(request.body)}};
  if (request.verified) line["verified"] = true;
  if (!request.refused.empty()) line["refused"] = request.refused;
  return json::serialize(line) + "\n";
}

}  // namespace iwakan::recorder

#include "recorder/line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <optional>

#include "model/ascii.hpp"

namespace iwakan::recorder {
namespace {

namespace json = boost::json;

constexpr std::string_view kRemoved = "removed";
constexpr std::string_view kSpace = " \t\r\n";

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

// A text in JSON without its quotes and escapes; nothing: it is none.
std::optional<std::string> unquoted(std::string_view quoted) {
  boost::system::error_code error;
  const json::value value = json::parse(quoted, error);
  if (error || !value.is_string()) return std::nullopt;
  return std::string(value.get_string());
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// Takes out what must not stand in a recording.
class Censor {
 public:
  explicit Censor(const Secrets& secrets) : secrets_(secrets) {}

  std::string text(std::string_view plain) const {
    return secrets_.redaction.redact(plain).value_or(std::string(plain));
  }

  // A path, or an address that a header names, with its query.
  std::string address(std::string_view whole) const {
    const std::size_t mark = whole.find('?');
    if (mark == std::string_view::npos) return text(whole);
    return text(whole.substr(0, mark + 1)) + pairs(whole.substr(mark + 1));
  }

  // "a=1&token=x".
  std::string pairs(std::string_view form) const {
    std::string kept;
    while (!form.empty()) {
      const std::size_t end = std::min(form.find('&'), form.size());
      kept += pair(form.substr(0, end));
      if (end < form.size()) kept += '&';
      form.remove_prefix(std::min(end + 1, form.size()));
    }
    return kept;
  }

  // JSON, right or not, also in texts within; byte for byte otherwise.
  std::string members(std::string_view whole, int depth = 0) const {
    std::string kept;
    std::size_t at = 0;
    while (at < whole.size()) {
      const std::size_t quote = std::min(whole.find('"', at), whole.size());
      kept += whole.substr(at, quote - at);
      at = quote == whole.size() ? quote : end_of_text(whole, quote);
      const std::string_view quoted = whole.substr(quote, at - quote);
      const std::size_t value = text_under_name(whole, at);
      if (value == std::string_view::npos || !is_secret(quoted)) {
        kept += within(quoted, depth);
        continue;
      }
      kept += whole.substr(quote, value - quote);
      kept += '"' + std::string(kRemoved) + '"';
      at = end_of_text(whole, value);
    }
    return kept;
  }

 private:
  static constexpr int kDepthMax = 4;

  // Where the text begins whose name ends at `end`.
  static std::size_t text_under_name(std::string_view whole, std::size_t end) {
    const std::size_t colon = whole.find_first_not_of(kSpace, end);
    if (colon == std::string_view::npos || whole[colon] != ':') return std::string_view::npos;
    const std::size_t value = whole.find_first_not_of(kSpace, colon + 1);
    return value != std::string_view::npos && whole[value] == '"' ? value : std::string_view::npos;
  }

  bool is_secret(std::string_view quoted_name) const {
    constexpr std::array<std::string_view, 4> kOfSenders{"Token", "SubscribeURL", "UnsubscribeURL", "routing_key"};
    const auto name = unquoted(quoted_name);
    if (!name) return false;
    const auto& own = secrets_.members;
    return std::find(kOfSenders.begin(), kOfSenders.end(), *name) != kOfSenders.end() ||
           std::find(own.begin(), own.end(), *name) != own.end() || secrets_.redaction.removes(*name);
  }

  std::string within(std::string_view quoted, int depth) const {
    const auto plain = unquoted(quoted);
    if (!plain) return text(quoted);
    const std::string kept = is_json(*plain) && depth < kDepthMax ? members(*plain, depth + 1) : text(*plain);
    return kept == *plain ? std::string(quoted) : json::serialize(json::value(kept));
  }

  std::string pair(std::string_view whole) const {
    const std::size_t sign = whole.find('=');
    if (sign == std::string_view::npos) return std::string(whole);
    const std::string name = ascii_lower(whole.substr(0, sign));
    const std::string head(whole.substr(0, sign + 1));
    if (tells_a_secret(name) || name == "sig" || name == "code") return head + std::string(kRemoved);
    const std::string_view value = whole.substr(sign + 1);
    const auto view = boost::urls::make_pct_string_view({value.data(), value.size()});
    if (!view) return text(whole);
    const std::string plain = view->decode({true, false, false});  // + is a blank
    const std::string kept = is_json(plain) ? members(plain) : text(plain);
    return kept == plain ? std::string(whole) : head + boost::urls::encode(kept, boost::urls::unreserved_chars);
  }

  const Secrets& secrets_;
};

}  // namespace

std::string line_of(const Request& request, const Secrets& secrets) {
  const Censor censor(secrets);
  json::object headers;
  bool is_form = false;
  for (const auto& [name, value] : request.headers) {
    const std::string small = ascii_lower(name);
    const bool named = std::find(secrets.headers.begin(), secrets.headers.end(), small) != secrets.headers.end();
    if (named || tells_a_secret(small) || headers.contains(as_utf8(name))) continue;
    if (small == "content-type") is_form = ascii_lower(value).starts_with("application/x-www-form-urlencoded");
    headers[as_utf8(name)] = as_utf8(censor.address(value));
  }
  std::string body = is_form ? censor.pairs(request.body) : censor.members(request.body);
  if (!is_form && !is_json(body)) body = censor.text(body);
  json::object line{{"at", format_time(request.at)},
                    {"method", as_utf8(request.method)},
                    {"path", as_utf8(censor.address(request.target))},
                    {"headers", std::move(headers)},
                    {"body", as_utf8(body)}};
  if (request.verified) line["verified"] = true;
  if (!request.refused.empty()) line["refused"] = request.refused;
  return json::serialize(line) + "\n";
}

}  // namespace iwakan::recorder

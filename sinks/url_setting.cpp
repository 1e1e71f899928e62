#include "sinks/url_setting.hpp"

#include <boost/url/parse.hpp>

namespace iwakan::sinks {
namespace {

bool is_http_url(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  return url && (url->scheme() == "http" || url->scheme() == "https") && !url->host().empty();
}

}  // namespace

UrlPlace parse_url(Fields& fields, std::string_view key) {
  const Setting* found = fields.required_child(key);
  if (found == nullptr) return {};
  if (found->kind == Setting::Kind::map) return {{}, parse_secret_place(*found, fields.complaints())};
  const std::string text = fields.required_text(key);
  if (!text.empty() && !is_http_url(text)) {
    complain(fields.complaints(), *found, "not an http or https URL with a host",
             "write for example https://example.com/hook");
  }
  return {text, {}};
}

Result<Secret> read_url(const UrlPlace& place, const std::string& credentials) {
  if (!place.text.empty()) return Secret(place.text);
  auto secret = read_secret(place.secret, credentials);
  if (!secret) return secret.error();
  if (!is_http_url(secret->reveal())) {
    return Failure{Reason::malformed, "the secret is not an http or https URL with a host",
                   place.secret.file + place.secret.credential};
  }
  return secret;
}

}  // namespace iwakan::sinks

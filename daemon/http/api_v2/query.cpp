#include "http/api_v2/query.hpp"

#include <algorithm>
#include <array>
#include <boost/url/pct_string_view.hpp>

namespace iwakan::http::api_v2 {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  if (!encoded) return std::nullopt;
  boost::urls::encoding_opts options;
  options.space_as_plus = true;
  return encoded->decode(options);
}

}  // namespace

Result<Query> Query::parse(std::string_view query) {
  Query parsed;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) {
      return Failure{Reason::malformed, "the query is not percent-encoded: " + std::string(pair.substr(0, 128)), "?"};
    }
    parsed.values_.emplace_back(*std::move(name), *std::move(value));
  }
  return parsed;
}

std::vector<std::string_view> Query::all(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& [known, value] : values_) {
    if (known == name) found.emplace_back(value);
  }
  return found;
}

std::string_view Query::first(std::string_view name) const {
  const auto found = all(name);
  return found.empty() ? std::string_view{} : found.front();
}

Result<bool> Query::boolean(std::string_view name, bool fallback) const {
  constexpr std::array<std::string_view, 6> kTrue{"true", "True", "TRUE", "t", "T", "1"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "False", "FALSE", "f", "F", "0"};
  const std::string_view value = first(name);
  if (value.empty()) return fallback;
  if (std::find(kTrue.begin(), kTrue.end(), value) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), value) != kFalse.end()) return false;
  return Failure{Reason::wrong_type, "must be true or false", "?" + std::string(name)};
}

}  // namespace iwakan::http::api_v2

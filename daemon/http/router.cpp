#include "http/router.hpp"

#include <algorithm>
#include <optional>

#include "model/assert.hpp"
#include "model/setting.hpp"

namespace iwakan::http {
namespace {

// Longer paths are not compared with the known ones: the effort grows with their length.
constexpr std::size_t kPathLengthCompared = 128;

// The segment between `before` and `after`; nothing unless it is one whole segment.
std::optional<std::string_view> segment(std::string_view path, std::string_view before, std::string_view after) {
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return {};
  const std::string_view middle = path.substr(before.size(), path.size() - before.size() - after.size());
  if (middle.find('/') != std::string_view::npos) return {};
  return middle;
}

}  // namespace

void Router::add(std::string method, std::string pattern, access::May may, Handler handler) {
  IWAKAN_ASSERT(pattern.starts_with('/'));
  const auto same = [&](const Route& route) { return route.pattern == pattern; };
  auto route = std::find_if(routes_.begin(), routes_.end(), same);
  if (route == routes_.end()) {
    Route fresh;
    const std::size_t open = pattern.find('{');
    const std::size_t close = pattern.find('}');
    fresh.has_parameter = open != std::string::npos;
    IWAKAN_ASSERT(fresh.has_parameter == (close != std::string::npos));
    IWAKAN_ASSERT(!fresh.has_parameter || pattern.find('{', open + 1) == std::string::npos);
    fresh.before = pattern.substr(0, open);
    if (fresh.has_parameter) fresh.after = pattern.substr(close + 1);
    fresh.pattern = std::move(pattern);
    route = routes_.insert(routes_.end(), std::move(fresh));
  }
  for (const Method& known : route->methods) IWAKAN_ASSERT(known.name != method);
  route->methods.push_back({std::move(method), std::move(may), std::move(handler)});
}

std::variant<Match, Response> Router::find(std::string_view method, std::string_view path) const {
  Match match;
  const Route* route = route_of(path, match.parameter);
  if (route == nullptr) return not_found(path);
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  std::string allowed;
  for (const Method& known : route->methods) {
    if (known.name == wanted) {
      match.may = &known.may;
      match.handler = &known.handler;
      return match;
    }
    allowed += (allowed.empty() ? "" : ", ") + known.name;
    if (known.name == "GET") allowed += ", HEAD";
  }
  Response response = refusal(
      405, {Reason::unsupported, "this path does not take " + std::string(method.substr(0, 16)) + "; use " + allowed,
            route->pattern});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::vector<Router::Served> Router::served() const {
  std::vector<Served> all;
  for (const Route& route : routes_) {
    for (const Method& method : route.methods) all.push_back({method.name, route.pattern, method.may});
  }
  return all;
}

const Router::Route* Router::route_of(std::string_view path, std::string_view& parameter) const {
  for (const Route& route : routes_) {
    if (!route.has_parameter && route.pattern == path) return &route;
  }
  for (const Route& route : routes_) {
    if (!route.has_parameter) continue;
    if (const auto found = segment(path, route.before, route.after)) {
      parameter = *found;
      return &route;
    }
  }
  return nullptr;
}

Response Router::not_found(std::string_view path) const {
  std::vector<std::string_view> known;
  if (path.size() <= kPathLengthCompared) {
    for (const Route& route : routes_) known.emplace_back(route.pattern);
  }
  const std::string near = nearest(path, known);
  std::string detail = "nothing is served here";
  if (!near.empty()) detail += "; did you mean " + near + "?";
  return refusal(404, {Reason::not_found, std::move(detail), std::string(path.substr(0, kPathLengthCompared))});
}

}  // namespace iwakan::http

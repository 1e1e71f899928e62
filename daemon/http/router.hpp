// Router: which handler serves a method and a path.
//
// Patterns are exact paths ("/v1/alertmanager") or hold one parameter, which matches one whole,
// non-empty segment ("/api/v1/incidents/{id}/notes"); an exact path wins. Paths are compared byte by
// byte: percent-encoding is not undone, and a trailing slash is another path. Filled before the server
// starts, constant after that; then any thread may ask.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access/may.hpp"
#include "http/message.hpp"

namespace iwakan::http {

struct Match {
  const access::May* may = nullptr;  // both live as long as the router
  const Handler* handler = nullptr;
  std::string_view parameter;  // part of the path asked for
};

class Router {
 public:
  // REQUIRES: the pattern begins with '/', has at most one parameter, and is new for this method.
  void add(std::string method, std::string pattern, access::May may, Handler handler);

  // The handler, or the answer: 404 with the nearest known path, 405 with Allow. A GET route serves
  // HEAD, too.
  std::variant<Match, Response> find(std::string_view method, std::string_view path) const;

  // All that is served, in the order in which it was added; valid as long as the router.
  struct Served {
    std::string_view method;
    std::string_view pattern;
    const access::May& may;
  };
  std::vector<Served> served() const;

 private:
  struct Method {
    std::string name;
    access::May may;
    Handler handler;
  };
  struct Route {
    std::string pattern;
    std::string before;  // the parameter, or the whole pattern
    std::string after;
    bool has_parameter = false;
    std::vector<Method> methods;
  };

  const Route* route_of(std::string_view path, std::string_view& parameter) const;
  Response not_found(std::string_view path) const;

  std::vector<Route> routes_;
};

}  // namespace iwakan::http

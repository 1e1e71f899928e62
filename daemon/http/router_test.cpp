// Goal: each path finds its handler, and whoever misses it is told the way. Method: a router with a few
// routes, and tables of paths.
#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace iwakan::http {
namespace {

using testing::HasSubstr;
using testing::Not;

struct RouterTest : testing::Test {
  RouterTest() {
    for (const char* pattern : {"/v1/alertmanager", "/api/v1/incidents", "/api/v1/incidents/{id}",
                                "/api/v1/incidents/{id}/notes", "/api/v1/incidents/all"}) {
      for (const char* method : {"GET", "POST"}) {
        router.add(method, pattern, access::May::anyone(),
                   [this, name = std::string(method) + " " + pattern](const Request&, Respond) { called = name; });
      }
    }
    router.add("POST", "/-/reload", access::May::anyone(), [](const Request&, Respond) {});
  }

  // "GET /pattern parameter", or the status.
  std::string found(std::string_view method, std::string_view path) {
    const auto result = router.find(method, path);
    if (const auto* response = std::get_if<Response>(&result)) return std::to_string(response->status);
    const auto& match = std::get<Match>(result);
    (*match.handler)({}, {});
    return match.parameter.empty() ? called : called + " " + std::string(match.parameter);
  }

  Response refused(std::string_view method, std::string_view path) const {
    return std::get<Response>(router.find(method, path));
  }

  std::string called;
  Router router;
};

TEST_F(RouterTest, FindsExactPathsAndParameters) {
  struct Row {
    const char* method;
    const char* path;
    const char* found;
  };
  for (const Row& row :
       {Row{"POST", "/v1/alertmanager", "POST /v1/alertmanager"},
        Row{"HEAD", "/v1/alertmanager", "GET /v1/alertmanager"},
        Row{"GET", "/api/v1/incidents", "GET /api/v1/incidents"},
        Row{"GET", "/api/v1/incidents/INC-1", "GET /api/v1/incidents/{id} INC-1"},
        Row{"GET", "/api/v1/incidents/all", "GET /api/v1/incidents/all"},
        Row{"POST", "/api/v1/incidents/INC-1/notes", "POST /api/v1/incidents/{id}/notes INC-1"},
        Row{"POST", "/api/v1/incidents/notes/notes", "POST /api/v1/incidents/{id}/notes notes"},
        Row{"GET", "/api/v1/incidents/%2F", "GET /api/v1/incidents/{id} %2F"}, Row{"GET", "/api/v1/incidents/", "404"},
        Row{"GET", "/api/v1/incidents//notes", "404"}, Row{"GET", "/api/v1/incidents/a/b", "404"},
        Row{"GET", "/api/v1/incidents/a/b/notes", "404"}, Row{"GET", "/v1/alertmanager/", "404"},
        Row{"GET", "/", "404"}, Row{"GET", "/V1/ALERTMANAGER", "404"}, Row{"GET", "/-/reload", "405"},
        Row{"get", "/v1/alertmanager", "405"}}) {
    EXPECT_EQ(found(row.method, row.path), row.found) << row.method << " " << row.path;
  }
}

TEST_F(RouterTest, PointsToTheNearestPath) {
  const Response response = refused("POST", "/v1/alertmanger");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(
      response.body,
      "{\"error\":{\"reason\":\"not_found\",\"path\":\"/v1/alertmanger\",\"detail\":\"nothing is served here; did "
      "you mean /v1/alertmanager?\"}}");
  EXPECT_THAT(refused("GET", "/robots.txt").body, Not(HasSubstr("did you mean")));
}

// The effort grows with the length, and the length is up to strangers.
TEST_F(RouterTest, ComparesNoEndlessPaths) {
  const std::string known = "/" + std::string(127, 'a');
  router.add("GET", known, access::May::anyone(), [](const Request&, Respond) {});
  EXPECT_THAT(refused("GET", known.substr(1)).body, HasSubstr("did you mean"));
  EXPECT_THAT(refused("GET", known + "a").body, Not(HasSubstr("did you mean")));
  EXPECT_LT(refused("GET", std::string(16'000, '/')).body.size(), 300u);  // nor repeats them
}

TEST_F(RouterTest, SaysWhichMethodsThePathTakes) {
  const Response reload = refused("GET", "/-/reload");
  EXPECT_EQ(reload.headers, (std::vector<std::pair<std::string, std::string>>{{"Allow", "POST"}}));
  EXPECT_EQ(refused("DELETE", "/v1/alertmanager").headers.front().second, "GET, HEAD, POST");
}

}  // namespace
}  // namespace iwakan::http

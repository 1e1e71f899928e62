// Goal: docs/openapi.yaml tells all that is served under /api/v1, with the role it takes, and nothing else. Method: the
// routes as the daemon adds them, against the paths of the document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "http/api/acts.hpp"
#include "http/api/api.hpp"
#include "http/api/events.hpp"
#include "http/api/records.hpp"
#include "settings/yaml.hpp"
#include "store/memory_store.hpp"

namespace iwakan::http::api {
namespace {

// "GET /api/v1/incidents" → "read".
using Roles = std::map<std::string, std::string>;

Roles described() {
  const std::string file = std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/docs/openapi.yaml";
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  Complaints complaints;
  const auto document = settings::parse_yaml(text.str(), file, complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  Roles roles;
  if (!document) return roles;
  for (const auto& [path, item] : document->find("paths")->fields) {
    for (const auto& [method, operation] : item.fields) {
      const Setting* role = operation.find("x-role");
      if (role == nullptr) continue;  // what all methods of the path share
      std::string name = method;
      std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      roles[name + " " + path] = role->scalar;
    }
  }
  return roles;
}

Roles served() {
  const engine::Engine engine(std::make_shared<const engine::Settings>());
  const store::MemoryStore store;
  Api api({.engine = engine,
           .store = store,
           .now = {},
           .when_settled = {},
           .report_json = {},
           .laid_out = {},
           .page_of = {}});
  const Acts acts({}, {});
  Records records({.engine = engine, .store = store, .now = {}, .policy = {}, .first_record = {}, .when_settled = {}});
  Events events({.engine = engine, .store = store, .clock = {}});
  Router router;
  events.add_routes(router);
  api.add_routes(router);
  records.add_routes(router);
  add_acts(acts, router);
  add_timeline_acts(acts, router, store);
  Roles roles;
  for (const Router::Served& one : router.served()) {
    EXPECT_EQ(one.may.who, access::May::Who::person) << one.pattern;
    if (!one.pattern.starts_with("/api/v1/")) continue;  // a page, and no part of the interface
    roles[std::string(one.method) + " " + std::string(one.pattern)] = access::name(one.may.role);
  }
  return roles;
}

TEST(DescribedTest, WhatIsServedIsDescribedAndTheOtherWayRound) {
  EXPECT_THAT(served(), testing::ContainerEq(described()));
}

}  // namespace
}  // namespace iwakan::http::api

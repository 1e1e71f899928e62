// Goal: the server lets nobody pass whom the gate does not, before it has read what they send, and says
// why in the answer, the log and the metrics. Method: real sockets; a register with everybody in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "access/testing.hpp"
#include "http/test_server.hpp"

namespace iwakan::http {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kBody = R"({"version":"1","status":"firing","alerts":[]})";
const std::string kSignature = "X-Sig: d74f73fe7d26cd1a9cccd83a709d107d2dd8e874febfe87c0406edacc531150a\r\n";

std::shared_ptr<const access::Register> everybody() {
  const access::testing::Secrets secrets;
  access::Settings settings;
  settings.on = true;
  settings.known = {
      access::testing::person("reader", access::Role::read,
                              {access::TokenProof{secrets.keep("reader", "token-of-reader-01"), {}}}),
      access::testing::person("sato", access::Role::command,
                              {access::TokenProof{secrets.keep("sato", "token-of-sato-0123"), {}}}),
      access::testing::sender("grafana", {"grafana"},
                              {access::HmacProof{secrets.keep("grafana", "grafana-test-secret"), "X-Sig", {}, {}},
                               access::TokenProof{secrets.keep("token", "token-of-grafana-0"), {}}})};
  settings.known.back().caller.budget = {.requests = 1, .bytes = 1000, .burst = std::chrono::seconds(2)};
  return std::make_shared<const access::Register>(*access::Register::open(settings, {}));
}

struct AccessTest : testing::Test {
  Answered ask(const std::string& method, const std::string& path, const std::string& headers,
               const std::string& body = {}) {
    Client client = server.connect();
    client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.answer();
  }

  TestServer server{{}, everybody()};
};

TEST_F(AccessTest, TheCallerIsTheActor) {
  EXPECT_EQ(ask("GET", "/read", "Authorization: Bearer token-of-reader-01\r\n").body, "reader");
  EXPECT_EQ(ask("POST", "/command", "Authorization: Bearer token-of-sato-0123\r\n", "{}").body, "sato");
  EXPECT_EQ(ask("POST", "/v1/grafana", kSignature, kBody).body, "grafana");
  EXPECT_EQ(ask("GET", "/hello", "").status, 200);
}

TEST_F(AccessTest, WhoIsUnknownIsToldHowToProveIt) {
  for (const char* headers : {"", "Authorization: Bearer token-of-nobody-01\r\n"}) {
    const Answered refused = ask("GET", "/read", headers);
    EXPECT_EQ(refused.status, 401);
    EXPECT_THAT(refused.headers.at("www-authenticate"), HasSubstr("realm=\"iwakan\""));
    EXPECT_THAT(refused.body, HasSubstr(R"({"error":{"reason":"unauthorized","path":"Authorization","detail":")"));
    EXPECT_THAT(refused.body, Not(HasSubstr("token-of-nobody")));
  }
  EXPECT_THAT(server.metrics(), HasSubstr(R"(iwakan_requests_refused_total{reason="unauthorized",source="http"} 2)"));
}

TEST_F(AccessTest, WhoIsKnownAndMayNotIsToldWhy) {
  const Answered refused = ask("POST", "/command", "Authorization: Bearer token-of-reader-01\r\n", "{}");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.headers.count("www-authenticate"), 0U);
  EXPECT_THAT(refused.body, HasSubstr("reader has the role read; this needs command"));
  EXPECT_EQ(ask("POST", "/v1/grafana", "Authorization: Bearer token-of-sato-0123\r\n", "{}").status, 403);
  EXPECT_THAT(server.metrics(), HasSubstr(R"(iwakan_requests_refused_total{reason="forbidden",source="http"} 1)"));
  EXPECT_THAT(server.metrics(), HasSubstr(R"(iwakan_requests_refused_total{reason="forbidden",source="grafana"} 1)"));
}

TEST_F(AccessTest, AStrangersBodyIsNotReadAtAll) {
  Client client = server.connect();
  client.send("POST /command HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(client.answer().status, 401);  // though none of it has come
}

TEST_F(AccessTest, ASignatureIsCheckedOverTheBodyAsItCame) {
  std::string flipped = kBody;
  flipped[3] ^= 1;
  EXPECT_EQ(ask("POST", "/v1/grafana", kSignature, flipped).status, 401);
  Client chunked = server.connect();
  chunked.send("POST /v1/grafana HTTP/1.1\r\nHost: localhost\r\n" + kSignature +
               "Transfer-Encoding: chunked\r\n\r\n10\r\n" + kBody.substr(0, 16) + "\r\n1D\r\n" + kBody.substr(16) +
               "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.answer().body, "grafana");
  EXPECT_THAT(server.metrics(),
              HasSubstr(R"(iwakan_requests_refused_total{reason="unauthorized",source="grafana"} 1)"));
}

TEST_F(AccessTest, OverItsBudgetASenderIsToldToComeBack) {
  const std::string token = "Authorization: Bearer token-of-grafana-0\r\n";
  EXPECT_EQ(ask("POST", "/v1/grafana", token, "{}").status, 200);
  EXPECT_EQ(ask("POST", "/v1/grafana", token, "{}").status, 200);
  const Answered refused = ask("POST", "/v1/grafana", token, "{}");
  EXPECT_EQ(refused.status, 503);  // never 429: Alertmanager would drop it
  EXPECT_EQ(refused.headers.count("retry-after"), 1U);
  EXPECT_EQ(ask("GET", "/read", "Authorization: Bearer token-of-reader-01\r\n").status, 200);
  server.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(ask("POST", "/v1/grafana", token, "{}").status, 200);
}

TEST_F(AccessTest, AChunkedBodyIsChargedOnceItIsThere) {
  const std::string token = "Authorization: Bearer token-of-grafana-0\r\n";
  Client client = server.connect();
  client.send("POST /v1/grafana HTTP/1.1\r\nHost: localhost\r\n" + token + "Transfer-Encoding: chunked\r\n\r\nBB8\r\n" +
              std::string(3000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(ask("POST", "/v1/grafana", token, "{}").status, 503);
}

}  // namespace
}  // namespace iwakan::http

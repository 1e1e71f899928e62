// Goal: requests over real sockets are answered as HTTP/1.1 says, and nothing that could be read two
// ways is answered at all. Method: a server on a free loopback port, and a client that sends bytes.
#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace iwakan::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kHost = "Host: localhost\r\n";

std::string get(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\n" + kHost + headers + "\r\n";
}

std::string post(const std::string& target, const std::string& body, const std::string& headers = {}) {
  return "POST " + target + " HTTP/1.1\r\n" + kHost + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST(Server, AnswersRequestsOnOneConnection) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(get("/hello?a=1&name=world&name=other")));
  EXPECT_EQ(client.answer().body, "hello world");
  ASSERT_TRUE(client.send(post("/echo", "alert")));
  EXPECT_EQ(client.answer().body, "alert");
  ASSERT_TRUE(client.send(get("/items/INC-1/x")));
  EXPECT_EQ(client.answer().body, "INC-1");
  ASSERT_TRUE(client.send(get("/remote")));
  EXPECT_EQ(client.answer().body, "127.0.0.1");
}

TEST(Server, SendsTheSecurityHeadersAndADate) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(get("/hello")));
  auto headers = client.answer().headers;
  EXPECT_EQ(headers["cache-control"], "no-store");
  EXPECT_EQ(headers["x-content-type-options"], "nosniff");
  EXPECT_EQ(headers["content-security-policy"], "default-src 'none'");
  EXPECT_EQ(headers["date"], "Tue, 01 Sep 2026 00:05:01 GMT");
  EXPECT_EQ(headers["content-type"], "text/plain");
  EXPECT_EQ(headers.count("access-control-allow-origin"), 0u);
  EXPECT_EQ(headers.count("connection"), 0u);
}

TEST(Server, HandlesPipelinedRequestsInOrder) {
  const TestServer server;
  Client client = server.connect();
  std::string all;
  for (int i = 0; i < 200; ++i) {
    all += i % 2 == 0 ? get("/hello?name=" + std::to_string(i)) : post("/echo", "hello " + std::to_string(i));
  }
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.answer().body, "hello " + std::to_string(i));
}

TEST(Server, PutsTogetherWhatArrivesByteByByte) {
  const TestServer server;
  Client client = server.connect();
  for (const char byte : post("/echo", "slow but steady") + get("/hello?name=x")) {
    ASSERT_TRUE(client.send(std::string_view(&byte, 1)));
  }
  EXPECT_EQ(client.answer().body, "slow but steady");
  EXPECT_EQ(client.answer().body, "hello x");
}

TEST(Server, ReadsLargeBodiesWhole) {
  const TestServer server;
  Client client = server.connect();
  for (const std::size_t size : {0u, 1u, 16'000u, 40'000u, 65'536u, 65'537u, 1'000'000u, 40'000u, 4'194'304u}) {
    std::string body(size, 'x');
    for (std::size_t i = 0; i < size; i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
    ASSERT_TRUE(client.send(post("/echo", body)));
    ASSERT_TRUE(client.answer().body == body) << size;
  }
}

TEST(Server, ReadsChunkedBodies) {
  const TestServer server;
  Client client = server.connect();
  const std::string head = "POST /echo HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  ASSERT_TRUE(client.send(head + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n" + get("/hello?name=after")));
  EXPECT_EQ(client.answer().body, "hello world");
  EXPECT_EQ(client.answer().body, "hello after");

  std::string large;  // many chunks, over the size of every buffer
  std::string wire = head;
  for (int i = 0; i < 300; ++i) {
    const std::string chunk(999, static_cast<char>('a' + i % 26));
    large += chunk;
    wire += "3E7\r\n" + chunk + "\r\n";
  }
  ASSERT_TRUE(client.send(wire + "0\r\n\r\n"));
  EXPECT_TRUE(client.answer().body == large);
  ASSERT_TRUE(client.send(post("/echo", "and on")));
  EXPECT_EQ(client.answer().body, "and on");
}

TEST(Server, ClosesAfterAnOddFraming) {
  struct Row {
    const char* what;
    std::string bytes;
  };
  const std::string start = "POST /echo HTTP/1.1\r\n" + kHost;
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  for (const Row& row :
       {Row{"two lengths", start + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
        Row{"length and chunks", start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        Row{"a coding unknown", start + "Transfer-Encoding: gzip\r\n\r\n"},
        Row{"a bare LF", "GET /hello HTTP/1.1\nHost: localhost\n\n"},
        Row{"no request at all", "\x16\x03\x01 tls, perhaps\r\n\r\n"},
        Row{"a trailer", chunked + "0\r\nX-Injected: 1\r\n\r\n"},
        Row{"a chunk extension", chunked + "5;ext=1\r\nhello\r\n0\r\n\r\n"},
        Row{"a chunk size with 0x", chunked + "0x5\r\nhello\r\n0\r\n\r\n"},
        Row{"a negative chunk size", chunked + "-5\r\nhello\r\n0\r\n\r\n"},
        Row{"a chunk longer than said", chunked + "4\r\nhello\r\n0\r\n\r\n"},
        Row{"compressed", start + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"}}) {
    const TestServer server;
    Client client = server.connect();
    client.send(row.bytes + get("/hello?name=smuggled"));
    const Answered answered = client.answer();
    EXPECT_EQ(answered.status, 400) << row.what;
    EXPECT_THAT(answered.body, HasSubstr("{\"error\":{\"reason\":")) << row.what;
    EXPECT_TRUE(client.closed()) << row.what;
  }
}

TEST(Server, AnswersHeadLikeGetWithoutTheBody) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send("HEAD /hello?name=x HTTP/1.1\r\n" + kHost + "\r\n" + get("/hello?name=y")));
  EXPECT_EQ(client.answer(true).headers["content-length"], "7");
  EXPECT_EQ(client.answer().body, "hello y");
}

TEST(Server, AsksForTheBodyOfThoseWhoWait) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send("POST /echo HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
  EXPECT_EQ(client.answer().status, 100);
  ASSERT_TRUE(client.send("hello"));
  EXPECT_EQ(client.answer().body, "hello");
  // What would be refused anyway is refused before it is sent.
  ASSERT_TRUE(client.send("POST /nowhere HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
  EXPECT_EQ(client.answer().status, 404);
  EXPECT_TRUE(client.closed());
}

TEST(Server, ClosesWhenAskedTo) {
  for (const std::string& request : {get("/hello", "Connection: close\r\n"), get("/hello", "Connection: x, Close\r\n"),
                                     "GET /hello HTTP/1.0\r\n" + kHost + "\r\n"}) {
    const TestServer server;
    Client client = server.connect();
    ASSERT_TRUE(client.send(request));
    const Answered answered = client.answer();
    EXPECT_EQ(answered.status, 200) << request;
    EXPECT_EQ(answered.headers.at("connection"), "close") << request;
    EXPECT_TRUE(client.closed()) << request;
  }
}

TEST(Server, NamesTheNearestPathAndTheMethods) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(get("/helo") + get("/echo")));
  const Answered missing = client.answer();
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("did you mean /hello?"));
  const Answered method = client.answer();
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.headers.at("allow"), "POST");
}

TEST(Server, AnswersOverloadWithRetryAfter) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(get("/busy")));
  const Answered answered = client.answer();
  EXPECT_EQ(answered.status, 503);
  EXPECT_EQ(answered.headers.at("retry-after"), "5");
}

TEST(Server, AnswersForAHandlerThatDroppedItsRequest) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(get("/drop") + get("/hello?name=x")));
  EXPECT_EQ(client.answer().status, 500);
  EXPECT_EQ(client.answer().body, "hello x");
}

TEST(Server, AnswersLaterAndKeepsTheRequestUntilThen) {
  TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(post("/hold", "kept") + get("/hello?name=next")));
  ASSERT_EQ(server.wait_for_held(1), 1u);
  server.release("and ");
  EXPECT_EQ(client.answer().body, "and kept");
  EXPECT_EQ(client.answer().body, "hello next");
}

TEST(Server, OutlivesAPeerThatGoesAwayBeforeTheAnswer) {
  TestServer server;
  {
    Client client = server.connect();
    ASSERT_TRUE(client.send(post("/hold", "gone")));
    ASSERT_EQ(server.wait_for_held(1), 1u);
  }
  server.release("for nobody ");
  Client other = server.connect();
  ASSERT_TRUE(other.send(get("/hello?name=x")));
  EXPECT_EQ(other.answer().body, "hello x");
}

TEST(Server, RefusesPagesOfOtherOrigins) {
  const TestServer server;
  struct Row {
    std::string request;
    int status;
  };
  const std::string from_there = "Origin: http://evil.example\r\n";
  for (const Row& row :
       {Row{post("/echo", "x", from_there), 403}, Row{post("/echo", "x", "Origin: null\r\n"), 403},
        Row{post("/echo", "x", "Origin: http://localhost\r\n"), 200}, Row{get("/hello", from_there), 200},
        Row{"GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403},
        Row{"GET /hello HTTP/1.1\r\nHost: 127.0.0.1:8119\r\n\r\n", 200}}) {
    Client client = server.connect();
    ASSERT_TRUE(client.send(row.request));
    EXPECT_EQ(client.answer().status, row.status) << row.request;
  }
}

TEST(Server, ServesTheNamesOfTheConfiguration) {
  Server::Params params;
  params.hosts = {"Iwakan.Example"};
  const TestServer server(params);
  Client client = server.connect();
  ASSERT_TRUE(client.send("GET /hello HTTP/1.1\r\nHost: iwakan.example:8119\r\n\r\n"));
  EXPECT_EQ(client.answer().status, 200);
}

TEST(Server, SaysWhyItCannotListen) {
  const TestServer server;
  runtime::SystemClock clock;
  std::ostringstream out;
  telemetry::Log log(telemetry::Level::error, telemetry::Log::Form::plain, out);
  access::Gate gate(clock);
  telemetry::Telemetry telemetry({}, log, clock);
  boost::asio::io_context io;
  Server second(io, {.address = "127.0.0.1", .port = server.port(), .hosts = {}, .limits = {}}, Router{}, gate, clock,
                telemetry);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().path, "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_THAT(started.error().detail, HasSubstr("another iwakand"));
  Server third(io, {.address = "localhost", .port = 0, .hosts = {}, .limits = {}}, Router{}, gate, clock, telemetry);
  EXPECT_EQ(third.start().error().reason, Reason::malformed);
}

}  // namespace
}  // namespace iwakan::http

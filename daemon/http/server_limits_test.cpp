// Goal: no peer takes more memory, connections or time than the limits say, and who is refused for it
// hears so. Method: real sockets; the clock of the server is moved by hand, so that nothing waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "http/test_server.hpp"

namespace iwakan::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kStart = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
const std::string kGet = "GET /hello?name=x HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string announced(std::size_t length) {
  return kStart + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

// A whole GET request whose head is `length` bytes long.
std::string head_of(std::size_t length) {
  const std::string start = "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Filling: ";
  return start + std::string(length - start.size() - 4, 'x') + "\r\n\r\n";
}

TEST(Limits, AHeadMayBeAsLongAsStatedAndNotAByteLonger) {
  const TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(head_of(std::size_t{16} * 1024)));
  EXPECT_EQ(client.answer().status, 200);
  client.send(head_of(std::size_t{16} * 1024 + 1));
  EXPECT_EQ(client.answer().status, 431);
  EXPECT_TRUE(client.closed());

  Client endless = server.connect();
  endless.send(std::string(std::size_t{16} * 1024, 'x'));
  EXPECT_EQ(endless.answer().status, 431);
}

TEST(Limits, HeadersAreCounted) {
  const TestServer server;
  std::string headers;
  for (int i = 0; i < 99; ++i) headers += "A: b\r\n";  // and Host
  Client client = server.connect();
  ASSERT_TRUE(client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"));
  EXPECT_EQ(client.answer().status, 200);
  client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nA: b\r\n" + headers + "\r\n");
  EXPECT_EQ(client.answer().status, 431);
}

TEST(Limits, ABodyMayBeAsLongAsStatedAndNotAByteLonger) {
  Server::Params params;
  params.limits.body_bytes_max = 100'000;
  const TestServer server(params);
  Client client = server.connect();
  ASSERT_TRUE(client.send(announced(100'000) + std::string(100'000, 'x')));
  EXPECT_EQ(client.answer().status, 200);
  client.send(announced(100'001));
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.closed());
}

TEST(Limits, ARefusalIsHeardAlthoughTheBodyIsOnItsWay) {
  const TestServer server;
  Client client = server.connect();
  const std::string body(32 << 20, 'x');                    // more than the kernel holds for anybody
  EXPECT_TRUE(client.send(announced(body.size()) + body));  // not cut off by a reset
  EXPECT_EQ(client.answer().status, 413);
  EXPECT_TRUE(client.closed());
}

TEST(Limits, AChunkedBodyIsMeasuredAsItIsAnnounced) {
  Server::Params params;
  params.limits.body_bytes_max = 100'000;
  const TestServer server(params);
  const std::string head = kStart + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string half = "C350\r\n" + std::string(50'000, 'x') + "\r\n";
  Client exact = server.connect();
  ASSERT_TRUE(exact.send(head + half + half + "0\r\n\r\n"));
  EXPECT_EQ(exact.answer().status, 200);
  Client longer = server.connect();
  longer.send(head + half + half + "1\r\n");
  EXPECT_EQ(longer.answer().status, 413);
  Client vast = server.connect();
  vast.send(head + "FFFFFFFF\r\n");
  EXPECT_EQ(vast.answer().status, 413);
  Client endless = server.connect();
  endless.send(head + std::string(17, '0'));
  EXPECT_EQ(endless.answer().status, 400);
}

TEST(Limits, ChunkExtensionsAndTrailersEndBeforeTheyGrow) {
  const TestServer server;
  const std::string head = kStart + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& tail : {"5;" + std::string(3'000'000, 'x') + "\r\nhello\r\n0\r\n\r\n",
                                  "0\r\nX-Trailer: " + std::string(3'000'000, 'x') + "\r\n\r\n"}) {
    Client client = server.connect();
    client.send(head + tail);
    EXPECT_EQ(client.answer().status, 400);
  }
}

TEST(Limits, AllBodiesTogetherHaveALimitToo) {
  Server::Params params;
  params.limits.bodies_bytes_max = 1'000'000;
  TestServer server(params);
  Client first = server.connect();
  ASSERT_TRUE(first.send("POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n" +
                         std::string(900'000, 'x')));
  ASSERT_EQ(server.wait_for_held(1), 1u);
  for (const std::string& head : {announced(200'000), kStart + "Transfer-Encoding: chunked\r\n\r\n30D40\r\n"}) {
    Client second = server.connect();
    second.send(head + std::string(200'000, 'x'));
    const Answered refused = second.answer();
    EXPECT_EQ(refused.status, 503) << head;
    EXPECT_EQ(refused.headers.count("retry-after"), 1u);
  }
  Client small = server.connect();
  ASSERT_TRUE(small.send(announced(5) + "hello"));
  EXPECT_EQ(small.answer().status, 200);
  server.release("");
  EXPECT_EQ(first.answer().status, 200);
  Client later = server.connect();  // what was given back can be had again
  ASSERT_TRUE(later.send(announced(900'000) + std::string(900'000, 'x')));
  EXPECT_EQ(later.answer().status, 200);
}

TEST(Limits, ASlowHeadIsAnsweredAndCut) {
  TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send("GET /hello HTTP/1.1\r\nHos"));
  ASSERT_TRUE(server.advance_until_heard(client, 1s));
  EXPECT_EQ(client.answer().status, 408);
  EXPECT_TRUE(client.closed());
}

TEST(Limits, DrippingAByteNowAndThenBuysNoTime) {
  TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
  bool heard = false;
  for (int i = 0; i < 2000 && !heard; ++i) {
    client.send("x");
    server.clock().advance(100ms);
    heard = client.readable(5ms);
  }
  EXPECT_EQ(client.answer().status, 408);
}

TEST(Limits, AStalledBodyIsAnsweredAndCut) {
  TestServer server;
  for (const std::string& head : {announced(100), kStart + "Transfer-Encoding: chunked\r\n\r\n64\r\n"}) {
    Client client = server.connect();
    ASSERT_TRUE(client.send(head + "only this"));
    const runtime::Moment began = server.clock().monotonic();
    ASSERT_TRUE(server.advance_until_heard(client, 1s));
    EXPECT_LT(server.clock().monotonic() - began, Duration(30s));  // it is too slow long before it is too late
    const Answered answered = client.answer();
    EXPECT_EQ(answered.status, 408);
    EXPECT_THAT(answered.body, HasSubstr("the body took too long"));
    EXPECT_TRUE(client.closed());
  }
}

TEST(Limits, ASteadyBodyMayTakeLongerThanTheGraceButNotLongerThanItsTime) {
  Server::Params params;
  params.limits.body_rate_min = 1;  // bytes a second, which a byte each 100 ms exceeds
  TestServer server(params);
  Client client = server.connect();
  ASSERT_TRUE(client.send(announced(100'000)));
  const runtime::Moment began = server.clock().monotonic();
  bool heard = false;
  while (!heard && server.clock().monotonic() - began < 200s) {
    client.send("xxxxxxxxxx");
    server.clock().advance(100ms);
    heard = client.readable(2ms);
  }
  EXPECT_GE(server.clock().monotonic() - began, Duration(30s));
  EXPECT_EQ(client.answer().status, 408);
}

TEST(Limits, AnIdleConnectionIsClosedWithoutAWord) {
  TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(client.answer().status, 200);
  ASSERT_TRUE(server.advance_until_heard(client, 1s));
  EXPECT_TRUE(client.closed());
  Client silent = server.connect();
  ASSERT_TRUE(server.advance_until_heard(silent, 1s));
  EXPECT_TRUE(silent.closed());
}

TEST(Limits, WaitingForTheHandlerHasNoLimit) {
  TestServer server;
  Client client = server.connect();
  ASSERT_TRUE(client.send("POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
  ASSERT_EQ(server.wait_for_held(1), 1u);
  server.clock().advance(1h);
  EXPECT_FALSE(client.readable(50ms));
  server.release("late ");
  EXPECT_EQ(client.answer().body, "late x");
}

TEST(Limits, APeerThatDoesNotReadItsAnswersIsCut) {
  TestServer server;
  Client client = server.connect();
  std::string all;
  for (int i = 0; i < 64; ++i) all += "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";  // 64 MiB of answers
  ASSERT_TRUE(client.send(all));
  ASSERT_TRUE(server.wait_for_connections(1));
  for (int i = 0; i < 2000 && server.connections() != 0; ++i) server.clock().advance(1s);
  EXPECT_EQ(server.connections(), 0u);
}

// Requests that are being answered, so that nobody of them gives way.
std::unique_ptr<Client> at_work(TestServer& server, std::size_t number) {
  auto client = std::make_unique<Client>(server.port());
  EXPECT_TRUE(client->send("POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
  EXPECT_EQ(server.wait_for_held(number), number);
  return client;
}

TEST(Limits, ConnectionsAreCountedAndTheRestTurnedAway) {
  Server::Params params;
  params.limits.connections_max = 2;
  TestServer server(params);
  const auto first = at_work(server, 1);
  const auto second = at_work(server, 2);
  Client third = server.connect();
  third.send(kGet);
  const Answered refused = third.answer();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "5");
  EXPECT_TRUE(third.closed());
  EXPECT_THAT(server.metrics(), HasSubstr("iwakan_http_connections_refused_total{reason=\"too_many\"} 1\n"));

  server.release("done ");  // whoever was served waits, and gives way
  EXPECT_EQ(first->answer().status, 200);
  EXPECT_EQ(second->answer().status, 200);
  Client fourth = server.connect();
  fourth.send(kGet);
  EXPECT_EQ(fourth.answer().status, 200);
  EXPECT_TRUE(first->closed());
  ASSERT_TRUE(second->send(kGet));
  EXPECT_EQ(second->answer().status, 200);
}

TEST(Limits, OneAddressGetsItsShareOnly) {
  Server::Params params;
  params.limits.connections_per_address_max = 1;
  params.limits.turned_away_max = 0;
  TestServer server(params);
  const auto first = at_work(server, 1);
  Client second = server.connect();
  second.send(kGet);
  EXPECT_EQ(second.answer().status, 0);  // shut out: not even told
  EXPECT_THAT(server.metrics(),
              HasSubstr("iwakan_http_connections_refused_total{reason=\"too_many_from_address\"} 1\n"));
  server.release("done ");
}

// In the order in which they give way: who never said anything, by age; then who sends a body; then who was served.
TEST(Limits, AFullHouseIsLeftByWhomItServesLeast) {
  Server::Params params;
  params.limits.connections_max = 4;
  TestServer server(params);
  Client served = server.connect();
  ASSERT_TRUE(served.send("POST /v1/grafana HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
  ASSERT_EQ(served.answer().status, 200);
  server.clock().advance(1s);
  Client posting = server.connect();
  ASSERT_TRUE(posting.send(kStart + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n"));
  ASSERT_EQ(posting.answer().status, 100);
  server.clock().advance(1s);
  Client silent = server.connect();
  ASSERT_TRUE(server.wait_for_connections(3));
  server.clock().advance(1s);
  Client slow = server.connect();
  ASSERT_TRUE(slow.send("GET /hello HTTP/1.1\r\nHos"));
  ASSERT_TRUE(server.wait_for_connections(4));

  std::vector<std::unique_ptr<Client>> working;
  std::vector<Client*> order{&silent, &slow, &posting, &served};
  for (std::size_t i = 0; i < order.size(); ++i) {
    working.push_back(at_work(server, i + 1));
    EXPECT_TRUE(order[i]->closed()) << i;
    EXPECT_TRUE(i + 1 == order.size() || !order[i + 1]->readable(20ms)) << i;
  }
  EXPECT_THAT(server.metrics(), HasSubstr("iwakan_http_connections_refused_total{reason=\"gave_way\"} 4\n"));
  server.release("done ");
  for (const auto& client : working) EXPECT_EQ(client->answer().status, 200);
}

TEST(Limits, ManySlowPeersDoNotStopAGoodOne) {
  TestServer server;
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Client>(server.port()));
    ASSERT_TRUE(slow.back()->send("POST /echo HTTP/1.1\r\nHost: loc"));
  }
  Client good = server.connect();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(good.send(kGet));
    ASSERT_EQ(good.answer().status, 200);
  }
}

TEST(Stop, FinishesTheRequestInFlightAndClosesTheDoor) {
  TestServer server;
  Client idle = server.connect();
  ASSERT_TRUE(idle.send(kGet));
  ASSERT_EQ(idle.answer().status, 200);
  Client busy = server.connect();
  ASSERT_TRUE(busy.send("POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
  ASSERT_EQ(server.wait_for_held(1), 1u);
  Client halfway = server.connect();
  ASSERT_TRUE(halfway.send(kStart + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n"));
  ASSERT_EQ(halfway.answer().status, 100);  // so its head is in
  ASSERT_TRUE(halfway.send("01234"));

  server.stop(10s);
  EXPECT_TRUE(idle.closed());
  Client late = server.connect();
  EXPECT_FALSE(late.send(kGet) && late.answer().status == 200);
  EXPECT_FALSE(server.stopped_within(0s));
  ASSERT_TRUE(halfway.send("56789"));
  const Answered whole = halfway.answer();
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(whole.headers.at("connection"), "close");
  server.release("done ");
  const Answered answered = busy.answer();
  EXPECT_EQ(answered.body, "done x");
  EXPECT_EQ(answered.headers.at("connection"), "close");
  halfway.shut_sending();
  busy.shut_sending();
  EXPECT_TRUE(server.stopped_within(10s));
}

TEST(Stop, CutsOffWhatTakesTooLong) {
  TestServer server;
  Client busy = server.connect();
  ASSERT_TRUE(busy.send("POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
  ASSERT_EQ(server.wait_for_held(1), 1u);
  server.stop(10s);
  EXPECT_FALSE(server.stopped_within(0s));
  ASSERT_TRUE(server.advance_until_heard(busy, 1s));
  EXPECT_TRUE(busy.closed());
  EXPECT_TRUE(server.stopped_within(10s));
  server.release("too late ");  // the request is still there for whoever held it
  EXPECT_EQ(server.connections(), 0u);
}

}  // namespace
}  // namespace iwakan::http

// Goal: the gate lets through what has one reading, and nothing else. Method: a table of heads, among
// them the vectors that Beast 1.81 accepts or refuses; each names what it tries.
#include "http/framing_gate.hpp"

#include <gtest/gtest.h>

#include <string>

namespace iwakan::http {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\n";
const std::string kPost = "POST /v1/alertmanager HTTP/1.1\r\n";
const std::string kHost = "Host: localhost:8119\r\n";

Result<void> read(const std::string& bytes, Head& head) {
  const HeadExtent extent = find_head(bytes);
  if (extent.end != HeadEnd::found) return Failure{Reason::malformed, "no end", {}};
  return read_head(std::string_view(bytes).substr(0, extent.length), head);
}

struct Vector {
  const char* what;
  std::string head;
};

TEST(FramingGate, RefusesWhatCouldBeReadInTwoWays) {
  using namespace std::string_literals;
  for (const Vector& vector : {
           // Accepted by Beast 1.81.
           Vector{"gzip before a length", kPost + kHost + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"},
           Vector{"a length before gzip", kPost + kHost + "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n"},
           Vector{"gzip alone", kPost + kHost + "Transfer-Encoding: gzip\r\n\r\n"},
           Vector{"gzip after chunked", kPost + kHost + "Transfer-Encoding: chunked, gzip\r\n\r\n"},
           Vector{"chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n"},
           Vector{"a list as length", kPost + kHost + "Content-Length: 5,5\r\n\r\n"},
           Vector{"two equal lengths", kPost + kHost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"},
           Vector{"two hosts", kGet + kHost + "Host: other\r\n\r\n"},
           Vector{"no host", kGet + "Accept: */*\r\n\r\n"},
           Vector{"a folded line", kGet + kHost + "X-A: b\r\n c\r\n\r\n"},
           Vector{"a line folded with a tab", kGet + kHost + "X-A: b\r\n\tTransfer-Encoding: chunked\r\n\r\n"},
           Vector{"a folded first header", kGet + " " + kHost + "\r\n"},
           Vector{"the absolute form", "GET http://localhost/ HTTP/1.1\r\n" + kHost + "\r\n"},
           // Refused by Beast, too.
           Vector{"a length and chunks", kPost + kHost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
           Vector{"chunks and a length", kPost + kHost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
           Vector{"two lengths", kPost + kHost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"},
           Vector{"a length with a sign", kPost + kHost + "Content-Length: +5\r\n\r\n"},
           Vector{"a bare LF", "GET / HTTP/1.1\n" + kHost + "\r\n"},
           Vector{"a bare LF in a header", kGet + kHost + "X-A: b\nX-B: c\r\n\r\n"},
           Vector{"a bare CR", kGet + kHost + "X-A: b\rX-B: c\r\n\r\n"},
           Vector{"a blank before the colon", kPost + kHost + "Content-Length : 5\r\n\r\n"},
           Vector{"NUL in a value", kGet + kHost + "X-A: b\0c\r\n\r\n"s},
           Vector{"NUL in a name", kGet + kHost + "X\0A: b\r\n\r\n"s},
           // And further ones.
           Vector{"a negative length", kPost + kHost + "Content-Length: -5\r\n\r\n"},
           Vector{"a hexadecimal length", kPost + kHost + "Content-Length: 0x5\r\n\r\n"},
           Vector{"an empty length", kPost + kHost + "Content-Length:\r\n\r\n"},
           Vector{"a length of 11 digits", kPost + kHost + "Content-Length: 00000000005\r\n\r\n"},
           Vector{"a length with a blank", kPost + kHost + "Content-Length: 5 5\r\n\r\n"},
           Vector{"chunked in capitals", kPost + kHost + "Transfer-Encoding: Chunked\r\n\r\n"},
           Vector{"chunked in quotes", kPost + kHost + "Transfer-Encoding: \"chunked\"\r\n\r\n"},
           Vector{"chunked twice in a list", kPost + kHost + "Transfer-Encoding: chunked, chunked\r\n\r\n"},
           Vector{"chunked in two headers",
                  kPost + kHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
           Vector{"an unknown coding", kPost + kHost + "Transfer-Encoding: xchunked\r\n\r\n"},
           Vector{"chunked with a vertical tab", kPost + kHost +
                                                     "Transfer-Encoding: \x0b"
                                                     "chunked\r\n\r\n"},
           Vector{"an announced trailer", kPost + kHost + "Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n"},
           Vector{"a compressed body", kPost + kHost + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"},
           Vector{"a connection option that is no token", kGet + kHost + "Connection: close x\r\n\r\n"},
           Vector{"an expectation unknown", kPost + kHost + "Expect: the-unexpected\r\n\r\n"},
           Vector{"an empty host", kGet + "Host:\r\n\r\n"},
           Vector{"a host with a path", kGet + "Host: a/b\r\n\r\n"},
           Vector{"a host with user and password", kGet + "Host: a@b\r\n\r\n"},
           Vector{"two hosts in one", kGet + "Host: a, b\r\n\r\n"},
           Vector{"the authority form", "CONNECT localhost:80 HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"the asterisk form", "OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"a fragment", "GET /#x HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"a blank in the target", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"a tab in the target", "GET /a\tb HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"other than ASCII in the target", "GET /\xe9 HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"two blanks", "GET  / HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"a blank at the end", "GET / HTTP/1.1 \r\n" + kHost + "\r\n"},
           Vector{"no version", "GET /\r\n" + kHost + "\r\n"},
           Vector{"HTTP/0.9 with one word", "GET\r\n" + kHost + "\r\n"},
           Vector{"a version unknown", "GET / HTTP/1.2\r\n" + kHost + "\r\n"},
           Vector{"a version in small letters", "GET / http/1.1\r\n" + kHost + "\r\n"},
           Vector{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
           Vector{"a method that is no token", "G(T / HTTP/1.1\r\n" + kHost + "\r\n"},
           Vector{"an empty line first", "\r\n" + kGet + kHost + "\r\n"},
           Vector{"an empty name", kGet + kHost + ": x\r\n\r\n"},
           Vector{"a header without a colon", kGet + kHost + "X-A\r\n\r\n"},
           Vector{"DEL in a value", kGet + kHost + "X-A: \x7f\r\n\r\n"},
           Vector{"other than ASCII in a name", kGet + kHost + "X-\xe9: b\r\n\r\n"},
           Vector{"nothing but an end", "\r\n\r\n"},
       }) {
    Head head;
    EXPECT_FALSE(read(vector.head, head)) << vector.what;
  }
}

TEST(FramingGate, LetsPlainRequestsThrough) {
  struct Row {
    std::string bytes;
    std::uint64_t length;
    bool chunked;
    bool keep_alive;
    bool expects_continue;
  };
  for (const Row& row : {
           Row{kGet + kHost + "\r\n", 0, false, true, false},
           Row{kGet + "host:localhost\r\n\r\n", 0, false, true, false},
           Row{kGet + "HOST:\t[::1]:8119 \t\r\n\r\n", 0, false, true, false},
           Row{kPost + kHost + "Content-Length: 0\r\n\r\n", 0, false, true, false},
           Row{kPost + kHost + "Content-Length: 0000000005\r\n\r\n", 5, false, true, false},
           Row{kPost + kHost + "content-length:9999999999\r\n\r\n", 9999999999, false, true, false},
           Row{kPost + kHost + "Transfer-Encoding: chunked\r\n\r\n", 0, true, true, false},
           Row{kPost + kHost + "Content-Encoding: identity\r\nContent-Length: 5\r\n\r\n", 5, false, true, false},
           Row{kPost + kHost + "Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n", 5, false, true, true},
           Row{kGet + kHost + "Connection: keep-alive\r\n\r\n", 0, false, true, false},
           Row{kGet + kHost + "Connection: upgrade,  Close \r\n\r\n", 0, false, false, false},
           Row{kGet + kHost + "Connection: ,, close ,\r\n\r\n", 0, false, false, false},
           Row{"GET / HTTP/1.0\r\n" + kHost + "Connection: keep-alive\r\n\r\n", 0, false, false, false},
           Row{kGet + kHost + "TE: trailers\r\nX-Empty:\r\nUser-Agent: \xe9t\xe9\r\n\r\n", 0, false, true, false},
       }) {
    Head head;
    const auto passed = read(row.bytes, head);
    ASSERT_TRUE(passed) << row.bytes << passed.error().detail;
    EXPECT_EQ(head.content_length, row.length) << row.bytes;
    EXPECT_EQ(head.chunked, row.chunked) << row.bytes;
    EXPECT_EQ(head.keep_alive, row.keep_alive) << row.bytes;
    EXPECT_EQ(head.expects_continue, row.expects_continue) << row.bytes;
  }
}

TEST(FramingGate, ReadsTheParts) {
  Head head;
  const std::string bytes = "PUT /a/b?c=d?e HTTP/1.1\r\nHost: x.example:1\r\nX-A:  two words \r\nX-A: again\r\n\r\n";
  ASSERT_TRUE(read(bytes, head));
  EXPECT_EQ(head.method, "PUT");
  EXPECT_EQ(head.target, "/a/b?c=d?e");
  EXPECT_EQ(head.path, "/a/b");
  EXPECT_EQ(head.query, "c=d?e");
  EXPECT_EQ(head.host, "x.example:1");
  EXPECT_EQ(head.headers, (std::vector<Header>{{"Host", "x.example:1"}, {"X-A", "two words"}, {"X-A", "again"}}));
  EXPECT_EQ(find_header(head.headers, "x-a"), "two words");
  EXPECT_EQ(find_header(head.headers, "x-b"), "");
}

TEST(FramingGate, ForgetsTheRequestBefore) {
  Head head;  // looked at for its numbers only: the bytes are gone
  ASSERT_TRUE(read(kPost + kHost + "Content-Length: 5\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n", head));
  ASSERT_TRUE(read(kGet + kHost + "\r\n", head));
  EXPECT_EQ(head.content_length, 0u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.expects_continue);
  EXPECT_EQ(head.headers.size(), 1u);
}

TEST(FramingGate, FindsTheEndOfTheHead) {
  EXPECT_EQ(find_head("GET / HTTP/1.1\r\n\r\nbody\r\n\r\n").length, 18u);
  EXPECT_EQ(find_head("GET / HTTP/1.1\r\n\r").end, HeadEnd::not_yet);
  EXPECT_EQ(find_head("GET / HTTP/1.1\r").end, HeadEnd::not_yet);
  EXPECT_EQ(find_head("").end, HeadEnd::not_yet);
  EXPECT_EQ(find_head("GET / HTTP/1.1\nHost").end, HeadEnd::malformed);
  EXPECT_EQ(find_head("\nGET").end, HeadEnd::malformed);
  EXPECT_EQ(find_head("GET / HTTP/1.1\r\nHost: x\n").end, HeadEnd::malformed);
}

TEST(FramingGate, SaysWhichHeaderItMinds) {
  Head head;
  EXPECT_EQ(read(kPost + kHost + "Content-Length: x\r\n\r\n", head).error().path, "Content-Length");
  EXPECT_EQ(read(kGet + "\r\n", head).error().reason, Reason::missing);
  EXPECT_EQ(read(kGet + kHost + kHost + "\r\n", head).error().reason, Reason::duplicate);
  std::string many;
  for (std::size_t i = 0; i < kHeadersMax; ++i) many += "A: b\r\n";
  EXPECT_EQ(read(kGet + kHost + many + "\r\n", head).error().reason, Reason::too_large);
}

}  // namespace
}  // namespace iwakan::http

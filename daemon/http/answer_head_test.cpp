// Goal: the head of an answer is complete and cannot be broken out of. Method: whole heads, byte by byte.
#include "http/answer_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string head_of(const Response& response, bool close = false) {
  std::string out;
  append_head(out, response, {.date = "Tue, 01 Sep 2026 00:05:01 GMT", .close = close, .retry_after = 1500ms});
  return out;
}

TEST(AnswerHead, IsComplete) {
  Response response = json_response(201, "{}");
  response.headers.emplace_back("Location", "/x");
  EXPECT_EQ(head_of(response, true),
            "HTTP/1.1 201 Created\r\n"
            "Date: Tue, 01 Sep 2026 00:05:01 GMT\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 2\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Security-Policy: default-src 'none'\r\n"
            "Location: /x\r\n"
            "Connection: close\r\n"
            "\r\n");
}

TEST(AnswerHead, SaysWhenToTryAgainWithEvery503) {
  Response response;
  response.status = 503;
  EXPECT_THAT(head_of(response), HasSubstr("\r\nRetry-After: 2\r\n"));
  response.headers.emplace_back("Retry-After", "30");
  EXPECT_THAT(head_of(response), HasSubstr("\r\nRetry-After: 30\r\n"));
  EXPECT_THAT(head_of(response), Not(HasSubstr("Retry-After: 2")));
  response.status = 500;
  response.headers.clear();
  EXPECT_THAT(head_of(response), Not(HasSubstr("Retry-After")));
}

TEST(AnswerHead, HasNoLengthWhereThereIsNoBody) {
  Response response;
  response.status = 204;
  EXPECT_THAT(head_of(response), Not(HasSubstr("Content-Length")));
}

TEST(AnswerHead, CannotBeSplitByAValue) {
  Response response;
  response.content_type = "text/plain\r\nSet-Cookie: a=b";
  response.headers.emplace_back("Location", std::string("/\r\n\r\n<script>\0", 14));
  const std::string head = head_of(response);
  EXPECT_THAT(head, HasSubstr("Content-Type: text/plainSet-Cookie: a=b\r\n"));
  EXPECT_THAT(head, HasSubstr("Location: /<script>\r\n"));
}

TEST(AnswerHead, WritesDatesAsHttpDoes) {
  EXPECT_EQ(http_date(*parse_time("2026-09-01T00:05:01.999Z")), "Tue, 01 Sep 2026 00:05:01 GMT");
  EXPECT_EQ(http_date(*parse_time("2024-02-29T23:59:59Z")), "Thu, 29 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(http_date(*parse_time("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace iwakan::http

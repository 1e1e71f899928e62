// Goal: requests are easy to ask and refusals have the documented form. Method: tables.
#include "http/message.hpp"

#include <gtest/gtest.h>

#include <array>

namespace iwakan::http {
namespace {

TEST(Request, FindsHeadersInAnyCase) {
  const std::array<Header, 3> headers{{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}}};
  Request request;
  request.headers = headers;
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.header("X-a"), "1");
  EXPECT_EQ(request.header("X-"), "");
}

TEST(Request, FindsValuesInTheQuery) {
  Request request;
  request.query = "state=all&empty=&flag&x=a=b&state=firing";
  EXPECT_EQ(request.query_value("state"), "all");
  EXPECT_EQ(request.query_value("x"), "a=b");
  for (const char* name : {"empty", "flag", "tate", ""}) EXPECT_EQ(request.query_value(name), "") << name;
}

TEST(Refusal, HasTheDocumentedForm) {
  const Response response = refusal(400, {Reason::missing, "say \"what\"\n", "/text"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body,
            "{\"error\":{\"reason\":\"missing\",\"path\":\"/text\",\"detail\":\"say \\\"what\\\"\\n\"}}");
}

TEST(Refusal, OfOverloadAndOwnFaultsIsNeverFinalForTheSender) {
  for (const Reason reason : {Reason::unavailable, Reason::timed_out, Reason::corrupted, Reason::io}) {
    EXPECT_EQ(status_of(reason), 503) << name(reason);
  }
  for (int reason = 0; reason <= static_cast<int>(Reason::io); ++reason) {
    EXPECT_NE(status_of(static_cast<Reason>(reason)), 429);
  }
  EXPECT_EQ(status_of(Reason::malformed), 400);
  EXPECT_EQ(status_of(Reason::unauthorized), 401);
  EXPECT_EQ(status_of(Reason::forbidden), 403);
  EXPECT_EQ(status_of(Reason::not_found), 404);
  EXPECT_EQ(status_of(Reason::conflict), 409);
  EXPECT_EQ(status_of(Reason::too_large), 413);
  EXPECT_EQ(status_of(Reason::unsupported), 415);
}

}  // namespace
}  // namespace iwakan::http

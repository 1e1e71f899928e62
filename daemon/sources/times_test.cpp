// Goal: times are read as senders write them, and nothing else is taken for one. Method: tables.
#include "sources/times.hpp"

#include <gtest/gtest.h>

namespace iwakan::sources {
namespace {

using namespace std::chrono_literals;

TEST(Times, Rfc1123) {
  EXPECT_EQ(format_time(*parse_rfc1123("Wed, 31 Jan 2024 02:00:00 GMT")), "2024-01-31T02:00:00Z");
  EXPECT_EQ(format_time(*parse_rfc1123("1 Sep 2026 09:00:00 +0900")), "2026-09-01T00:00:00Z");
  for (const char* bad : {"", "Wed, 31 Jan 2024", "Wed, 32 Jan 2024 02:00:00 GMT", "Wed, 31 Foo 2024 02:00:00 GMT",
                          "31 Jan 2024 02:00:00 JST", "31 Jan 24 02:00:00 GMT", "31 Jan 2024 02:00:00 GMT x", "now"}) {
    EXPECT_FALSE(parse_rfc1123(bad)) << bad;
  }
}

TEST(Times, Epoch) {
  EXPECT_EQ(format_time(*parse_epoch("1790000000", 1s)), "2026-09-21T14:13:20Z");
  EXPECT_EQ(format_time(*parse_epoch("1790000000.25", 1s)), "2026-09-21T14:13:20.250Z");
  EXPECT_EQ(format_time(*parse_epoch("1790000000123", 1ms)), "2026-09-21T14:13:20.123Z");
  EXPECT_EQ(format_time(*parse_epoch("1790000000000000001", 1ns)), "2026-09-21T14:13:20.000000001Z");
  for (const char* bad : {"", "-1", "x", "1.", "1.x", "1e9", "9999999999999999999", "99999999999"}) {
    EXPECT_FALSE(parse_epoch(bad, 1s)) << bad;
  }
}

}  // namespace
}  // namespace iwakan::sources

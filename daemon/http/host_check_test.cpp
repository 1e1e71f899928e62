// Goal: pages in a browser cannot speak to iwakan by another name or from another origin, and everybody
// else can. Method: tables of Host and Origin headers.
#include "http/host_check.hpp"

#include <gtest/gtest.h>

namespace iwakan::http {
namespace {

TEST(HostCheck, OnALoopbackServesAddressesLocalhostAndConfiguredNames) {
  const HostCheck check(true, {"Iwakan.Example"});
  for (const char* host : {"localhost", "LOCALHOST:8119", "127.0.0.1", "127.0.0.1:8119", "192.0.2.7", "[::1]",
                           "[::1]:8119", "iwakan.example", "IWAKAN.example:80"}) {
    EXPECT_TRUE(check.serves(host)) << host;
  }
  for (const char* host :
       {"evil.example", "localhost.evil.example", "iwakan.example.evil.example", "127.0.0.1.evil.example", "127.1",
        "0x7f000001", "2130706433", "[::1", "[::1]x", "[evil]", "::1", "localhost:", "localhost:x", "localhost:123456",
        "localhost:80:80", "[::1]:", "", ":80", "notlocalhost"}) {
    EXPECT_FALSE(check.serves(host)) << host;
  }
}

TEST(HostCheck, ElsewhereHoldsOnceNamesAreConfigured) {
  EXPECT_TRUE(HostCheck(false, {}).serves("monitoring.internal"));
  const HostCheck named(false, {"iwakan.internal"});
  EXPECT_TRUE(named.serves("iwakan.internal:8119"));
  EXPECT_TRUE(named.serves("192.0.2.7"));
  EXPECT_FALSE(named.serves("evil.example"));
}

TEST(Origin, MustBeTheHostThatWasAsked) {
  struct Row {
    const char* origin;
    const char* host;
    bool same;
  };
  for (const Row& row :
       {Row{"", "localhost:8119", true}, Row{"http://localhost:8119", "localhost:8119", true},
        Row{"https://Iwakan.example", "iwakan.example", true}, Row{"http://localhost", "localhost:8119", false},
        Row{"null", "localhost", false}, Row{"http://evil.example", "localhost", false},
        Row{"localhost", "localhost", false}, Row{"http://localhost.evil.example", "localhost", false},
        Row{"ftp://localhost", "localhost", false}}) {
    EXPECT_EQ(same_origin(row.origin, row.host), row.same) << row.origin << " " << row.host;
  }
}

TEST(Origin, MattersForRequestsThatMayChangeSomething) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "BREW"}) EXPECT_TRUE(may_change(method)) << method;
  for (const char* method : {"GET", "HEAD", "OPTIONS"}) EXPECT_FALSE(may_change(method)) << method;
}

}  // namespace
}  // namespace iwakan::http

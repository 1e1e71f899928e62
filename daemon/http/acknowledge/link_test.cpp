// Goal: a link acknowledges for the one person and report that it was made for, until it expires; no other text does.
// Method: a link, and that link with every one of its characters changed.
#include "http/acknowledge/link.hpp"

#include <gtest/gtest.h>

namespace iwakan::http::acknowledge {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow = *parse_time("2031-05-14T01:21:00Z");
const Invitation kInvitation{"INC-17", 3, "hasegawa", kNow + 72h};

Links links() {
  return {Secret("a key of the tests"), "https://iwakan.example", 72h};
}

TEST(Link, IsGoodUntilItExpires) {
  const std::string token = links().token(kInvitation);
  const auto read = links().read(token, kNow);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, kInvitation);
  EXPECT_TRUE(links().read(token, kNow + 72h - 1s));
  EXPECT_EQ(links().read(token, kNow + 72h).error().reason, Reason::timed_out);
}

TEST(Link, NothingElseIsGood) {
  const std::string token = links().token(kInvitation);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'a' ? 'b' : 'a';
    const auto read = links().read(other, kNow);
    ASSERT_FALSE(read) << other;
    EXPECT_EQ(read.error().reason, Reason::forbidden);
  }
  for (const std::string& other : {std::string(), std::string("."), token + "a", "a" + token, token.substr(1),
                                   token.substr(0, token.size() - 1), std::string(100'000, '.')}) {
    EXPECT_FALSE(links().read(other, kNow)) << other.substr(0, 80);
  }
  const Links others(Secret("another key"), "https://iwakan.example", 72h);
  EXPECT_FALSE(others.read(token, kNow));
}

TEST(Link, IsForTheReaderOfASupervisorsEditionOnly) {
  Report report;
  report.incident = "INC-17";
  report.number = 3;
  report.issued_at = kNow;
  Delivery delivery;
  delivery.recipient.person = "hasegawa";
  EXPECT_EQ(links().link(report, delivery), "");
  report.individual = IndividualNote{};
  EXPECT_EQ(links().link(report, delivery), "https://iwakan.example/ack/" + links().token(kInvitation));
  EXPECT_EQ(Links(Secret("a key of the tests"), "", 72h).link(report, delivery), "");
  delivery.recipient.person.clear();
  EXPECT_EQ(links().link(report, delivery), "");
}

}  // namespace
}  // namespace iwakan::http::acknowledge

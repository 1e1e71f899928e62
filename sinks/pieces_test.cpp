// Goal: the pieces that sinks share do what their headers say. Method: tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/base64.hpp"
#include "sinks/escape.hpp"
#include "sinks/hmac.hpp"
#include "sinks/http_verdict.hpp"
#include "sinks/retry.hpp"
#include "sinks/secret_setting.hpp"
#include "sinks/testing/stage.hpp"
#include "sinks/url_setting.hpp"

namespace iwakan::sinks {
namespace {

using namespace std::chrono_literals;
using testing::Folder;
namespace fs = testing::fs;
using ::testing::HasSubstr;
using testing::map;
using testing::scalar;

TEST(Base64, AgreesWithRfc4648) {
  for (const auto& [bytes, text] : {std::pair{"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  for (const char* bad : {"", "Z", "Zg=", "Z!==", "Zg==\n", " Zg="}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Hmac, AgreesWithRfc4231) {
  // Test case 2.
  EXPECT_EQ(hex(hmac_sha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_TRUE(same_in_constant_time("abc", "abc"));
  EXPECT_FALSE(same_in_constant_time("abc", "abd"));
  EXPECT_FALSE(same_in_constant_time("abc", "ab"));
}

TEST(Escape, MakesNoMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\" id='y'>&"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(escape_html("一\x1b二"), "一\xEF\xBF\xBD二");
}

TEST(Escape, MovesNoTerminal) {
  EXPECT_EQ(escape_terminal("checkout の 5xx"), "checkout の 5xx");
  EXPECT_EQ(escape_terminal("a\nb\tc\rd"), "a b c d");
  for (const char* bad : {"\x1b[31m", "\x07", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8",
                          "\xff", "\xed\xa0\x80", "\xc0\xaf"}) {
    EXPECT_THAT(escape_terminal(bad), ::testing::StartsWith("\xEF\xBF\xBD")) << bad;
    EXPECT_EQ(escape_terminal(bad).find('\x1b'), std::string::npos);
  }
}

TEST(Escape, CutsBetweenCodePoints) {
  EXPECT_EQ(truncated("日本語", 9), "日本語");
  EXPECT_EQ(truncated("日本語です", 9), "日本…");
  EXPECT_EQ(truncated("ab😀cd", 8), "ab😀cd");
  EXPECT_EQ(truncated("ab😀cde", 8), "ab…");
  EXPECT_TRUE(is_header_safe("plain"));
  EXPECT_FALSE(is_header_safe("a\rb"));
  EXPECT_FALSE(is_header_safe(std::string_view("a\0b", 3)));
}

TEST(Retry, BacksOffWithinItsBounds) {
  EXPECT_EQ(retry_delay(1, 0, {}), 1s);
  EXPECT_EQ(retry_delay(1, 1, {}), 500ms);
  EXPECT_EQ(retry_delay(4, 0, {}), 8s);
  EXPECT_EQ(retry_delay(1000, 0, {}), 5min);
  EXPECT_EQ(retry_delay(1, 0, 30s), 30s);
  EXPECT_EQ(retry_delay(20, 0, 1s), 5min);
  EXPECT_EQ(retry_delay(1, 0, 48h), 1h);
}

TEST(Retry, ReadsRetryAfterInEverySpelling) {
  const TimePoint now = *parse_time("2024-01-31T02:00:00Z");
  EXPECT_EQ(parse_retry_after("120", now), Duration(120s));
  EXPECT_EQ(parse_retry_after("0.5", now), Duration(500ms));
  EXPECT_EQ(parse_retry_after("Wed, 31 Jan 2024 02:01:30 GMT", now), Duration(90s));
  EXPECT_EQ(parse_retry_after("Wed, 31 Jan 2024 01:00:00 GMT", now), Duration(0s));
  // Longer than anybody waits, but no reason to come back at once.
  for (const char* long_time : {"86401", "999999999", "1e99"}) EXPECT_EQ(parse_retry_after(long_time, now), 24h);
  for (const char* bad : {"", "soon", "-1", "inf", "nan", "Wed, 31 Foo 2024 02:01:30 GMT"}) {
    EXPECT_FALSE(parse_retry_after(bad, now)) << bad;
  }
}

TEST(HttpVerdict, FollowsTheTable) {
  const struct {
    int status;
    DeliveryVerdict verdict;
    DeliveryReason reason;
  } cases[] = {{200, DeliveryVerdict::delivered, DeliveryReason::accepted},
               {202, DeliveryVerdict::delivered, DeliveryReason::accepted},
               {301, DeliveryVerdict::give_up, DeliveryReason::rejected},
               {400, DeliveryVerdict::give_up, DeliveryReason::rejected},
               {401, DeliveryVerdict::give_up, DeliveryReason::unauthorized},
               {403, DeliveryVerdict::give_up, DeliveryReason::unauthorized},
               {404, DeliveryVerdict::give_up, DeliveryReason::gone},
               {408, DeliveryVerdict::retry_later, DeliveryReason::server_error},
               {410, DeliveryVerdict::give_up, DeliveryReason::gone},
               {425, DeliveryVerdict::retry_later, DeliveryReason::server_error},
               {429, DeliveryVerdict::retry_later, DeliveryReason::rate_limited},
               {500, DeliveryVerdict::retry_later, DeliveryReason::server_error},
               {503, DeliveryVerdict::retry_later, DeliveryReason::server_error}};
  for (const auto& one : cases) {
    HttpOutcome outcome;
    outcome.status = one.status;
    outcome.headers = {{"retry-after", "7"}};
    const DeliveryAnswer answer = http_verdict(outcome, {});
    EXPECT_EQ(answer.verdict, one.verdict) << one.status;
    EXPECT_EQ(answer.reason, one.reason) << one.status;
    EXPECT_EQ(answer.retry_after.has_value(), one.verdict == DeliveryVerdict::retry_later) << one.status;
  }
  HttpOutcome silent;
  silent.reason = DeliveryReason::timed_out;
  silent.outcome_unknown = true;
  EXPECT_EQ(http_verdict(silent, {}).verdict, DeliveryVerdict::retry_later);
  EXPECT_TRUE(http_verdict(silent, {}).outcome_unknown);
}

TEST(Secret, IsReadFromWhereItIsKeptAndNowhereElse) {
  const Folder folder;
  EXPECT_EQ(read_secret({folder.write("good", "s3cret\n"), {}}, {})->reveal(), "s3cret");
  EXPECT_EQ(read_secret({{}, "good"}, folder.path(""))->reveal(), "s3cret");
  EXPECT_EQ(read_secret({{}, "good"}, {}).error().reason, Reason::not_found);
  EXPECT_EQ(read_secret({folder.path("none"), {}}, {}).error().reason, Reason::io);
  EXPECT_EQ(read_secret({folder.write("empty", "\n"), {}}, {}).error().reason, Reason::missing);
  EXPECT_EQ(read_secret({folder.write("large", std::string(70'000, 'x')), {}}, {}).error().reason, Reason::too_large);
  const auto open = read_secret({folder.write("open", "x", fs::perms::owner_read | fs::perms::others_read), {}}, {});
  EXPECT_EQ(open.error().reason, Reason::forbidden);
  EXPECT_THAT(open.error().detail, HasSubstr("chmod 600"));
}

TEST(Secret, DoesNotStandInTheConfiguration) {
  for (const Setting& bad : {scalar("hunter2"), map({}), map({{"file", scalar("a")}, {"credential", scalar("b")}}),
                             map({{"credential", scalar("../b")}})}) {
    Complaints complaints;
    parse_secret_place(bad, complaints);
    ASSERT_EQ(complaints.size(), 1U);
    EXPECT_EQ(to_string(complaints[0]).find("hunter2"), std::string::npos);
  }
}

TEST(Url, IsCheckedAndNeverQuoted) {
  const Folder folder;
  const auto url = read_url({{}, {folder.write("url", "ftp://user:hunter2@example.com"), {}}}, {});
  ASSERT_FALSE(url);
  EXPECT_EQ(to_string(url.error()).find("hunter2"), std::string::npos);
  EXPECT_EQ(read_url({{}, {folder.write("good", "https://example.com/x?key=1"), {}}}, {})->reveal(),
            "https://example.com/x?key=1");
}

}  // namespace
}  // namespace iwakan::sinks

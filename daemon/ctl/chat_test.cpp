// Goal: what was said in a chat keeps its time, its author and its words; the same file gives the same ids. Method:
// a Slack export as Slack writes it, and plain lines, in the zone of Tokyo.
#include "ctl/chat.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace iwakan::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Chat : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
  }
  void TearDown() override {
    unsetenv("TZ");
    tzset();
  }

  const TimePoint until_ = *parse_time("2031-05-14T12:00:00+09:00");

  ChatLines read(std::string_view text, const std::map<std::string, std::string>& users = {}) {
    const auto lines = read_chat(text, users, until_);
    EXPECT_TRUE(lines) << (lines ? "" : to_string(lines.error()));
    return lines ? *lines : ChatLines{};
  }

  static std::vector<std::string> times(const ChatLines& lines) {
    std::vector<std::string> found;
    for (const act::ChatLine& line : lines) found.push_back(format_time(line.occurred_at));
    return found;
  }
};

constexpr const char* kSlack = R"([
 {"type":"message","user":"U02","ts":"1936487460.000300","text":"looks well &amp; quiet &lt;3"},
 {"type":"message","user":"U01","ts":"1936487400.000200","text":"restarted <https://pay.example/|pay-api>, <@U02> please look",
  "user_profile":{"real_name":"Sato Ken","display_name":""}},
 {"type":"message","subtype":"channel_join","user":"U03","ts":"1936487410.000100","text":"<@U03> has joined"}])";

TEST_F(Chat, ReadsAChannelOfASlackExport) {
  const ChatLines lines = read(kSlack, {{"U02", "aoki"}});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].author, "Sato Ken");
  EXPECT_EQ(lines[0].text, "restarted pay-api, @aoki please look");
  EXPECT_EQ(format_time(lines[0].occurred_at), "2031-05-14T01:10:00.000200Z");
  EXPECT_EQ(lines[0].source_id, "slack/1936487400.000200/U01");
  EXPECT_EQ(lines[1].author, "aoki");
  EXPECT_EQ(lines[1].text, "looks well & quiet <3");
  EXPECT_EQ(read(R"({"ok":true,"messages":[{"user":"U1","ts":"1936487400.000200","text":"x"}]})").size(), 1U);
}

TEST_F(Chat, TakesNamesFromUsersJson) {
  const auto users = read_slack_users(
      R"([{"id":"U01","name":"sato","profile":{"real_name":"Sato Ken","display_name":"ken"}},{"id":"U02","name":"aoki"}])");
  ASSERT_TRUE(users);
  EXPECT_EQ(users->at("U01"), "ken");
  EXPECT_EQ(users->at("U02"), "aoki");
  EXPECT_FALSE(read_slack_users("{}"));
}

TEST_F(Chat, ReadsLinesWithTimes) {
  const ChatLines lines =
      read("10:26 sato: restarted pay-api\n  on both hosts\n[10:27:30] aoki：確認しました\n\n10:31 quiet\n");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].author, "sato");
  EXPECT_EQ(lines[0].text, "restarted pay-api\non both hosts");
  EXPECT_EQ(lines[1].author, "aoki");
  EXPECT_EQ(lines[1].text, "確認しました");
  EXPECT_EQ(lines[2].author, "chat");
  EXPECT_THAT(times(lines), ElementsAre("2031-05-14T01:26:00Z", "2031-05-14T01:27:30Z", "2031-05-14T01:31:00Z"));
}

TEST_F(Chat, GoesBackOverMidnightAndTakesDates) {
  EXPECT_THAT(times(read("23:58 a: x\n00:03 b: y\n11:59 c: z\n")),
              ElementsAre("2031-05-13T14:58:00Z", "2031-05-13T15:03:00Z", "2031-05-14T02:59:00Z"));
  EXPECT_THAT(times(read("12:30 a: still to come today, so it was yesterday\n")), ElementsAre("2031-05-13T03:30:00Z"));
  EXPECT_THAT(times(read("2031-05-01 10:26 a: x\n[2031-05-02 09:00] b: y\n2031-05-03T10:00:00+09:00 c: z\n")),
              ElementsAre("2031-05-01T01:26:00Z", "2031-05-02T00:00:00Z", "2031-05-03T01:00:00Z"));
}

TEST_F(Chat, GivesEachLineTheSameIdAgain) {
  const std::string text = "10:26 sato: ok\n10:26 sato: ok\n10:27 aoki: ok\n";
  const ChatLines once = read(text);
  const ChatLines again = read(text + "10:28 sato: and on it goes\n");
  ASSERT_EQ(once.size(), 3U);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].source_id, again[i].source_id);
  EXPECT_NE(once[0].source_id, once[1].source_id);
  EXPECT_NE(once[1].source_id, once[2].source_id);
}

TEST_F(Chat, SaysWhatItCannotRead) {
  const auto no_time = read_chat("sato: restarted\n", {}, until_);
  ASSERT_FALSE(no_time);
  EXPECT_EQ(no_time.error().path, "line 1");
  EXPECT_THAT(no_time.error().detail, HasSubstr("10:26 sato: restarted"));
  EXPECT_FALSE(read_chat(R"([{"text":"no time"}])", {}, until_));
  EXPECT_FALSE(read_chat(R"([{"ts":)", {}, until_));
  EXPECT_FALSE(read_chat("25:99 sato: x\n", {}, until_));
  EXPECT_THAT(read("[]"), IsEmpty());
  EXPECT_THAT(read(""), IsEmpty());
}

}  // namespace
}  // namespace iwakan::ctl

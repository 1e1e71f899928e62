// Goal: what was written into a timeline stays as it was and shows any change; corrections are new entries; a
// chat export adds each line once, with its own time. Method: stories, and their rows tampered with.
#include "desk/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/fields.hpp"
#include "engine/testing/story.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::testing::demo_settings;
using engine::testing::Story;
using ::testing::HasSubstr;

std::vector<TimelineEntry> entries(const Story& story) {
  std::vector<TimelineEntry> found;
  for (const auto& [key, value] : story.rows()) {
    if (key.first == Table::timeline) found.push_back(*decode<TimelineEntry>(value));
  }
  return found;
}

std::uint32_t first_wrong(const std::vector<TimelineEntry>& timeline) {
  ChainCheck check("INC-1");
  for (const TimelineEntry& entry : timeline) check.add(entry);
  return check.first_wrong();
}

Story with_an_incident() {
  Story story(demo_settings());
  story.act(act::Declare{"checkout", "Orders fail", Impact::possible, 2}, "morita");
  story.advance(1min);
  return story;
}

TEST(Timeline, IsChainedToItsHead) {
  Story story = with_an_incident();
  story.act(act::Note{"INC-1", "restarted pay-api", story.now() - 5min}, "morita");
  const std::vector<TimelineEntry> timeline = entries(story);
  ChainCheck check("INC-1");
  for (const TimelineEntry& entry : timeline) EXPECT_TRUE(check.add(entry)) << entry.number;
  EXPECT_EQ(check.entries(), story.incident("INC-1").timeline_length);
  EXPECT_EQ(check.head(), story.incident("INC-1").timeline_head);
  EXPECT_EQ(check.head().size(), 32U);
}

TEST(Timeline, ShowsWhatWasChangedTakenOutOrPutIn) {
  Story story = with_an_incident();
  story.act(act::Note{"INC-1", "restarted pay-api", std::nullopt}, "morita");
  const std::vector<TimelineEntry> timeline = entries(story);
  ASSERT_GE(timeline.size(), 3U);
  EXPECT_EQ(first_wrong(timeline), 0U);

  std::vector<TimelineEntry> changed = timeline;
  changed[1].occurred_at -= 1min;
  EXPECT_EQ(first_wrong(changed), 2U);
  changed = timeline;
  changed[1].actor = "somebody else";
  EXPECT_EQ(first_wrong(changed), 2U);
  changed = timeline;
  changed.erase(changed.begin());
  EXPECT_EQ(first_wrong(changed), 1U);
  changed = timeline;
  std::swap(changed[0], changed[1]);
  EXPECT_EQ(first_wrong(changed), 1U);
  changed = timeline;
  changed.insert(changed.begin() + 1, changed[0]);
  EXPECT_EQ(first_wrong(changed), 2U);

  ChainCheck other("INC-2");
  EXPECT_FALSE(other.add(timeline[0])) << "an entry of another incident";
}

TEST(Timeline, ACorrectionIsANewEntryThatNamesTheOld) {
  Story story = with_an_incident();
  story.act(act::Note{"INC-1", "restarted at 10:05", std::nullopt}, "morita");
  const std::vector<TimelineEntry> before = entries(story);
  const Effects& effects = story.act(act::CorrectEntry{"INC-1", 2, "restarted at 10:15", story.now() - 3min}, "sato");
  EXPECT_FALSE(effects.refusal);
  const std::vector<TimelineEntry> after = entries(story);
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << "what stood there stands";
  EXPECT_EQ(after.back().corrects, 2U);
  EXPECT_EQ(after.back().kind, "correction");
  EXPECT_EQ(after.back().actor, "sato");
  EXPECT_EQ(after.back().occurred_at, story.now() - 3min);
  EXPECT_EQ(after.back().recorded_at, story.now());
}

TEST(Timeline, RefusesToCorrectWhatIsNotThere) {
  Story story = with_an_incident();
  const std::size_t length = entries(story).size();
  for (const std::uint32_t entry : {0U, static_cast<std::uint32_t>(length + 1)}) {
    const Effects& effects = story.act(act::CorrectEntry{"INC-1", entry, "x", std::nullopt});
    ASSERT_TRUE(effects.refusal);
    EXPECT_EQ(effects.refusal->reason, Reason::not_found);
    EXPECT_THAT(effects.refusal->detail, HasSubstr("entries 1 to " + std::to_string(length)));
  }
  EXPECT_EQ(entries(story).size(), length);
}

TEST(Timeline, ANoteWithoutAnIncidentGoesToTheOnlyOne) {
  Story story(demo_settings());
  EXPECT_EQ(story.act(act::Note{"", "restarted", std::nullopt}).refusal->reason, Reason::not_found);
  story.act(act::Declare{"checkout", "Orders fail", Impact::possible, 2}, "morita");
  EXPECT_EQ(story.act(act::Note{"", "restarted", std::nullopt}).incident, "INC-1");
  EXPECT_EQ(entries(story).back().text.en, "restarted");
  story.act(act::Declare{"mailer", "Mail is slow", Impact::possible, 2}, "morita");
  const Effects& effects = story.act(act::Note{"", "restarted", std::nullopt});
  ASSERT_TRUE(effects.refusal);
  EXPECT_EQ(effects.refusal->reason, Reason::conflict);
  EXPECT_THAT(effects.refusal->detail,
              ::testing::AllOf(HasSubstr("INC-1  Orders fail"), HasSubstr("INC-2  Mail is slow")));
}

TEST(Timeline, ImportsEachChatLineOnceWithItsOwnTime) {
  Story story = with_an_incident();
  const TimePoint said = story.now() - 7min;
  const act::ImportChat chat{"INC-1", {{"slack/1", said, "sato", "restarted"}, {"slack/2", said + 1min, "aoki", "ok"}}};
  EXPECT_EQ(story.act(chat, "morita").lines_imported, 2U);
  const std::vector<TimelineEntry> once = entries(story);
  const TimelineEntry& line = once[once.size() - 3];
  EXPECT_EQ(line.kind, "chat");
  EXPECT_EQ(line.actor, "sato");
  EXPECT_EQ(line.occurred_at, said);
  EXPECT_EQ(line.recorded_at, story.now());
  EXPECT_EQ(once.back().kind, "import");
  EXPECT_EQ(once.back().actor, "morita");

  story.restart();
  act::ImportChat longer = chat;
  longer.lines.push_back({"slack/3", said + 2min, "sato", "looks well"});
  EXPECT_EQ(story.act(longer, "morita").lines_imported, 1U);
  const std::size_t length = entries(story).size();
  EXPECT_EQ(story.act(longer, "morita").lines_imported, 0U);
  EXPECT_EQ(entries(story).size(), length);
  EXPECT_EQ(first_wrong(entries(story)), 0U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Timeline, AnExportThatHasGrownIsImportedAgainHoweverLongItIs) {
  Story story = with_an_incident();
  act::ImportChat chat{"INC-1", {}};
  const auto grow = [&](std::size_t lines) {
    while (chat.lines.size() < lines)
      chat.lines.push_back({"slack/" + std::to_string(chat.lines.size()), story.now(), "sato", "ok"});
    return story.act(chat, "morita");
  };
  EXPECT_EQ(grow(12'000).lines_imported, 12'000U);
  EXPECT_EQ(grow(12'001).lines_imported, 1U);
  const Effects refused = grow(20'001);
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->reason, Reason::too_large);
  chat.lines.pop_back();
  EXPECT_EQ(grow(20'000).lines_imported, 7'999U) << "what was refused left nothing behind";
}

}  // namespace
}  // namespace iwakan::desk

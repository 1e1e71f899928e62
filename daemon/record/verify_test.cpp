// Goal: a store whose timelines were touched is told from one that was not, and where. Method: rows of a story in a
// store, then tampered with.
#include "record/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/fields.hpp"
#include "engine/testing/story.hpp"
#include "model/codec.hpp"
#include "store/memory_store.hpp"

namespace iwakan::record {
namespace {

using engine::testing::demo_settings;
using engine::testing::Story;
using ::testing::SizeIs;

store::MemoryStore two_incidents() {
  Story story(demo_settings());
  story.act(act::Declare{"checkout", "Orders fail", Impact::possible, 2}, "morita");
  story.act(act::Declare{"mailer", "Mail is slow", Impact::possible, 2}, "morita");
  story.act(act::Note{"INC-1", "restarted", std::nullopt}, "morita");
  store::MemoryStore store;
  store::Commit commit;
  for (const auto& [key, value] : story.rows()) commit.rows.push_back({key.first, key.second, value});
  EXPECT_TRUE(store.commit(commit));
  return store;
}

std::vector<Verdict> verdicts(const store::Store& store, std::string_view incident = {}, std::uint32_t at = 0) {
  auto found = verify_timelines(store, incident, at);
  EXPECT_TRUE(found);
  return *found;
}

TEST(Verify, AnUntouchedStoreHolds) {
  const store::MemoryStore store = two_incidents();
  const std::vector<Verdict> all = verdicts(store);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].incident, "INC-1");
  EXPECT_EQ(all[0].first_wrong, 0U);
  EXPECT_EQ(all[1].first_wrong, 0U);
  EXPECT_NE(all[0].head, all[1].head);
  EXPECT_EQ(verdict_json({}, 1, all).at("holds"), true);
}

TEST(Verify, GivesTheHeadAsItWasAfterAnEntry) {
  const store::MemoryStore store = two_incidents();
  const Verdict whole = verdicts(store, "INC-1").at(0);
  const Verdict at_end = verdicts(store, "INC-1", whole.entries).at(0);
  EXPECT_EQ(at_end.head_at, whole.head);
  EXPECT_TRUE(verdicts(store, "INC-1", 1).at(0).head_at);
  EXPECT_NE(verdicts(store, "INC-1", 1).at(0).head_at, whole.head);
  EXPECT_FALSE(verdicts(store, "INC-1", whole.entries + 1).at(0).head_at);
  EXPECT_THAT(verdicts(store, "INC-9"), SizeIs(0));
}

TEST(Verify, SaysWhereATimelineWasTouched) {
  store::MemoryStore store = two_incidents();
  const std::string key = ordered_key(1, 2);
  auto entry = *decode<TimelineEntry>(**store.get(Table::timeline, key));
  entry.actor = "somebody else";
  ASSERT_TRUE(store.commit({{}, {{Table::timeline, key, encode(entry)}}}));
  EXPECT_EQ(verdicts(store).at(0).first_wrong, 2U);
  EXPECT_EQ(verdicts(store).at(1).first_wrong, 0U);
  EXPECT_EQ(verdict_json({}, 1, verdicts(store)).at("holds"), false);
  ASSERT_TRUE(store.commit({{}, {{Table::timeline, key, "no entry"}}}));
  EXPECT_EQ(verdicts(store).at(0).first_wrong, 2U);
}

TEST(Verify, MissesWhatWasTakenOffTheEnd) {
  store::MemoryStore store = two_incidents();
  const std::uint32_t last = verdicts(store).at(0).entries;
  ASSERT_TRUE(store.commit({{}, {{Table::timeline, ordered_key(1, last), std::nullopt}}}));
  EXPECT_EQ(verdicts(store).at(0).first_wrong, last);
}

}  // namespace
}  // namespace iwakan::record

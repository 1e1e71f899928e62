// Goal: what is still to be done has somebody who does it, stays until it is done, and is told in the second report.
// Method: acts against the engine alone, with a replay of each story at the end.
#include <gmock/gmock.h>

#include "desk/reporter.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::testing::demo_settings;
using engine::testing::Story;

class FollowUps : public ::testing::Test {
 protected:
  FollowUps() : story(demo_settings()) {
    story.fire({{"alertname", "HighErrorRatio"}, {"service", "checkout"}, {"severity", "critical"}});
  }
  void TearDown() override { EXPECT_EQ(story.rows_that_replay_changes(), ""); }

  const engine::Effects& add(const char* what, const char* owner) {
    return story.act(act::AddFollowUp{"INC-1", same_in_all(what), owner, story.now() + 24h}, "morita");
  }
  std::string what_follows() {
    const Report report =
        write_report(story.incident("INC-1"), story.settings().organisation, ReportKind::second, story.now());
    return report.outcome->follow_up.en;
  }

  Story story;
};

TEST_F(FollowUps, StayUntilTheyAreDoneAndAreTold) {
  add("Alert before the connections run out", "sato");
  add("Review on 19 May", "Mizuno");
  EXPECT_EQ(what_follows(), "Alert before the connections run out (sato); Review on 19 May (Mizuno)");
  story.act(act::FinishFollowUp{"INC-1", 1, "alerts at 80 %"}, "sato");
  EXPECT_EQ(what_follows(), "Review on 19 May (Mizuno)");
  const FollowUp& done = story.incident("INC-1").follow_ups.at(0);
  EXPECT_EQ(done.done_by, "sato");
  const std::optional<TimePoint> at = done.done_at;
  ASSERT_TRUE(at);
  story.advance(1min);
  story.act(act::FinishFollowUp{"INC-1", 1, "again"}, "hasegawa");
  EXPECT_EQ(story.incident("INC-1").follow_ups.at(0).done_at, at);
}

TEST_F(FollowUps, AreOfSomebodyAndOfAnIncident) {
  EXPECT_EQ(add("Review", "").refusal.value().path, "/owner");
  EXPECT_EQ(add("", "sato").refusal.value().path, "/what");
  EXPECT_EQ(story.act(act::FinishFollowUp{"INC-1", 1, {}}).refusal.value().reason, Reason::not_found);
  EXPECT_EQ(story.act(act::AddFollowUp{"INC-9", same_in_all("Review"), "sato", {}}).refusal.value().reason,
            Reason::not_found);
  EXPECT_TRUE(story.incident("INC-1").follow_ups.empty());
}

TEST_F(FollowUps, AreWrittenDownWhenItIsOverAndGoWithAMerger) {
  add("Review", "sato");
  story.act(act::Declare{"mailer", "mail is late", Impact::possible, 0}, "morita");
  story.act(act::AddFollowUp{"INC-2", same_in_all("Watch the queue"), "mori", {}}, "morita");
  story.act(act::Merge{"INC-2", "INC-1", ""}, "morita");
  const std::vector<FollowUp>& all = story.incident("INC-1").follow_ups;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].number, 2U);
  EXPECT_EQ(all[1].what.en, "Watch the queue");
}

}  // namespace
}  // namespace iwakan::desk

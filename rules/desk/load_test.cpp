// Goal: iwakan sees when somebody has been at work for long, by day and by night, and offers a rest once, quietly, with
// the note that a successor needs. Method: stories of events against the engine alone, with a replay of each at the
// end.
#include "desk/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::Settings;
using engine::testing::demo_settings;
using engine::testing::Story;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 10:00 in Tokyo.
const TimePoint kMorning = *parse_time("2031-05-14T01:00:00Z");

std::shared_ptr<Settings> with_responders() {
  auto settings = demo_settings();
  const auto add = [&](const std::string& id, RoleKind role) {
    Person person;
    person.id = id;
    person.name = same_in_all(id);
    person.languages = {"en"};
    person.reach = {{"mail", id + "@example.com", {}}, {"chat", id, {}}};
    person.zone = Offsets({{TimePoint::min(), 9h}});
    settings->organisation.people[id] = person;
    settings->organisation.roles.push_back({role, id, person.name, {}, {}, "iwakan"});
  };
  add("fujii", RoleKind::command);
  add("oda", RoleKind::hands_on);
  settings->organisation.people["hara"] = settings->organisation.people["fujii"];
  settings->organisation.people["hara"].id = "hara";
  return settings;
}

class LoadTest : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(story.rows_that_replay_changes(), ""); }

  void declare(const char* subject = "pay") { story.act(act::Declare{subject, "Payments fail", Impact::possible, 2}); }
  Load load(const std::string& person) {
    const Organisation& organisation = story.settings().organisation;
    return load_of(organisation.people.at(person), story.engine().desk().incidents(), story.now());
  }
  Story story{with_responders(), kMorning};
};

TEST_F(LoadTest, IsWhatTheWeekAskedOfSomebody) {
  declare();
  story.advance(2h);
  story.act(act::HandOver{"INC-1", "hara"}, "fujii");
  story.advance(1h);
  EXPECT_FALSE(load("fujii").at_work_since);
  EXPECT_EQ(load("fujii").at_work, 2h);
  EXPECT_EQ(load("hara").at_work_since, kMorning + 2h);
  EXPECT_EQ(load("hara").at_work, 1h);
  EXPECT_EQ(load("oda").at_work, 3h);
  EXPECT_EQ(load("fujii").nights, 0U);
  EXPECT_GE(load("fujii").pages, 1U);  // two ways are one message
  story.act(act::DeclareRecovery{"INC-1", "checked"}, "hara");
  story.advance(24h * 8);
  EXPECT_EQ(load("oda").at_work, 0h);
  EXPECT_EQ(load("oda").pages, 0U);
}

TEST_F(LoadTest, ANightIsThatOfWhereTheyLive) {
  story.advance(11h);  // 21:00 in Tokyo
  declare();
  story.advance(59min);
  EXPECT_EQ(load("oda").nights, 0U);
  story.advance(2min);
  EXPECT_EQ(load("oda").nights, 1U);
  story.advance(3h);
  EXPECT_EQ(load("oda").nights, 1U);
  EXPECT_EQ(load("oda").reasons.at(0).en, "at work for 4 h at night");
}

TEST_F(LoadTest, ARestIsOfferedOnceToThemAndToWhoeverCommandsWithANote) {
  declare();
  story.advance(6h - 1s);
  EXPECT_THAT(story.incident("INC-1").offered_rest, IsEmpty());
  story.restart();
  const Effects effects = story.step(TimeReached{story.now() + 1s});
  std::vector<std::string> told;
  Notice last;
  for (const auto& intent : effects.intents) {
    if (!intent.report->notice || intent.report->notice->kind != NoticeKind::hand_over) continue;
    told.push_back(intent.delivery.recipient.address);
    last = *intent.report->notice;
  }
  // Of fujii to fujii, who commands; of oda to oda and to fujii; by both their ways.
  EXPECT_THAT(told, ElementsAre("fujii@example.com", "fujii", "oda@example.com", "oda", "fujii@example.com", "fujii"));
  EXPECT_EQ(last.at, kMorning);
  EXPECT_EQ(last.lines.at(0).en, "oda: at work for 6 h without a break");
  EXPECT_THAT(last.lines.at(1).en, HasSubstr("Known: "));
  story.advance(6h);
  EXPECT_EQ(story.incident("INC-1").offered_rest.size(), 2U);
  EXPECT_EQ(story.incident("INC-1").offered_rest.at("oda"), kMorning + 6h);
}

}  // namespace
}  // namespace iwakan::desk

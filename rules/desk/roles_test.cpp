// Goal: from the opening on somebody holds each role that the rota and the configuration name, whoever takes the
// questions has no hands in the repair, and every change is in the timeline and comes again from the journal. Method:
// stories of an organisation with a rota; one of a single person.
#include "desk/roles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/reporter.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::testing::demo_settings;
using engine::testing::Story;
using ::testing::HasSubstr;

std::shared_ptr<engine::Settings> settings() {
  auto made = demo_settings();
  Organisation& organisation = made->organisation;
  for (const char* id : {"fujii", "hara", "mizuno", "sato", "hasegawa"}) {
    organisation.people[id] = {id, same_in_all(id), {"ja", "en"}, {}, {}};
  }
  Rota command;
  command.id = "command";
  command.weekly = {{"fujii", {0, 1, 2, 3, 4, 5, 6}, 0h, 9h}, {"hara", {0, 1, 2, 3, 4, 5, 6}, 9h, 24h}};
  Rota repair;
  repair.id = "repair";
  repair.role = RoleKind::hands_on;
  repair.weekly = {{"sato", {0, 1, 2, 3, 4, 5, 6}, 0h, 24h}};
  organisation.rotas = {command, repair};
  organisation.roles = {{RoleKind::contact, "mizuno", same_in_all("mizuno"), {}, {}, "iwakan"}};
  return made;
}

std::string roles_of(const Incident& incident) {
  std::string text;
  for (const RoleHolder& holder : incident.roles) {
    text += std::string(name(holder.kind)) + ":" + holder.name.en + " ";
  }
  return text;
}

class RolesTest : public ::testing::Test {
 protected:
  RolesTest() { story_.act(act::Declare{"pay", "Payments fail", Impact::possible, 3}); }

  const engine::Effects& act(Act what) { return story_.act(std::move(what), "fujii"); }
  std::string roles() { return roles_of(story_.incident("INC-1")); }

  Story story_{settings()};  // begins at 01:00Z
};

TEST_F(RolesTest, AreFilledByWhoIsOnDuty) {
  EXPECT_EQ(roles(), "command:fujii hands_on:sato contact:mizuno ");
  story_.advance(9h);
  story_.act(act::Declare{"search", "Search fails", Impact::possible, 3});
  EXPECT_EQ(roles_of(story_.incident("INC-2")), "command:hara hands_on:sato contact:mizuno ");
}

TEST_F(RolesTest, WhatALevelNeedsAndNobodyHasIsNamedWithWhoStandsIn) {
  const Incident& incident = story_.incident("INC-1");
  const LevelProcedure& level = story_.settings().organisation.levels.at(3);  // command, contact, scribe, customers
  std::vector<Vacancy> open = vacancies(incident, level);
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].kind, RoleKind::scribe);
  EXPECT_EQ(said_of(open[0]).en, "fujii (standing in until somebody has it)");
  EXPECT_EQ(open[1].kind, RoleKind::customers);
  const Report report = write_report(incident, story_.settings().organisation, ReportKind::first, story_.now());
  EXPECT_EQ(report.responders.back().who.en, "fujii (standing in until somebody has it)");
  EXPECT_EQ(report.responders.back().does.en, "record, customers");
  // Whoever repairs is left to it: with nobody else there, nobody stands in.
  Incident alone = incident;
  std::erase_if(alone.roles, [](const RoleHolder& holder) { return holder.kind != RoleKind::hands_on; });
  open = vacancies(alone, level);
  ASSERT_EQ(open.size(), 4U);
  for (const Vacancy& vacancy : open) EXPECT_EQ(vacancy.stands_in, nullptr);
  EXPECT_EQ(said_of(open[0]).en, "being assigned");
}

TEST_F(RolesTest, TheContactHasNoHandsInTheRepair) {
  const auto& refused = act(act::AssignRole{"INC-1", RoleKind::contact, "sato", {}});
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->reason, Reason::conflict);
  EXPECT_THAT(refused.refusal->detail, HasSubstr("name somebody else as contact"));
  ASSERT_TRUE(act(act::AssignRole{"INC-1", RoleKind::hands_on, "mizuno", {}}).refusal);
  EXPECT_EQ(roles(), "command:fujii hands_on:sato contact:mizuno ");

  ASSERT_FALSE(act(act::AssignRole{"INC-1", RoleKind::contact, "hara", {}}).refusal);
  ASSERT_FALSE(act(act::AssignRole{"INC-1", RoleKind::hands_on, "mizuno", "logs"}).refusal);
  EXPECT_EQ(roles(), "command:fujii hands_on:sato contact:hara hands_on:mizuno ");
  EXPECT_EQ(story_.rows_that_replay_changes(), "");
}

TEST_F(RolesTest, AreHandedOverAndReleased) {
  const auto& handed = act(act::HandOver{"INC-1", "hara"});
  ASSERT_FALSE(handed.refusal);
  EXPECT_EQ(handed.happened.at(0).text.en, "command was handed over from fujii to hara");
  EXPECT_EQ(handed.happened.at(1).kind, "handover");
  for (const char* said : {"Known: ", "Not yet known: ", "command: hara", "The next report is promised for "}) {
    EXPECT_THAT(handed.happened.at(1).text.en, HasSubstr(said));
  }
  EXPECT_EQ(story_.incident("INC-1").roles.back().by, "fujii");
  ASSERT_FALSE(act(act::ReleaseRole{"INC-1", RoleKind::hands_on, "sato"}).refusal);
  EXPECT_EQ(roles(), "contact:mizuno command:hara ");
  EXPECT_EQ(act(act::ReleaseRole{"INC-1", RoleKind::hands_on, "sato"}).refusal->reason, Reason::not_found);
  EXPECT_THAT(act(act::HandOver{"INC-1", "harra"}).refusal->detail, HasSubstr("did you mean \"hara\"?"));
  EXPECT_EQ(story_.rows_that_replay_changes(), "");
  story_.restart();
  EXPECT_EQ(roles(), "contact:mizuno command:hara ");
}

TEST(Roles, ANoteIsByTheClockOfWhoeverTakesOver) {
  auto made = settings();
  made->organisation.people["hara"].zone = Offsets({{TimePoint::min(), std::chrono::hours(9)}});
  Story story(made);  // at 01:00 UTC
  story.act(act::Declare{"pay", "Payments fail", Impact::possible, 3});
  const auto& handed = story.act(act::HandOver{"INC-1", "hara"}, "fujii");
  ASSERT_FALSE(handed.refusal);
  EXPECT_THAT(handed.happened.at(1).text.ja, HasSubstr("2031-05-14 10:00 +09:00"));
  EXPECT_THAT(handed.happened.at(1).text.en, HasSubstr("promised for 2031-05-14 10:30 +09:00"));
}

TEST(Roles, ATeamOfOneSaysWhy) {
  auto made = demo_settings();
  made->organisation.people.clear();
  made->organisation.people["abe"] = {"abe", same_in_all("Abe"), {"en"}, {}, {}};
  made->organisation.roles = {{RoleKind::contact, "abe", same_in_all("Abe"), {}, {}, "iwakan"},
                              {RoleKind::hands_on, "abe", same_in_all("Abe"), {}, {}, "iwakan"}};
  Story story(made);
  story.act(act::Declare{"pay", "Payments fail", Impact::possible, 3});
  const Incident& incident = story.incident("INC-1");
  ASSERT_EQ(incident.roles.size(), 2U);
  EXPECT_EQ(incident.roles[1].does.en, "contact (a team of one, so both)");
}

TEST(Roles, AContactOfManyIsNotFilledWithHandsOn) {
  auto made = settings();
  made->organisation.roles = {{RoleKind::contact, "sato", same_in_all("sato"), {}, {}, "iwakan"}};
  Story story(made);
  story.act(act::Declare{"pay", "Payments fail", Impact::possible, 3});
  EXPECT_EQ(roles_of(story.incident("INC-1")), "command:fujii hands_on:sato ");
}

TEST(Roles, ANameThatNobodyKnowsServes) {
  Story story(demo_settings());
  story.act(act::Declare{"pay", "Payments fail", Impact::possible, 3});
  ASSERT_FALSE(story.act(act::AssignRole{"INC-1", RoleKind::hands_on, "Suzuki", {}}).refusal);
  EXPECT_TRUE(story.act(act::AssignRole{"INC-1", RoleKind::contact, "Suzuki", {}}).refusal);
  ASSERT_FALSE(story.act(act::ReleaseRole{"INC-1", RoleKind::hands_on, "Suzuki"}).refusal);
}

}  // namespace
}  // namespace iwakan::desk

// Goal: the levels of the practice are there without a configuration, and what one changes is checked.
#include "model/level.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Setting scalar(std::string text) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = std::move(text);
  return setting;
}

Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting setting;
  setting.kind = Setting::Kind::map;
  setting.fields = std::move(fields);
  return setting;
}

Levels parse(Setting level, const char* number, Complaints& complaints) {
  const Setting root = map({{"levels", map({{number, std::move(level)}})}});
  Fields fields(root, complaints);
  return parse_levels(fields, {"cs"}, {"management", "legal"});
}

TEST(Level, TheTableOfThePracticeIsTheDefault) {
  const Levels levels = default_levels();
  ASSERT_EQ(levels.size(), 4U);
  EXPECT_EQ(levels.at(0).answer_within, 10min);
  EXPECT_EQ(levels.at(0).opens_at, 1);
  EXPECT_EQ(levels.at(1).within(kSupervisors), 30min);
  EXPECT_EQ(levels.at(2).within(kEverybody), 20min);
  EXPECT_EQ(levels.at(3).within(kSupervisors), 5min);
  EXPECT_EQ(levels.at(3).next_report_within, 30min);
  EXPECT_FALSE(levels.at(2).may_mention);
  EXPECT_TRUE(levels.at(3).may_mention);
}

TEST(Level, SupervisorsAreFirstAndEverybodyIsLastWhateverIsWritten) {
  Complaints complaints;
  const Levels levels = parse(map({{"supervisors_within", scalar("4m")},
                                   {"everybody_within", scalar("2m")},
                                   {"groups_within", map({{"management", scalar("1h")}, {"legal", scalar("1m")}})}}),
                              "3", complaints);
  EXPECT_TRUE(complaints.empty());
  EXPECT_THAT(levels.at(3).waves, ElementsAre(PlannedWave{"supervisors", 4min}, PlannedWave{"legal", 4min},
                                              PlannedWave{"management", 4min}, PlannedWave{"everybody", 4min}));
}

TEST(Level, WhatIsNotWrittenStaysAsInTheTable) {
  Complaints complaints;
  const Levels levels =
      parse(map({{"from_impact", scalar("confirmed")}, {"approval_within", scalar("2m")}}), "3", complaints);
  EXPECT_TRUE(complaints.empty());
  EXPECT_EQ(levels.at(3).from_impact, Impact::confirmed);
  EXPECT_EQ(levels.at(3).approval_within, 2min);
  EXPECT_EQ(levels.at(3).name, (Sentence{"重大", "critical"}));
  EXPECT_EQ(levels.at(3).within(kEverybody), 15min);
}

TEST(Level, SlipsAreNamed) {
  const auto complaint = [](Setting level, const char* number = "2") {
    Complaints complaints;
    parse(std::move(level), number, complaints);
    return complaints.empty() ? "" : complaints.front().problem;
  };
  EXPECT_THAT(complaint(map({{"groups_within", map({{"managment", scalar("1h")}})}})),
              HasSubstr("no group \"managment\""));
  EXPECT_THAT(complaint(map({{"asks", map({{"pr", scalar("wait")}})}})), HasSubstr("no department \"pr\""));
  EXPECT_THAT(complaint(map({{"roles", scalar("boss")}})), HasSubstr("not a role"));
  EXPECT_THAT(complaint(map({{"opens_at", scalar("7")}}), "0"), HasSubstr("not here"));
  EXPECT_THAT(complaint(map({}), "5"), HasSubstr("name"));
}

}  // namespace
}  // namespace iwakan

// Goal: maintenance begins and ends when its place's clocks say so, in every season; what it covers opens nothing and
// teaches nobody, is kept with the reason, and is noticed again afterwards. Method: tables of local times, and stories
// against the engine.
#include "engine/maintenance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::Labels;
using testing::list;
using testing::map;
using testing::scalar;
using testing::Story;

// Berlin in 2031: summer time from 30 March, 01:00 UTC, to 26 October, 01:00 UTC.
Result<Offsets> zones(std::string_view name) {
  if (name == "Asia/Tokyo") return Offsets({{TimePoint::min(), 9h}});
  if (name != "Europe/Berlin") return only_utc(name);
  return Offsets(
      {{TimePoint::min(), 1h}, {*parse_time("2031-03-30T01:00:00Z"), 2h}, {*parse_time("2031-10-26T01:00:00Z"), 1h}});
}

using Said = std::vector<std::pair<std::string, Setting>>;

std::vector<MaintenanceWindow> parsed(Said said, Complaints& complaints) {
  const Setting root = map({{"maintenance", list({map(std::move(said))})}});
  Fields fields(root, complaints);
  Surroundings surroundings;
  surroundings.zone_named = zones;
  auto windows = parse_maintenance(fields, "UTC", surroundings);
  fields.finish();
  return windows;
}

MaintenanceWindow window(Said said) {
  Complaints complaints;
  said.emplace_back("name", scalar("work"));
  auto windows = parsed(std::move(said), complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return windows.at(0);
}

Said recurring(const char* how, const char* when, const char* at, const char* lasts, const char* zone) {
  return {{how, scalar(when)}, {"at", scalar(at)}, {"for", scalar(lasts)}, {"time_zone", scalar(zone)}};
}

TEST(Maintenance, BeginsAndEndsByTheClocksOfItsPlace) {
  const struct {
    Said said;
    const char* after;
    const char* from;
    const char* to;
  } cases[] = {
      {recurring("weekly", "sun", "02:00", "3h", "Asia/Tokyo"), "2031-05-14T00:00:00Z", "2031-05-17T17:00:00Z",
       "2031-05-17T20:00:00Z"},
      {recurring("weekly", "wed", "02:00", "2h", "UTC"), "2031-05-14T02:00:00Z", "2031-05-21T02:00:00Z",
       "2031-05-21T04:00:00Z"},
      // Clocks skip 02:30 on 30 March in Berlin, and show it twice on 26 October: it lasts as long as it says.
      {recurring("weekly", "sun", "02:30", "2h", "Europe/Berlin"), "2031-03-25T00:00:00Z", "2031-03-30T01:30:00Z",
       "2031-03-30T03:30:00Z"},
      {recurring("weekly", "sun", "02:30", "2h", "Europe/Berlin"), "2031-10-25T00:00:00Z", "2031-10-26T00:30:00Z",
       "2031-10-26T02:30:00Z"},
      {recurring("weekly", "sat", "23:00", "7h", "Europe/Berlin"), "2031-10-25T00:00:00Z", "2031-10-25T21:00:00Z",
       "2031-10-26T04:00:00Z"},
      {recurring("monthly", "31", "00:00", "24h", "UTC"), "2031-05-31T00:00:00Z", "2031-07-31T00:00:00Z",
       "2031-08-01T00:00:00Z"},
      {recurring("monthly", "last", "23:30", "1h", "Asia/Tokyo"), "2032-02-01T00:00:00Z", "2032-02-29T14:30:00Z",
       "2032-02-29T15:30:00Z"},
      {recurring("monthly", "2nd tue", "03:00", "1h", "UTC"), "2031-05-01T00:00:00Z", "2031-05-13T03:00:00Z",
       "2031-05-13T04:00:00Z"},
      {recurring("monthly", "1st thu", "03:00", "1h", "UTC"), "2031-05-01T02:59:59Z", "2031-05-01T03:00:00Z",
       "2031-05-01T04:00:00Z"},
      {recurring("monthly", "last fri", "03:00", "1h", "UTC"), "2031-05-01T00:00:00Z", "2031-05-30T03:00:00Z",
       "2031-05-30T04:00:00Z"},
      {{{"from", scalar("2031-06-01 22:00")}, {"to", scalar("2031-06-02 04:00")}, {"time_zone", scalar("Asia/Tokyo")}},
       "2031-05-01T00:00:00Z",
       "2031-06-01T13:00:00Z",
       "2031-06-01T19:00:00Z"},
  };
  for (const auto& one : cases) {
    const MaintenanceWindow made = window(one.said);
    const auto next = next_occurrence(made, *parse_time(one.after));
    ASSERT_TRUE(next) << schedule_of(made);
    EXPECT_EQ(format_time(next->from), one.from) << schedule_of(made);
    EXPECT_EQ(format_time(next->to), one.to) << schedule_of(made);
    EXPECT_EQ(occurrence_at(made, next->from), next) << schedule_of(made);
    EXPECT_EQ(occurrence_at(made, next->to - 1s), next) << schedule_of(made);
    EXPECT_FALSE(occurrence_at(made, next->from - 1s)) << schedule_of(made);
    EXPECT_FALSE(occurrence_at(made, next->to)) << schedule_of(made);
  }
}

// Property: the occurrences, asked for one after another, are those that each moment is in.
TEST(Maintenance, AMomentIsInAnOccurrenceWhenTheListSaysSo) {
  const MaintenanceWindow all[] = {window(recurring("weekly", "sun", "02:30", "50h", "Europe/Berlin")),
                                   window(recurring("monthly", "last", "12:00", "2d", "Asia/Tokyo"))};
  for (const MaintenanceWindow& one : all) {
    TimePoint at = *parse_time("2031-01-01T00:00:00Z");
    const TimePoint end = at + 24h * 366;
    auto next = next_occurrence(one, at - 24h * 40);
    for (; at < end; at += 17min) {
      while (next && next->to <= at) next = next_occurrence(one, next->from);
      ASSERT_TRUE(next);
      EXPECT_EQ(occurrence_at(one, at).has_value(), next->from <= at) << format_time(at);
    }
  }
}

TEST(Maintenance, SaysWhatIsWrongWithIt) {
  const struct {
    Said said;
    const char* problem;
  } cases[] = {
      {{}, "nothing says when"},
      {{{"weekly", scalar("sunday")}, {"at", scalar("02:00")}, {"for", scalar("3h")}}, "is not a day"},
      {{{"weekly", scalar("sun")}, {"for", scalar("3h")}}, "at"},
      {{{"weekly", scalar("sun")}, {"at", scalar("2am")}, {"for", scalar("3h")}}, "is not a time here"},
      {{{"weekly", scalar("sun")}, {"at", scalar("02:00")}}, "for"},
      {{{"weekly", scalar("sun")}, {"monthly", scalar("1")}, {"at", scalar("02:00")}, {"for", scalar("3h")}},
       "several ways"},
      {{{"monthly", scalar("5th mon")}, {"at", scalar("02:00")}, {"for", scalar("3h")}}, "is not a day of the month"},
      {{{"monthly", scalar("32")}, {"at", scalar("02:00")}, {"for", scalar("3h")}}, "is not a day of the month"},
      {{{"from", scalar("2031-06-01 22:00")}}, "to"},
      {{{"from", scalar("2031-06-01 22:00")}, {"to", scalar("2031-06-01 22:00")}}, "ends before it begins"},
      {{{"from", scalar("2031-06-01 22:00")}, {"to", scalar("2031-06-02 22:00")}, {"time_zone", scalar("Mars")}},
       "time zone"},
      {{{"weekly", scalar("sun")}, {"at", scalar("02:00")}, {"for", scalar("3h")}, {"match", scalar("severity")}},
       "not a matcher"},
  };
  for (const auto& one : cases) {
    Said said = one.said;
    said.emplace_back("name", scalar("work"));
    Complaints complaints;
    parsed(said, complaints);
    ASSERT_FALSE(complaints.empty()) << one.problem;
    EXPECT_THAT(to_string(complaints.front()), HasSubstr(one.problem));
  }
}

const Labels kDatabase{{"alertname", "ReplicationLag"}, {"service", "db"}, {"severity", "critical"}};

// Wednesday 2031-05-14, 01:00 UTC is when stories begin: 10:00 in Tokyo.
std::shared_ptr<Settings> with_maintenance() {
  auto settings = testing::demo_settings();
  Said said = recurring("weekly", "wed", "11:00", "2h", "Asia/Tokyo");
  said.emplace_back("match", scalar("service=\"db\""));
  said.emplace_back("says", scalar("upgrade"));
  settings->maintenance.push_back(window(said));
  settings->zone = *zones("Asia/Tokyo");
  return settings;
}

TEST(Maintenance, HoldsBackSaysSoAndLetsWhatIsStillBrokenCountAfterwards) {
  Story story(with_maintenance());
  story.advance(1h + 10min);
  story.fire(kDatabase);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  const Decision& decision = story.engine().suspicions().find("db")->second.decision;
  EXPECT_EQ(decision.reason, DecisionReason::maintenance);
  ASSERT_EQ(decision.evidence.size(), 2U);
  EXPECT_EQ(decision.evidence[0].rule, "open_when");
  EXPECT_EQ(decision.evidence[1].sentence.en, "Maintenance \"work\" until 2031-05-14 13:00 +09:00 (upgrade)");
  EXPECT_EQ(decision.evidence[1].sentence.ja, "保守「work」のため 2031-05-14 13:00 +09:00 まで抑止中（upgrade）");
  story.fire({{"alertname", "Slow"}, {"service", "checkout"}, {"severity", "critical"}});  // nobody announced that
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  story.advance(1h + 49min);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  story.advance(1min);
  EXPECT_EQ(story.engine().desk().incidents().size(), 2U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Maintenance, BeginsOverWhatFiresAlready) {
  Story story(with_maintenance());
  story.fire(kDatabase);
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  story.advance(1h);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::silenced);
  story.restart();
  story.advance(2h);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Maintenance, ThatIsTakenOutOfTheConfigurationEnds) {
  Story story(with_maintenance());
  story.advance(1h + 10min);
  story.fire(kDatabase);
  story.engine().configure(testing::demo_settings());
  story.step(ConfigurationReplaced{story.now(), "digest"});
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
}

}  // namespace
}  // namespace iwakan::engine

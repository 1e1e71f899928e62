// Goal: the points of a drill say what the record shows, and nothing else. Method: an incident that nobody led, and
// one that was led as the practice says, from the same beginning.
#include "record/score.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/fields.hpp"
#include "engine/testing/story.hpp"
#include "model/codec.hpp"

namespace iwakan::record {
namespace {

using namespace std::chrono_literals;
using engine::testing::demo_settings;
using engine::testing::Story;

std::vector<Point> points_of(Story& story) {
  Record record{story.incident("INC-1"), {}, {}};
  for (const auto& [key, value] : story.rows()) {
    if (key.first == Table::timeline) record.timeline.push_back(*decode<TimelineEntry>(value));
  }
  return score_of(record, story.settings().organisation);
}

const Point& point(const std::vector<Point>& points, std::string_view words) {
  for (const Point& one : points) {
    if (one.what.en.find(words) != std::string::npos) return one;
  }
  ADD_FAILURE() << "no point about " << words;
  return points.front();
}

Story with_an_incident() {
  Story story(demo_settings());
  story.act(act::Declare{"checkout", "Card payments fail", Impact::possible, 2}, "morita");
  return story;
}

TEST(Score, ShowsWhatNobodyDid) {
  Story story = with_an_incident();
  story.advance(3h);
  const std::vector<Point> points = points_of(story);
  EXPECT_TRUE(point(points, "supervisors, one by one").met) << "iwakan told them";
  EXPECT_FALSE(point(points, "they have it").met);
  EXPECT_FALSE(point(points, "by the time that was promised").met);
  EXPECT_FALSE(point(points, "customers are affected").met);
  EXPECT_FALSE(point(points, "noted as it happened").met);
  EXPECT_FALSE(point(points, "six fields").met);
  EXPECT_EQ(point(points, "six fields").found.en, "0 of 6");
  EXPECT_EQ(point(points, "six fields").found.ja, "6 のうち 0");
  EXPECT_FALSE(point(points, "declared by a person").met);
}

TEST(Score, ShowsWhatPeopleDid) {
  Story story = with_an_incident();
  const auto settings = demo_settings();
  for (const Department& department : settings->organisation.departments) {
    story.act(act::Acknowledge{"INC-1", department.supervisor}, department.supervisor);
  }
  story.act(act::SetImpact{"INC-1", Impact::confirmed, "payments fail"}, "morita");
  story.act(act::AddFact{"INC-1", FactKind::action, {"再起動", "restarted"}, {"sato", "sato"}, {}, {}}, "morita");
  story.act(act::Note{"INC-1", "restarted pay-api", std::nullopt}, "morita");
  for (const SummaryField field : {SummaryField::what_happened, SummaryField::impact, SummaryField::scope,
                                   SummaryField::recurrence, SummaryField::left}) {
    story.act(act::State{"INC-1", field, {"記入", "said"}}, "morita");
  }
  story.act(act::AskQuestion{"INC-1", "", "May we promise refunds?", false}, "kato");
  story.act(act::AnswerQuestion{"INC-1", 1, "Not before noon"}, "mizuno");
  const std::vector<Point> points = points_of(story);
  for (const char* words : {"they have it", "customers are affected", "noted as it happened", "six fields",
                            "Questions were answered", "has a source", "everybody"}) {
    EXPECT_TRUE(point(points, words).met) << words << ": " << point(points, words).found.en;
  }
  for (const Point& one : points) {
    for (const std::string& text : {one.found.en, one.found.ja}) {
      EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("mizuno")));
      EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("morita")));
    }
  }
}

TEST(Score, ADeputySpeaksForTheDepartment) {
  auto settings = demo_settings();
  settings->organisation.departments.front().deputies = {{"mori", {"森", "Mori"}, {}}};
  Story story(settings);
  story.act(act::Declare{"checkout", "Card payments fail", Impact::possible, 2}, "morita");
  story.act(act::Acknowledge{"INC-1", "mori"}, "mori");
  EXPECT_EQ(point(points_of(story), "they have it").found.en, "1 of 2");
  story.act(act::Acknowledge{"INC-1", "sato"}, "sato");
  EXPECT_TRUE(point(points_of(story), "they have it").met);
}

TEST(Score, ANoteThatWasWrittenLaterIsNoNoteAtTheTime) {
  Story story = with_an_incident();
  story.advance(20min);
  story.act(act::Note{"INC-1", "restarted pay-api", story.now() - 10min}, "morita");
  EXPECT_FALSE(point(points_of(story), "noted as it happened").met);
}

}  // namespace
}  // namespace iwakan::record

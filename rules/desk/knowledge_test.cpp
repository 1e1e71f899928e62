// Goal: what people know and do not know stands in the reports as they said it, with source and time, and nothing is
// made up for them. Method: stories against the engine; reports written from the incident as it then stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/reporter.hpp"
#include "desk/testing/report_flaws.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::testing::demo_settings;
using engine::testing::kCheckout;
using engine::testing::Labels;
using engine::testing::Story;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Labels kQuiet{{"alertname", "QueueGrowing"}, {"service", "mailer"}, {"severity", "warning"}};

Report report_of(Story& story, ReportKind kind) {
  const Incident& incident = story.incident("INC-1");
  Report report = write_report(incident, story.settings().organisation, kind, story.now());
  EXPECT_THAT(testing::report_flaws(report, incident), IsEmpty());
  return report;
}

std::vector<std::string> known_of(const Report& report) {
  std::vector<std::string> all;
  for (const KnownFact& fact : report.known) all.push_back(fact.what.en);
  return all;
}

std::vector<std::string> unknown_of(const Report& report) {
  std::vector<std::string> all;
  for (const OpenQuestion& question : report.unknown) all.push_back(question.what.en);
  return all;
}

Story opened() {
  Story story(demo_settings());
  story.fire(kCheckout, 30s);
  story.advance(1min);
  return story;
}

TEST(Knowledge, AFactStandsWithItsSourceAndTimeAndAlertsStepBack) {
  Story story = opened();
  story.act(act::AddFact{"INC-1",
                         FactKind::impact,
                         {"お支払いの一部が完了していません", "Some payments do not complete"},
                         {"監視 pay-api", "monitor pay-api"},
                         story.now() - 5min,
                         story.now() - 1min});
  story.act(act::AddFact{"INC-1", FactKind::observation, same_in_all("14 inquiries"), same_in_all("CS count"), {}, {}});
  const Report report = report_of(story, ReportKind::first);
  EXPECT_THAT(known_of(report), ElementsAre("Some payments do not complete", "14 inquiries", "Alerts: 1 firing"));
  EXPECT_EQ(report.known[0].source.en, "monitor pay-api");
  EXPECT_EQ(*report.known[0].since, story.now() - 5min);
}

TEST(Knowledge, WithoutASourceItIsNeverKnown) {
  Story story = opened();
  story.act(act::AddFact{"INC-1", FactKind::impact, same_in_all("people complain on the net"), {}, {}, {}});
  const Report report = report_of(story, ReportKind::first);
  EXPECT_THAT(known_of(report), Not(Contains("people complain on the net")));
  ASSERT_EQ(report.not_confirmed.size(), 1U);
  EXPECT_EQ(report.not_confirmed[0].what.en, "people complain on the net");
}

TEST(Knowledge, CustomerImpactIsTheFirstUnknownUntilSomebodyKnows) {
  Story story(demo_settings());
  story.act(act::Declare{"mailer", "Mail is late", Impact::unknown, 2});
  EXPECT_EQ(unknown_of(report_of(story, ReportKind::first)).front(), "Whether customers are affected");
  story.act(
      act::AnswerUnknown{"INC-1", "impact", same_in_all("About 40 mails were late"), same_in_all("CS count"), {}});
  const Report report = report_of(story, ReportKind::first);
  EXPECT_THAT(unknown_of(report), ElementsAre("The cause", "How far it reaches"));
  EXPECT_EQ(known_of(report).front(), "About 40 mails were late");
}

TEST(Knowledge, AnOverdueQuestionSaysSoAndOnlyAPersonMovesIt) {
  Story story = opened();
  const TimePoint due = story.incident("INC-1").unknowns[1].due;
  story.advance(16min);
  OpenQuestion impact = report_of(story, ReportKind::update).unknown[1];
  EXPECT_TRUE(impact.overdue);
  EXPECT_EQ(impact.due, due);
  EXPECT_EQ(story.act(act::MoveUnknown{"INC-1", "impact", story.now() + 20min, ""}).refusal->path, "/why");
  story.act(act::MoveUnknown{"INC-1", "impact", story.now() + 20min, "the logs take longer"});
  impact = report_of(story, ReportKind::update).unknown[1];
  EXPECT_FALSE(impact.overdue);
  EXPECT_EQ(impact.due, story.now() + 20min);
  EXPECT_EQ(impact.moved_from, due);
  EXPECT_EQ(impact.moved_why, "the logs take longer");
}

TEST(Knowledge, WhenNobodyCanSayNoTimeIsMadeUp) {
  Story story = opened();
  story.act(act::AddUnknown{"INC-1", same_in_all("When it clears"), same_in_all("the provider"), {}});
  EXPECT_TRUE(report_of(story, ReportKind::first).unknown.back().no_estimate);
  for (const char* id : {"cause", "scope", "u4"}) {
    story.act(act::AnswerUnknown{"INC-1", id, same_in_all("known now"), same_in_all("Sato"), {}});
    EXPECT_FALSE(story.engine().step(TimeReached{story.now()}).refusal);
  }
  story.act(act::AnswerUnknown{"INC-1", "impact", same_in_all("none"), same_in_all("CS"), {}});
  const Report report = report_of(story, ReportKind::first);
  EXPECT_THAT(unknown_of(report), ElementsAre("When it will be over"));
  EXPECT_TRUE(report.unknown[0].no_estimate);
}

TEST(Knowledge, AnAnswerNeedsASourceAndAnOpenQuestion) {
  Story story = opened();
  EXPECT_EQ(story.act(act::AnswerUnknown{"INC-1", "cause", same_in_all("disk"), {}, {}}).refusal->path, "/source");
  const auto refusal =
      story.act(act::AnswerUnknown{"INC-1", "casue", same_in_all("disk"), same_in_all("x"), {}}).refusal;
  EXPECT_THAT(refusal->detail, HasSubstr("open are: cause, impact, scope"));
  EXPECT_EQ(story.act(act::AddFact{"INC-1", {}, same_in_all("x"), {}, {}, story.now() + 1h}).refusal->path, "/at");
  EXPECT_EQ(story.act(act::WithdrawFact{"INC-1", 7, ""}).refusal->path, "/fact");
  EXPECT_EQ(story.act(act::AskDepartment{"INC-1", "legal", same_in_all("x")}).refusal->path, "/department");
  EXPECT_THAT(story.incident("INC-1").facts, IsEmpty());
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Knowledge, AnUpdateMarksWhatIsNew) {
  Story story = opened();
  story.act(act::AddFact{"INC-1", FactKind::observation, same_in_all("old"), same_in_all("CS"), {}, {}});
  story.act(act::Acknowledge{"INC-1", "hasegawa"});
  story.act(act::Acknowledge{"INC-1", "sato"}, "sato");
  story.advance(10min);
  Report report = report_of(story, ReportKind::update);
  EXPECT_TRUE(std::none_of(report.known.begin(), report.known.end(), [](const KnownFact& fact) { return fact.fresh; }));
  story.act(act::AddFact{"INC-1", FactKind::workaround, same_in_all("new"), same_in_all("CS"), {}, {}});
  report = report_of(story, ReportKind::update);
  for (const KnownFact& fact : report.known) EXPECT_EQ(fact.fresh, fact.what.en == "new") << fact.what.en;
  EXPECT_TRUE(report.previous_at);
}

TEST(Knowledge, TheSecondReportHasItsFieldsAndDeclaresNothingByItself) {
  Story story = opened();
  story.act(act::State{"INC-1", SummaryField::title, {"お支払いは戻りました", "Payments are back"}});
  story.act(act::State{"INC-1", SummaryField::what_happened, same_in_all("connections ran out")});
  story.act(act::State{"INC-1", SummaryField::scope, same_in_all("cards only")});
  story.act(act::State{"INC-1", SummaryField::conditions, same_in_all("quiet for 30 min")});
  story.act(act::AddFact{"INC-1", FactKind::action, same_in_all("limit restored"), same_in_all("Sato"), {}, {}});
  story.act(act::AskDepartment{"INC-1", "cs", same_in_all("back to the usual text")});
  const Report report = report_of(story, ReportKind::second);
  ASSERT_TRUE(report.outcome);
  EXPECT_EQ(report.title.en, "Payments are back");
  EXPECT_EQ(report.outcome->what_happened.en, "connections ran out");
  EXPECT_EQ(report.outcome->actions.at(0).what.en, "limit restored");
  EXPECT_FALSE(report.outcome->recovered);
  EXPECT_THAT(report.outcome->conditions, Contains(same_in_all("quiet for 30 min")));
  EXPECT_TRUE(report.outcome->recurrence.empty());
  EXPECT_EQ(report.outcome->when.at(0).what.en, "began");
  EXPECT_EQ(report.asks[0].what.en, "back to the usual text");
}

TEST(Knowledge, EditionsTellEachAudienceItsOwn) {
  Story story = opened();
  story.act(act::AddFact{"INC-1", FactKind::workaround, same_in_all("pay in the shop"), same_in_all("CS"), {}, {}});
  story.act(act::AddFact{"INC-1", FactKind::observation, same_in_all("the pool is full"), same_in_all("Sato"), {}, {}});
  const Report report = report_of(story, ReportKind::first);
  const Report dev = department_edition(report, story.settings().organisation.departments[1]);
  EXPECT_EQ(dev.asks[0].of.en, "Development");
  EXPECT_EQ(dev.asks.size(), report.asks.size());
  const Report draft = customers_draft(report);
  EXPECT_THAT(known_of(draft), Not(Contains("the pool is full")));
  EXPECT_THAT(known_of(draft), Contains("pay in the shop"));
  EXPECT_THAT(draft.responders, IsEmpty());
}

TEST(Knowledge, WordsComeBackAsSuggestionsAndStayAsTheyWereWritten) {
  Story story = opened();
  const engine::Effects& effects = story.act(act::AddFact{
      "INC-1", FactKind::observation, {"佐藤さんのミスでした", "It was Sato's fault"}, same_in_all("CS"), {}, {}});
  EXPECT_FALSE(effects.refusal);
  ASSERT_EQ(effects.suggestions.size(), 2U);
  EXPECT_EQ(effects.suggestions[0].flaw, WordingFlaw::blame);
  EXPECT_EQ(effects.happened.back().kind, "wording");
  EXPECT_THAT(effects.happened.back().text.en, HasSubstr("Kept as it was written"));
  EXPECT_EQ(story.incident("INC-1").facts[0].what.en, "It was Sato's fault");
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(ReportFlaws, SeeWhatIsWrong) {
  Story story = opened();
  const Report good = report_of(story, ReportKind::first);
  const Incident& incident = story.incident("INC-1");
  const auto flawed = [&](auto spoil) {
    Report report = good;
    spoil(report);
    return testing::report_flaws(report, incident).size();
  };
  EXPECT_EQ(flawed([](Report& report) { report.known[0].source = {}; }), 1U);
  EXPECT_EQ(flawed([](Report& report) { report.unknown[0].checker = {}; }), 1U);
  EXPECT_EQ(flawed([](Report& report) { report.unknown[0].due = report.issued_at - 1min; }), 1U);
  EXPECT_EQ(flawed([](Report& report) { report.next_report_at = report.issued_at; }), 1U);
  EXPECT_EQ(flawed([](Report& report) { report.asks[0].what = same_in_all("it was a mistake by ops"); }), 1U);
  EXPECT_EQ(flawed([](Report& report) { report.kind = ReportKind::second; }), 1U);
  EXPECT_TRUE(testing::numbers_add_up("1,284 件。うち 1,131 件は完了、153 件は未完了です"));
  EXPECT_FALSE(testing::numbers_add_up("1,284 件。うち 1,131 件は完了、163 件は未完了です"));
}

}  // namespace
}  // namespace iwakan::desk

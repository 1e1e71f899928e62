// Goal: what is known answers, in both languages; what is not known waits for a person rather than getting a wrong
// answer. Method: the facts and open points of the practice's first specimen, and questions as people ask them.
#include "desk/question_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TimePoint kIssued = *parse_time("2031-05-14T01:26:00Z");

Report specimen() {
  Report report;
  report.issued_at = kIssued;
  report.next_report_at = kIssued + 24min;
  KnownFact cards;
  cards.what = {"10:12 頃から、カードでのお支払いの一部が完了していません",
                "Since about 10:12, some card payments do not complete"};
  cards.at = kIssued - 6min;
  cards.source = {"監視 pay-api", "monitor pay-api"};
  KnownFact store;
  store.what = {"コンビニ払い、商品の閲覧、ログインは通常どおりです",
                "Convenience-store payment, browsing and sign-in work as usual"};
  store.at = kIssued - 5min;
  store.source = {"佐伯", "saeki"};
  report.known = {cards, store};
  const auto unknown = [](Sentence what, Sentence checker, TimePoint due) {
    OpenQuestion question;
    question.what = std::move(what);
    question.checker = std::move(checker);
    question.due = due;
    return question;
  };
  report.unknown = {unknown({"原因", "The cause"}, {"開発", "engineering"}, kIssued + 19min),
                    unknown({"お支払いが二重になった方の有無", "Whether anyone was charged twice"},
                            {"経理・開発", "accounting and engineering"}, kIssued + 34min)};
  return report;
}

std::vector<Ground> grounds(std::string_view question) {
  std::vector<Ground> found;
  for (const Answer& answer : known_answers(question, specimen())) found.push_back(answer.ground);
  return found;
}

TEST(QuestionMatch, KnowsTermsOfBothLanguages) {
  EXPECT_THAT(terms_of("Are the Payments working?"), ElementsAre("payment", "work"));
  EXPECT_THAT(terms_of("支払いは使えますか？"), ElementsAre("使", "支払"));
  EXPECT_THAT(terms_of("カード"), ElementsAre("カー", "ード"));
  EXPECT_THAT(terms_of("pay-api の復旧"), ElementsAre("api", "pay", "復旧"));
  EXPECT_THAT(terms_of("How is it going?"), ElementsAre("going"));
  EXPECT_THAT(terms_of("どうなっていますか？"), IsEmpty());
  EXPECT_THAT(terms_of(std::string("\xff\xe3\x80")), ::testing::SizeIs(::testing::Le(2U)));  // no text at all
}

TEST(QuestionMatch, AnswersWithTheFactItsTimeAndItsSource) {
  for (const char* question : {"コンビニ払いは使えますか？", "Does convenience-store payment work?"}) {
    const std::vector<Answer> answers = known_answers(question, specimen());
    ASSERT_EQ(answers.size(), 1U) << question;
    EXPECT_EQ(answers[0].ground, Ground::fact);
    EXPECT_EQ(answers[0].text.en, "Convenience-store payment, browsing and sign-in work as usual");
    EXPECT_EQ(answers[0].at, kIssued - 5min);
    EXPECT_EQ(answers[0].who.en, "saeki");
  }
}

TEST(QuestionMatch, SaysWhoChecksWhatIsNotKnown) {
  for (const char* question : {"原因は何ですか？", "What is the cause?"}) {
    const std::vector<Answer> answers = known_answers(question, specimen());
    ASSERT_EQ(answers.size(), 1U) << question;
    EXPECT_EQ(answers[0].ground, Ground::unknown);
    EXPECT_EQ(answers[0].who.en, "engineering");
    EXPECT_EQ(answers[0].at, kIssued + 19min);
  }
  EXPECT_THAT(grounds("Was anyone charged twice?"), ElementsAre(Ground::unknown));
  EXPECT_THAT(grounds("二重に支払いになった人はいますか"), ElementsAre(Ground::unknown));
}

TEST(QuestionMatch, MakesUpNoTimeWhereNobodyGivesOne) {
  Report report = specimen();
  report.unknown[0].no_estimate = true;
  const std::vector<Answer> answers = known_answers("原因は何ですか？", report);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].ground, Ground::unknown);
  EXPECT_EQ(answers[0].at, kZeroTime);
}

TEST(QuestionMatch, NamesTheNextReportWhenAskedForTheEnd) {
  for (const char* question :
       {"いつ復旧しますか？", "When will it be fixed?", "When is the next report?", "次の報告はいつですか"}) {
    const std::vector<Answer> answers = known_answers(question, specimen());
    ASSERT_EQ(answers.size(), 1U) << question;
    EXPECT_EQ(answers[0].ground, Ground::next_report) << question;
    EXPECT_EQ(answers[0].at, kIssued + 24min);
  }
}

TEST(QuestionMatch, LeavesTheRestToAPerson) {
  for (const char* question : {"返金はできますか？", "May we promise refunds?", "営業先への案内は誰が書きますか",
                               "Is the warehouse in Osaka affected?", "海外のお客さまはどうなりますか"}) {
    EXPECT_THAT(grounds(question), IsEmpty()) << question;
  }
}

TEST(QuestionMatch, TellsTheSameQuestionFromAnother) {
  EXPECT_TRUE(asks_the_same("返金はできますか？", "返金できますか"));
  EXPECT_TRUE(asks_the_same("May we promise refunds?", "may we promise a refund"));
  EXPECT_FALSE(asks_the_same("返金はできますか？", "再発送はできますか？"));
  EXPECT_FALSE(asks_the_same("May we promise refunds?", "May we promise delivery today?"));
  EXPECT_FALSE(asks_the_same("?", "!"));
}

}  // namespace
}  // namespace iwakan::desk

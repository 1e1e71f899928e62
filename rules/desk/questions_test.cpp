// Goal: questions reach the responders rarely, together, and once; whoever asked gets the answer. Method: stories of
// an incident whose readers ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;
using engine::testing::demo_settings;
using engine::testing::Story;
using ::testing::ElementsAre;
using ::testing::SizeIs;

void add_person(engine::Settings& settings, const char* id, RoleKind role) {
  Person person;
  person.id = id;
  person.name = same_in_all(id);
  person.languages = {"ja"};
  person.reach = {{"mail", std::string(id) + "@example.com", {}}};
  settings.organisation.people[id] = person;
  settings.organisation.roles.push_back({role, id, person.name, {}, {}, "iwakan"});
}

// oda repairs, and can be reached.
std::shared_ptr<engine::Settings> with_a_responder() {
  auto settings = demo_settings();
  add_person(*settings, "oda", RoleKind::hands_on);
  return settings;
}

Story with_an_incident(std::shared_ptr<engine::Settings> settings = with_a_responder()) {
  Story story(std::move(settings));
  story.act(act::Declare{"checkout", "Card payments fail", Impact::possible, 2}, "morita");
  story.advance(1min);
  return story;
}

std::vector<std::string> said_of_questions(const Effects& effects) {
  std::vector<std::string> said;
  for (const engine::Happened& one : effects.happened) {
    if (one.text.en.find("uestions") != std::string::npos) said.push_back(one.text.en);
  }
  return said;
}

act::AskQuestion ask(std::string text, std::string person = "") {
  return {"INC-1", std::move(person), std::move(text), false};
}

const Question& question(Story& story, std::size_t number) {
  return story.incident("INC-1").questions.at(number - 1);
}

std::vector<std::string> askers(const Question& asked) {
  std::vector<std::string> people;
  for (const Asker& asker : asked.askers) people.push_back(asker.person);
  return people;
}

TEST(Questions, WhatIsKnownIsAnsweredAtOnceAndReachesNobody) {
  Story story = with_an_incident();
  const Effects& effects = story.act(ask("Do card payments fail?"), "kato");
  ASSERT_TRUE(effects.question);
  EXPECT_EQ(*effects.question, question(story, 1));
  EXPECT_EQ(question(story, 1).state, QuestionState::answered);
  ASSERT_THAT(question(story, 1).answers, SizeIs(1));
  EXPECT_EQ(question(story, 1).answers[0].ground, Ground::fact);
  EXPECT_FALSE(story.incident("INC-1").due.contains(Due::questions));
  story.advance(2h);
  EXPECT_FALSE(question(story, 1).relayed_at);
}

TEST(Questions, APersonCanBeAskedAllTheSame) {
  Story story = with_an_incident();
  story.act(ask("Do card payments fail?"), "kato");
  story.act(act::AskQuestion{"INC-1", "", "Do card payments fail?", true}, "kato");
  ASSERT_THAT(story.incident("INC-1").questions, SizeIs(2));
  EXPECT_EQ(question(story, 2).state, QuestionState::waiting);
  EXPECT_TRUE(story.incident("INC-1").due.contains(Due::questions));
}

TEST(Questions, TheSameIsAskedOnceAndAnsweredToAll) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.act(ask("may we promise a refund", "hasegawa"), "chat");
  story.act(ask("May we promise refunds?"), "kato");
  ASSERT_THAT(story.incident("INC-1").questions, SizeIs(1));
  EXPECT_THAT(askers(question(story, 1)), ElementsAre("kato", "hasegawa"));
  story.act(act::AnswerQuestion{"INC-1", 1, "Not before noon"}, "mizuno");
  EXPECT_EQ(question(story, 1).state, QuestionState::answered);
  EXPECT_EQ(question(story, 1).answers.at(0).text.en, "Not before noon");
  EXPECT_EQ(question(story, 1).answers.at(0).who.en, "mizuno");
  // Who asks later gets the same answer.
  story.act(ask("Can we promise refunds?"), "aoki");
  EXPECT_THAT(story.incident("INC-1").questions, SizeIs(1));
  EXPECT_THAT(askers(question(story, 1)), ElementsAre("kato", "hasegawa", "aoki"));
}

TEST(Questions, GoToTheRespondersTogetherOnceARound) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.advance(10min);
  story.act(ask("Who writes to the newspapers?"), "aoki");
  story.advance(10min - 1s);
  EXPECT_EQ(question(story, 1).state, QuestionState::waiting);
  story.advance(1s);
  EXPECT_EQ(question(story, 1).state, QuestionState::relayed);
  EXPECT_EQ(question(story, 2).state, QuestionState::relayed);
  EXPECT_EQ(question(story, 1).relayed_at, question(story, 2).relayed_at);
  EXPECT_FALSE(story.incident("INC-1").due.contains(Due::questions));
  story.advance(5h);
  EXPECT_EQ(*question(story, 1).relayed_at, *question(story, 2).relayed_at);
}

TEST(Questions, WaitOnWhenNoResponderCanBeToldAndTheTimelineSaysSo) {
  Story story = with_an_incident(demo_settings());
  story.act(ask("May we promise refunds?"), "kato");
  const Effects effects = story.step(TimeReached{story.now() + 20min});
  EXPECT_THAT(said_of_questions(effects), ElementsAre(::testing::HasSubstr("nobody to tell")));
  EXPECT_EQ(question(story, 1).state, QuestionState::waiting);
  EXPECT_FALSE(question(story, 1).relayed_at);
  EXPECT_EQ(story.incident("INC-1").due.at(Due::questions), story.now() + 40min);
}

TEST(Questions, ARoundStandsInTheTimelineOnce) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  const Effects effects = story.step(TimeReached{story.now() + 20min});
  EXPECT_THAT(said_of_questions(effects), ElementsAre(::testing::HasSubstr("told to oda")));
  const auto asked = std::find_if(effects.intents.begin(), effects.intents.end(),
                                  [](const engine::Intent& intent) { return intent.report->notice.has_value(); });
  ASSERT_NE(asked, effects.intents.end());
  EXPECT_EQ(asked->report->notice->kind, NoticeKind::questions);
  EXPECT_THAT(asked->report->notice->lines, SizeIs(1));
}

TEST(Questions, WhatTheContactPointAnsweredInTimeReachesNobody) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.act(act::AssignQuestion{"INC-1", 1, "mizuno"}, "mizuno");
  EXPECT_EQ(question(story, 1).assignee, "mizuno");
  story.act(act::AnswerQuestion{"INC-1", 1, "Not before noon"}, "mizuno");
  EXPECT_FALSE(story.incident("INC-1").due.contains(Due::questions));
  story.advance(1h);
  EXPECT_FALSE(question(story, 1).relayed_at);
}

TEST(Questions, MergingByHandTakesTheAskersAlong) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.act(ask("What do we say about money back?"), "aoki");
  ASSERT_THAT(story.incident("INC-1").questions, SizeIs(2));
  story.act(act::MergeQuestion{"INC-1", 2, 1}, "mizuno");
  EXPECT_EQ(question(story, 2).state, QuestionState::merged);
  EXPECT_THAT(askers(question(story, 1)), ElementsAre("kato", "aoki"));
  const Effects& effects = story.act(act::AnswerQuestion{"INC-1", 2, "x"}, "mizuno");
  ASSERT_TRUE(effects.refusal);
  EXPECT_EQ(effects.refusal->reason, Reason::conflict);
  EXPECT_TRUE(story.act(act::MergeQuestion{"INC-1", 1, 1}).refusal);
  EXPECT_TRUE(story.act(act::MergeQuestion{"INC-1", 1, 7}).refusal);
}

TEST(Questions, OpenOnesAreCountedInReports) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.act(ask("Do card payments fail?"), "aoki");
  story.advance(30min);  // everybody hears
  const auto& outbox = story.engine().desk().outbox();
  ASSERT_TRUE(outbox.contains("INC-1.1.everybody-1"));
  story.restart();
  for (const engine::Intent& intent : story.engine().step(Started{story.now()}).intents) {
    if (intent.delivery.edition != "everybody") continue;
    EXPECT_EQ(intent.report->questions_open, 1U);
  }
}

TEST(Questions, SurviveARestartAndAReplay) {
  Story story = with_an_incident();
  story.act(ask("May we promise refunds?"), "kato");
  story.advance(5min);
  story.restart();
  EXPECT_EQ(story.incident("INC-1").due.at(Due::questions), story.now() + 15min);
  story.advance(15min);
  EXPECT_EQ(question(story, 1).state, QuestionState::relayed);
  story.act(act::AnswerQuestion{"INC-1", 1, "Not before noon"}, "mizuno");
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Questions, TheAnswerGoesOnceToAllWhoAsked) {
  auto settings = demo_settings();
  add_person(*settings, "kato", RoleKind::scribe);
  Story story(settings);
  story.act(act::Declare{"checkout", "Card payments fail", Impact::possible, 2}, "morita");
  story.act(ask("May we promise refunds?"), "kato");
  story.act(ask("May we promise a refund?"), "slack:somebody");
  story.act(ask("May we promise refunds?"), "kato");
  const Effects effects = story.act(act::AnswerQuestion{"INC-1", 1, "Not before noon"}, "mizuno");
  ASSERT_EQ(effects.intents.size(), 1U);
  EXPECT_EQ(effects.intents[0].delivery.recipient.address, "kato@example.com");
  const Notice& notice = *effects.intents[0].report->notice;
  EXPECT_EQ(notice.kind, NoticeKind::answer);
  ASSERT_EQ(notice.lines.size(), 2U);
  EXPECT_EQ(notice.lines[0].en, "Q1 May we promise refunds?");
  EXPECT_EQ(notice.lines[1].ja, "Not before noon");
  EXPECT_THAT(effects.happened.back().text.en, ::testing::EndsWith("by hand, since no way to reach them is configured: "
                                                                   "slack:somebody"));
  // Whoever asks later has it at once.
  EXPECT_TRUE(story.act(ask("May we promise refunds?"), "kato").intents.empty());
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

}  // namespace
}  // namespace iwakan::desk

// The question desk: readers' questions come here, so that the responders are left in peace. What is known
// answers at once; the same question is asked once; what remains waits for the contact point, and goes to the
// responders together, one batch a round.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "desk/notices.hpp"
#include "desk/question_match.hpp"
#include "desk/reporter.hpp"
#include "model/assert.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kQuestionsMax = 200;  // of one incident, and askers of one question
constexpr std::size_t kQuestionBytesMax = 2000;

std::string label(const Question& question) {
  return "Q" + std::to_string(question.number);
}

bool by_a_person(const Question& question) {
  return question.state == QuestionState::answered &&
         std::any_of(question.answers.begin(), question.answers.end(),
                     [](const Answer& answer) { return answer.ground == Ground::person; });
}

void add_asker(Question& question, const Asker& asker) {
  const bool known = std::any_of(question.askers.begin(), question.askers.end(),
                                 [&asker](const Asker& other) { return other.person == asker.person; });
  if (!known && question.askers.size() < kQuestionsMax) question.askers.push_back(asker);
}

// Who wants to know, where somebody else asked in their name: the actor is who is known to have acted.
Sentence asked_by(const Asker& asker, const std::string& actor, Sentence asked) {
  return asker.person == actor ? asked : with_reason(std::move(asked), asker.person);
}

// Each answer in words, without its time: the timeline has times of its own.
Sentence in_words(const Question& question) {
  Sentence words;
  for (const Answer& answer : question.answers) {
    const Sentence before =
        answer.ground == Ground::unknown ? Sentence{"まだ分かっていません：", "not known yet: "} : Sentence{};
    words.ja += (words.ja.empty() ? "" : "／") + before.ja + answer.text.ja;
    words.en += (words.en.empty() ? "" : "; ") + before.en + answer.text.en;
  }
  return words;
}

}  // namespace

Question* Desk::question_or_refuse(Incident& incident, std::uint32_t number, Effects& effects) {
  if (number == 0 || number > incident.questions.size()) {
    effects.refusal = Failure{Reason::not_found,
                              incident.id + " has no question " + std::to_string(number) + "; it has " +
                                  std::to_string(incident.questions.size()),
                              "/question"};
    return nullptr;
  }
  Question& question = incident.questions[number - 1];
  if (question.state != QuestionState::merged) return &question;
  effects.refusal =
      Failure{Reason::conflict,
              label(question) + " asks the same as Q" + std::to_string(question.merged_into) + ": answer that one",
              "/question"};
  return nullptr;
}

void Desk::act_on(const PersonActed& acted, const act::AskQuestion& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const std::string text = cut(what.text, kQuestionBytesMax);
  const Asker asker{cut(what.person.empty() ? acted.actor : what.person, kPersonBytesMax), acted.at};
  for (Question& question : incident->questions) {
    const bool helps = awaits_answer(question) || by_a_person(question);
    if (!helps || !asks_the_same(question.text, text)) continue;
    add_asker(question, asker);
    effects.question = question;
    say(*incident, acted.at, "question",
        asked_by(asker, acted.actor,
                 {label(question) + " と同じ質問が届きました：" + text,
                  "The same as " + label(question) + " was asked: " + text}),
        effects, acted.actor);
    return;
  }
  if (incident->questions.size() >= kQuestionsMax) {
    effects.refusal =
        Failure{Reason::conflict,
                incident->id + " has " + std::to_string(kQuestionsMax) + " questions: ask the contact point",
                {}};
    return;
  }
  Question question;
  question.number = static_cast<std::uint32_t>(incident->questions.size() + 1);
  question.text = text;
  question.askers = {asker};
  say(*incident, acted.at, "question",
      asked_by(asker, acted.actor, {label(question) + " 質問：" + text, label(question) + " asked: " + text}), effects,
      acted.actor);
  if (!what.of_a_person)
    question.answers = known_answers(text, write_report(*incident, *organisation_, ReportKind::update, acted.at));
  if (question.answers.empty()) {
    incident->due.try_emplace(Due::questions, acted.at + level_of(*incident).questions_every);
  } else {
    question.state = QuestionState::answered;
    const Sentence answer = in_words(question);
    say(*incident, acted.at, "answer",
        {label(question) + " へ、分かっていることからお答えしました：" + answer.ja,
         label(question) + " is answered from what is known: " + answer.en},
        effects);
  }
  effects.question = question;
  incident->questions.push_back(std::move(question));
}

// Nothing waits any more: no round is needed.
void Desk::settle_question(Incident& incident, Question& question, TimePoint at) {
  const bool waits = std::any_of(incident.questions.begin(), incident.questions.end(),
                                 [](const Question& other) { return other.state == QuestionState::waiting; });
  if (!waits) incident.due.erase(Due::questions);
  change(incident, at);
  IWAKAN_ASSERT(!awaits_answer(question));
}

void Desk::act_on(const PersonActed& acted, const act::AnswerQuestion& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  Question* question = question_or_refuse(*incident, what.question, effects);
  if (question == nullptr) return;
  const std::string text = cut(what.text, kNoteBytesMax);
  question->answers = {{Ground::person, same_in_all(text), acted.at, same_in_all(acted.actor)}};
  question->state = QuestionState::answered;
  effects.question = *question;
  say(*incident, acted.at, "answer", {label(*question) + " 回答：" + text, label(*question) + " answered: " + text},
      effects, acted.actor);
  settle_question(*incident, *question, acted.at);
  tell_askers(*incident, *question, acted.at, effects);
}

// Each by their own ways, once; who cannot be reached is named, so that somebody tells them.
void Desk::tell_askers(Incident& incident, const Question& question, TimePoint now, Effects& effects) {
  const std::vector<Recipient> recipients = those_who_asked(question, *organisation_);
  const Sentence answer = in_words(question);
  if (!recipients.empty()) {
    notify(incident, ReportKind::update,
           {NoticeKind::answer, now, {same_in_all(label(question) + " " + question.text), answer}}, recipients, now,
           effects);
  }
  std::string by_hand;
  for (const Asker& asker : question.askers) {
    const bool reached = std::any_of(recipients.begin(), recipients.end(),
                                     [&asker](const Recipient& recipient) { return recipient.person == asker.person; });
    if (!reached) by_hand += (by_hand.empty() ? "" : ", ") + asker.person;
  }
  if (by_hand.empty()) return;
  say(incident, now, "answer",
      {label(question) + " の答えを直接お伝えください（連絡先が設定にありません）：" + by_hand,
       "The answer to " + label(question) +
           " has to be told by hand, since no way to reach them is configured: " + by_hand},
      effects);
}

void Desk::act_on(const PersonActed& acted, const act::AssignQuestion& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  Question* question = question_or_refuse(*incident, what.question, effects);
  if (question == nullptr) return;
  question->assignee = cut(what.person, kPersonBytesMax);
  effects.question = *question;
  say(*incident, acted.at, "question",
      {label(*question) + " の担当：" + question->assignee, label(*question) + " is taken by " + question->assignee},
      effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::MergeQuestion& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  Question* question = question_or_refuse(*incident, what.question, effects);
  if (question == nullptr) return;
  Question* into = question_or_refuse(*incident, what.into, effects);
  if (into == nullptr) return;
  if (question == into) {
    effects.refusal = Failure{Reason::conflict, "a question cannot be merged into itself", "/into"};
    return;
  }
  for (const Asker& asker : question->askers) add_asker(*into, asker);
  question->state = QuestionState::merged;
  question->merged_into = into->number;
  effects.question = *into;
  say(*incident, acted.at, "question",
      {label(*question) + " は " + label(*into) + " と同じ質問です",
       label(*question) + " asks the same as " + label(*into)},
      effects, acted.actor);
  settle_question(*incident, *question, acted.at);
}

// One batch a round: everything that still waits. When no responder can be told, it waits on, for the desk.
void Desk::relay_questions(Incident& incident, TimePoint now, Effects& effects) {
  const Duration round = level_of(incident).questions_every;
  const std::vector<Recipient> responders = those_who_answer(incident, *organisation_);
  Notice notice{NoticeKind::questions, now + round, {}};
  for (Question& question : incident.questions) {
    if (question.state != QuestionState::waiting) continue;
    notice.lines.push_back(same_in_all(label(question) + " " + question.text));
    if (responders.empty()) continue;
    question.state = QuestionState::relayed;
    question.relayed_at = now;
  }
  if (responders.empty()) incident.due[Due::questions] = now + round;
  notify(incident, ReportKind::update, std::move(notice), responders, now, effects);
}

}  // namespace iwakan::desk

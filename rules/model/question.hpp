// Question: what a reader asks at the question desk, so that the responders are asked once, in one batch, and
// everybody who wanted to know gets the answer once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class QuestionState : std::uint8_t {
  waiting,   // for the next round to the responders
  relayed,   // the responders have it
  answered,  // by a known fact or a person; told to all who asked
  merged,    // the same as another one
};

std::string_view name(QuestionState state);

struct Asker {
  std::string person;  // as they gave it; untrusted
  TimePoint at{};

  friend bool operator==(const Asker&, const Asker&) = default;
};

// On what an answer rests.
enum class Ground : std::uint8_t {
  person,       // somebody answered
  fact,         // it is known
  unknown,      // it is known not to be known: somebody is checking
  next_report,  // nothing more is said before the next report
};

std::string_view name(Ground ground);

struct Answer {
  Ground ground = Ground::person;
  Sentence text;  // the person's words, the fact, or what is not known
  // person: when they said it. fact: when it was so. unknown, next_report: by when more is said; kZeroTime: nobody can
  // say.
  TimePoint at{};
  Sentence who;  // person: who said it. fact: its source. unknown: who is checking. next_report: empty

  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Question {
  std::uint32_t number = 0;  // within the incident, from 1
  std::string text;          // untrusted
  std::vector<Asker> askers;
  QuestionState state = QuestionState::waiting;
  std::uint32_t merged_into = 0;
  std::string assignee;  // who finds the answer; empty: the contact point
  std::optional<TimePoint> relayed_at;
  std::vector<Answer> answers;  // empty: not answered

  friend bool operator==(const Question&, const Question&) = default;
};

// Somebody still waits for an answer.
inline bool awaits_answer(const Question& question) {
  return question.state == QuestionState::waiting || question.state == QuestionState::relayed;
}

}  // namespace iwakan

// Question: what a reader asks at the question desk, so that the responders are asked once, in one batch, and
// everybody who wanted to know gets the answer once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

struct Question {
  std::uint32_t number = 0;  // within the incident, from 1
  std::string text;          // untrusted
  std::vector<Asker> askers;
  QuestionState state = QuestionState::waiting;
  std::uint32_t merged_into = 0;
  std::string assignee;  // who finds the answer; empty: the contact point
  std::optional<TimePoint> relayed_at;
  std::string answer;  // empty: not answered
  std::string answered_by;
  std::optional<TimePoint> answered_at;

  friend bool operator==(const Question&, const Question&) = default;
};

}  // namespace iwakan

// Reply: what somebody who typed a slash command is told at once, in their chat and to them alone.
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/question.hpp"
#include "model/sentence.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::http::slack_command {

// The question's answers as they stand, or that it waits and how the answer will come.
Sentence reply_to(const Question& question, const sinks::Zone& zone);

// What can be typed.
Sentence how_to();

}  // namespace iwakan::http::slack_command

// Hold: why an alert or a subject is held back now, by whom and until when: a silence, or maintenance.
#pragma once

#include <string>

#include "model/evidence.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

struct Hold {
  DecisionReason reason = DecisionReason::silenced;
  std::string key;    // "silence/<id>", "maintenance/<name>"
  std::string actor;  // who, for the timeline
  TimePoint until{};
  Sentence sentence;  // who, until when, and why; may hold untrusted text
};

}  // namespace iwakan::engine

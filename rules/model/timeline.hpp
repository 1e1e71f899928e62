// TimelineEntry: one line of what happened to an incident and when. Never edited and never taken out: a
// correction is a new entry that names the one it corrects.
#pragma once

#include <cstdint>
#include <string>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

struct TimelineEntry {
  std::uint32_t number = 0;  // within the incident, from 1
  TimePoint occurred_at{};   // when it happened, as far as known
  TimePoint recorded_at{};   // when iwakan learned of it
  std::string actor;         // "iwakan", or the person; of a chat line its author, as the chat names them
  std::string kind;  // opened, alert, decision, report, wave, delivery, acknowledged, note, chat, correction, …
  Sentence text;     // may hold untrusted text
  std::uint32_t corrects = 0;  // number of the entry that this one corrects; 0: none
  std::string source_id;       // of an imported line: what makes it known again; empty: it was written here
  std::string chain;           // 32 bytes: this entry and all before it (desk/timeline.hpp)

  friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};

}  // namespace iwakan

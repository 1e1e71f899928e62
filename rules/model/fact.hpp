// Fact: something that is known about an incident because a person said so, with its source and the time at
// which it was so. Unknown: something that is not known, with who finds out and by when. Neither stands in a
// report without those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

struct Fact {
  std::uint32_t number = 0;  // within the incident, from 1
  Sentence what;
  TimePoint at{};      // when it was so
  std::string source;  // "CS count", "status page of the provider". Empty: nobody has confirmed it
  std::string by;      // who wrote it down
  TimePoint recorded_at{};
  bool withdrawn = false;  // by a correction: no report says it again

  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Unknown {
  std::string id;  // within the incident: "cause", "impact", "u4"
  Sentence what;
  Sentence checker;  // who finds out
  TimePoint due{};   // by when more is said
  Duration within{};
  bool until_impact_known = false;  // answered by itself once customer impact is confirmed or ruled out
  std::optional<TimePoint> answered_at;
  std::string answered_by;

  friend bool operator==(const Unknown&, const Unknown&) = default;
};

}  // namespace iwakan

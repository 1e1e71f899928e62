// Fact: something that is known about an incident because a person said so, with its source and the time at
// which it was so. Unknown: something that is not known, with who finds out and by when. Neither stands in a
// report without those: what nobody has confirmed stands apart, and says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class FactKind : std::uint8_t {
  observation,
  impact,      // on customers: stands first in every report
  workaround,  // what customers can do meanwhile
  action,      // what was done about it
};

std::string_view name(FactKind kind);
std::optional<FactKind> fact_kind_named(std::string_view text);

struct Fact {
  std::uint32_t number = 0;  // within the incident, from 1
  FactKind kind = FactKind::observation;
  Sentence what;
  std::optional<TimePoint> since;  // of a measurement over a while: from when
  TimePoint at{};                  // when it was so, or until when
  Sentence source;                 // "CS count", "status page of the provider". Empty: nobody has confirmed it
  std::string by;                  // who wrote it down
  TimePoint recorded_at{};
  std::optional<TimePoint> withdrawn_at;  // since then no report says it
  std::string withdrawn_why;
  std::uint32_t replaces = 0;  // the number of the withdrawn fact that this one puts right; 0: none

  bool stands() const { return !withdrawn_at; }

  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Unknown {
  std::string id;  // within the incident: "cause", "impact", "u4"
  Sentence what;
  Sentence checker;                     // who finds out
  TimePoint due{};                      // by when more is said
  bool no_estimate = false;             // nobody here can say when; `checker` is who is waited for, `due` means nothing
  std::optional<TimePoint> moved_from;  // the time that was promised before
  std::string moved_why;
  bool until_impact_known = false;  // answered by itself once customer impact is confirmed or ruled out
  TimePoint asked_at{};
  std::optional<TimePoint> answered_at;
  std::string answered_by;

  friend bool operator==(const Unknown&, const Unknown&) = default;
};

}  // namespace iwakan

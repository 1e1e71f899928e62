// FollowUp: what is still to be done when the incident is over: what, who does it, by when. A promise of people to
// each other; iwakan keeps it in sight, and reminds nobody by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

struct FollowUp {
  std::uint32_t number = 0;  // from 1, within the incident
  Sentence what;             // untrusted
  std::string owner;         // a person's id, or a name that the configuration does not know
  std::optional<TimePoint> due;
  TimePoint at{};  // when it was written down
  std::string by;
  std::optional<TimePoint> done_at;
  std::string done_by;

  friend bool operator==(const FollowUp&, const FollowUp&) = default;
};

}  // namespace iwakan

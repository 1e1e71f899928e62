// Silence: that alerts of these labels are known for some time, as somebody said. What is silenced opens nothing; it is
// neither resolved nor lost.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/label_condition.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class SilenceState : std::uint8_t { pending, active, expired };

std::string_view name(SilenceState state);

struct Silence {
  std::string id;                          // a UUID, as clients of Alertmanager's API expect
  std::vector<LabelCondition> conditions;  // all of them
  TimePoint starts_at{};
  TimePoint ends_at{};  // not included
  TimePoint updated_at{};
  std::string created_by;  // untrusted
  std::string comment;     // untrusted
  bool reminded = false;   // that it ends soon

  SilenceState state(TimePoint at) const {
    if (at < starts_at) return SilenceState::pending;
    return at < ends_at ? SilenceState::active : SilenceState::expired;
  }

  friend bool operator==(const Silence&, const Silence&) = default;
};

}  // namespace iwakan

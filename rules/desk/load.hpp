// Load: what the last week asked of one person, from what the desk knows: roles held, nights, messages that wanted
// something of them. It finds when to offer somebody a rest; people are never put in an order by it. Pure.
// Practice, sections 1 (38) and 2.6.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "model/incident.hpp"
#include "model/organisation.hpp"

namespace iwakan::desk {

inline constexpr Duration kLoadEvery = std::chrono::minutes(30);  // looked at, while an incident goes on
inline constexpr Duration kLoadWindow = std::chrono::hours(7 * 24);

struct Load {
  std::optional<TimePoint> at_work_since;  // holds a role in an incident that goes on; none: no role now
  Duration at_work{};                      // within the window
  std::uint32_t nights = 0;       // of seven, in which they worked or were asked; 22:00 to 5:00 where they live
  std::uint32_t pages = 0;        // within the window: messages to them alone
  std::vector<Sentence> reasons;  // to offer them a rest now; empty: there is none
};

using Incidents = std::map<std::uint64_t, Incident>;

Load load_of(const Person& person, const Incidents& incidents, TimePoint now);

}  // namespace iwakan::desk

// Maintenance: announced work, once or again and again, during which alerts of these labels open nothing and teach
// nobody. Local times are kept with their zone, so that asking is pure.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/matcher.hpp"
#include "model/offsets.hpp"
#include "model/person.hpp"
#include "model/rota.hpp"
#include "model/sentence.hpp"
#include "model/setting.hpp"

namespace iwakan::engine {

struct MaintenanceOnce {
  LocalTime from{};
  LocalTime to{};  // not included
};
struct MaintenanceWeekly {
  Weekdays days;
};
// "15", "last", "2nd tue", "last fri". A day that a month does not have is left out in it.
struct MaintenanceMonthly {
  int day = 0;  // of the month, from 1; -1: the last; 0: the weekday counts
  int nth = 0;  // 1 to 4; -1: the last of the month
  unsigned weekday = 0;
};

struct MaintenanceWindow {
  using Once = MaintenanceOnce;
  using Weekly = MaintenanceWeekly;
  using Monthly = MaintenanceMonthly;

  std::string name;            // its own
  Sentence says;               // why; may be empty
  std::vector<Matcher> match;  // all of them; empty: every alert
  Offsets zone;
  std::variant<Once, Weekly, Monthly> when;
  std::chrono::minutes begins{};  // after local midnight, unless once
  Duration lasts{};               // unless once
};

struct Occurrence {
  TimePoint from{};
  TimePoint to{};  // not included

  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// The occurrence that holds at that time, of several the one that ends last.
std::optional<Occurrence> occurrence_at(const MaintenanceWindow& window, TimePoint at);

// The next that begins after that time, within the next thirteen months.
std::optional<Occurrence> next_occurrence(const MaintenanceWindow& window, TimePoint after);

// "weekly on sun at 02:00 for 3h": in words, for those who look it up.
std::string schedule_of(const MaintenanceWindow& window);

// Reads `maintenance`, a list. `zone`: of those that name none.
std::vector<MaintenanceWindow> parse_maintenance(Fields& root, const std::string& zone,
                                                 const Surroundings& surroundings);

}  // namespace iwakan::engine

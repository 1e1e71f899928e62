// Offsets: a time zone as the moments at which its offset from UTC changes, so that the pure rooms can tell
// local times without a time zone database. Made by the shell (sinks/layout/zone), for the years 1970 to 2100.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan {

// A time as a clock on the wall shows it, with no zone.
using LocalTime = std::chrono::local_time<std::chrono::seconds>;
using LocalDay = std::chrono::local_time<std::chrono::days>;

class Offsets {
 public:
  struct Change {
    TimePoint at{};                 // of the first one: before all times
    std::chrono::seconds offset{};  // local time less UTC, from then on

    friend bool operator==(const Change&, const Change&) = default;
  };

  // UTC.
  Offsets();
  // REQUIRES: not empty, in the order of time.
  explicit Offsets(std::vector<Change> changes);

  LocalTime local(TimePoint at) const;

  // When the clock showed it, by RFC 5545, section 3.3.5: the first of the two times when it was set back, and,
  // when it skipped this time, as if it had not yet been set forward. So what ends at a local time and what
  // begins at it always meet.
  TimePoint utc(LocalTime local) const;

  friend bool operator==(const Offsets&, const Offsets&) = default;

 private:
  std::vector<Change> changes_;
};

// As a clock there shows it, with the offset: "2026-11-24 10:26 +09:00".
std::string local_text(const Offsets& zone, TimePoint at);

// A zone by its IANA name. A Failure says that there is none of it.
using ZoneNamed = std::function<Result<Offsets>(std::string_view name)>;

// Knows UTC alone: for where there is no database.
Result<Offsets> only_utc(std::string_view name);

}  // namespace iwakan

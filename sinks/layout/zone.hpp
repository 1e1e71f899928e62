// Zone: a time zone of the operating system's database, for the times people read and the rota.
#pragma once

#include <string>
#include <string_view>

#include "model/offsets.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace date {
class time_zone;
}

namespace iwakan::sinks {

class Zone {
 public:
  // An IANA name, "Asia/Tokyo". A Failure says that there is none of it, with the path "time_zone".
  static Result<Zone> named(std::string_view name);

  std::string clock(TimePoint time) const;         // "10:26"
  std::string date(TimePoint time) const;          // "2031-05-14"
  unsigned weekday(TimePoint time) const;          // 0: Sunday
  std::string abbreviation(TimePoint time) const;  // "JST"
  bool same_day(TimePoint a, TimePoint b) const;

  // For those who may not ask the database.
  Offsets offsets() const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // of the database, which lives as long as the process
};

}  // namespace iwakan::sinks

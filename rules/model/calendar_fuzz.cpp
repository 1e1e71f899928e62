// Goal: no file, however damaged, makes the reader of calendars crash, hang or read beyond it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/calendar.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const iwakan::Offsets floating;
  const iwakan::ZoneNamed named = iwakan::only_utc;
  iwakan::Complaints complaints;
  iwakan::Rota rota;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (auto& event : iwakan::parse_calendar(text, {"f.ics", floating, named}, complaints)) {
    rota.calendar.push_back(std::move(event.shift));
  }
  static_cast<void>(iwakan::on_duty(rota, *iwakan::parse_time("2031-05-14T01:00:00Z")));
  return 0;
}

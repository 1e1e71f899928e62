// Calendar: the part of iCalendar (RFC 5545) that on-call tools export, read strictly. What is beyond it and would
// change who is on duty is a complaint with its line; what only describes is passed over. (libical drops in silence,
// and without the line, what it does not understand.)
//
//   VEVENT with DTSTART and DTEND (UTC, TZID, floating or whole days), SUMMARY, ATTENDEE, EXDATE,
//   RRULE with FREQ=DAILY or WEEKLY, INTERVAL, BYDAY, UNTIL or COUNT, WKST
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/rota.hpp"
#include "model/setting.hpp"

namespace iwakan {

struct CalendarEvent {
  Place place;                // of its BEGIN
  std::string summary;        // as text
  std::string attendee;       // mail address, without "mailto:"; may be empty
  std::string attendee_name;  // CN; may be empty
  CalendarShift shift;        // without its person, whom the reader finds
};

struct CalendarParams {
  std::string file;         // for the places in complaints
  const Offsets& floating;  // the zone of times that name none
  const ZoneNamed& zone_named;
};

// All events but those that were cancelled.
std::vector<CalendarEvent> parse_calendar(std::string_view text, const CalendarParams& params, Complaints& complaints);

}  // namespace iwakan

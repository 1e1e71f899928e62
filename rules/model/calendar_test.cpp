// Goal: calendars as on-call tools export them are read, and whatever would change who is on duty and is not read
// is named with its line. Method: events in the form of PagerDuty's and Google's exports; a table of slips.
#include "model/calendar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Result<Offsets> zones(std::string_view name) {
  if (name == "Asia/Tokyo") return Offsets({{TimePoint::min(), 9h}});
  return only_utc(name);
}

std::vector<CalendarEvent> read(const std::string& text, Complaints& complaints) {
  const Offsets floating({{TimePoint::min(), 9h}});
  const ZoneNamed named = zones;
  return parse_calendar(text, {"oncall.ics", floating, named}, complaints);
}

std::string on(const std::vector<CalendarEvent>& events, const char* time) {
  Rota rota;
  for (const CalendarEvent& event : events) {
    rota.calendar.push_back(event.shift);
    rota.calendar.back().person = event.attendee.empty() ? event.summary : event.attendee;
  }
  std::string names;
  for (const Shift& shift : on_duty(rota, *parse_time(time))) names += shift.person + ";";
  return names;
}

TEST(Calendar, ReadsWhatPagerDutyExports) {
  Complaints complaints;
  const auto events = read(
      "BEGIN:VCALENDAR\r\n"
      "PRODID;X-RICAL-TZSOURCE=TZINFO:-//com.denhaven2/NONSGML ri_cal gem//EN\r\n"
      "CALSCALE:GREGORIAN\r\nVERSION:2.0\r\nX-WR-CALNAME:On Call Schedule\r\n"
      "BEGIN:VEVENT\r\n"
      "DTEND;VALUE=DATE-TIME:20310514T090000Z\r\nDTSTART;VALUE=DATE-TIME:20310513T210000Z\r\n"
      "ATTENDEE:hara@example.com\r\nUID:Q1S46N8B8ADP9D\r\n"
      "URL:https://example.pagerduty.com/schedules#KXQAOAO\r\n"
      "SUMMARY:On Call - Hara Midori - Web\r\n  site\r\nEND:VEVENT\r\n"
      "BEGIN:VEVENT\r\nATTENDEE;CN=\"Fujii: Ken\":mailto:fujii@example.com\r\nDTSTART:20310514T090000Z\r\n"
      "DTEND:20310514T210000Z\r\nSUMMARY:On Call\\, days\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
      "END:VCALENDAR\r\n",
      complaints);
  EXPECT_TRUE(complaints.empty()) << to_string(complaints.at(0));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].summary, "On Call - Hara Midori - Web site");
  EXPECT_EQ(events[0].place.line, 6);
  EXPECT_EQ(events[1].summary, "On Call, days");
  EXPECT_EQ(events[1].attendee_name, "Fujii: Ken");
  EXPECT_EQ(on(events, "2031-05-14T08:59:59Z"), "hara@example.com;");
  EXPECT_EQ(on(events, "2031-05-14T09:00:00Z"), "fujii@example.com;");
}

TEST(Calendar, ReadsZonesRulesAndWholeDays) {
  Complaints complaints;
  const auto events = read(
      "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nTZOFFSETFROM:+0900\n"
      "TZOFFSETTO:+0900\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"
      "BEGIN:VEVENT\nDTSTART;TZID=Asia/Tokyo:20310512T210000\nDTEND;TZID=Asia/Tokyo:20310513T090000\n"
      "RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20310531T000000Z;WKST=SU\n"
      "EXDATE;TZID=Asia/Tokyo:20310515T210000,20310519T210000\n"
      "SUMMARY:night\nBEGIN:VALARM\nTRIGGER:-PT10M\nACTION:DISPLAY\nEND:VALARM\nEND:VEVENT\n"
      "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20310520\nDTEND;VALUE=DATE:20310521\nSUMMARY:day\nEND:VEVENT\n"
      "BEGIN:VEVENT\nDTSTART:20310522T090000\nDTEND:20310522T210000\nSUMMARY:floating\nEND:VEVENT\n"
      "BEGIN:VEVENT\nDTSTART:20310523T090000\nDTEND:20310523T210000\nSTATUS:CANCELLED\nSUMMARY:gone\nEND:VEVENT\n"
      "END:VCALENDAR\n",
      complaints);
  EXPECT_TRUE(complaints.empty()) << to_string(complaints.at(0));
  EXPECT_EQ(events.size(), 3U);
  EXPECT_EQ(on(events, "2031-05-12T12:00:00Z"), "night;");  // 21:00 in Tokyo
  EXPECT_EQ(on(events, "2031-05-15T13:00:00Z"), "");        // left out
  EXPECT_EQ(on(events, "2031-05-19T13:00:00Z"), "");        // left out
  EXPECT_EQ(on(events, "2031-05-22T13:00:00Z"), "night;");
  EXPECT_EQ(on(events, "2031-06-02T13:00:00Z"), "");  // over
  EXPECT_EQ(on(events, "2031-05-19T15:00:00Z"), "day;");
  EXPECT_EQ(on(events, "2031-05-22T00:00:00Z"), "floating;");
}

TEST(Calendar, EverySlipIsNamedWithItsLine) {
  const auto event = [](const std::string& lines) {
    return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20310514T090000Z\nDTEND:20310514T210000Z\nSUMMARY:a\n" + lines +
           "END:VEVENT\nEND:VCALENDAR\n";
  };
  const struct {
    std::string text;
    const char* says;
  } cases[] = {
      {"", "oncall.ics:1:1: this is not an iCalendar file"},
      {"<html>", "this is not an iCalendar file"},
      {"BEGIN:VCALENDAR\n", "oncall.ics:1:1: the file ends before END:VCALENDAR"},
      {"BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n", "oncall.ics:2:1: a \"VTODO\" stands here"},
      {event("RRULE:FREQ=MONTHLY\n"), "oncall.ics:6:1: \"FREQ=MONTHLY\" is not read"},
      {event("RRULE:FREQ=WEEKLY;BYDAY=1MO\n"), "\"BYDAY=1MO\" is not read"},
      {event("RRULE:FREQ=WEEKLY;BYSETPOS=1\n"), "\"BYSETPOS=1\" is not read"},
      {event("RRULE:INTERVAL=2\n"), "\"INTERVAL=2\" is not read"},
      {event("RRULE:FREQ=WEEKLY;INTERVAL=0\n"), "\"INTERVAL=0\" is not read"},
      {event("RRULE:FREQ=WEEKLY;UNTIL=tomorrow\n"), "\"TOMORROW\" is not a time"},
      {event("RDATE:20310515T090000Z\n"), "the property \"RDATE\" is not read here"},
      {event("RECURRENCE-ID:20310515T090000Z\n"), "the property \"RECURRENCE-ID\" is not read here"},
      {event("EXDATE:20311301T090000Z\n"), "\"20311301T090000Z\" is not a time"},
      {event("DTEND;TZID=Japan Standard Time:20310514T210000\n"), "there is no time zone \"Japan Standard Time\""},
      {event("DTEND:20310514T090000Z\n"), "oncall.ics:2:1: this event ends before it begins"},
      {event("DTEND:20310801T090000Z\nRRULE:FREQ=WEEKLY\n"), "lasts longer than 31 days"},
      {event("no line\n"), "oncall.ics:6:1: \"no line\" is no line of iCalendar"},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR\n", "this event lacks DTSTART or DTEND"},
  };
  for (const auto& one : cases) {
    Complaints complaints;
    read(one.text, complaints);
    ASSERT_EQ(complaints.size(), 1U) << one.says;
    EXPECT_THAT(to_string(complaints[0]), HasSubstr(one.says));
  }
}

}  // namespace
}  // namespace iwakan

#include "model/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace iwakan {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::size_t kEventsMax = 10'000;
constexpr std::size_t kQuotedMax = 64;
constexpr std::string_view kBegin = "BEGIN:VCALENDAR";

// A content line, unfolded: NAME;PARAMETER=value:value.
struct Line {
  int number = 0;  // of its beginning in the file, from 1
  std::string name;
  std::map<std::string, std::string> parameters;
  std::string value;
};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text.substr(0, kQuotedMax)) + "\"";
}

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return made;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool digits(std::string_view text, int& value) {
  const bool all = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return all && !text.empty() && std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

// 20310514T090000, with the Z taken off.
std::optional<LocalTime> date_time(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() != 8 && (text.size() != 15 || text[8] != 'T')) return std::nullopt;
  if (!digits(text.substr(0, 4), year) || !digits(text.substr(4, 2), month) || !digits(text.substr(6, 2), day)) {
    return std::nullopt;
  }
  if (text.size() == 15 && (!digits(text.substr(9, 2), hour) || !digits(text.substr(11, 2), minute) ||
                            !digits(text.substr(13, 2), second))) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return LocalDay{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

std::optional<unsigned> weekday_named(std::string_view text) {
  constexpr std::array<std::string_view, 7> kNames{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kNames.begin());
}

// RFC 5545, section 3.3.11.
std::string plain_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text += value[i];
      continue;
    }
    const char next = value[++i];
    text += next == 'n' || next == 'N' ? ' ' : next;
  }
  return text;
}

// What only describes an event, or the making of the file.
bool only_describes(std::string_view name) {
  constexpr std::array<std::string_view, 18> kNames{
      "ATTACH",   "CATEGORIES", "CLASS",    "COMMENT",    "CONTACT",   "CREATED",  "DESCRIPTION", "DTSTAMP", "GEO",
      "LOCATION", "ORGANIZER",  "PRIORITY", "RELATED-TO", "RESOURCES", "SEQUENCE", "TRANSP",      "UID",     "URL"};
  return name.starts_with("X-") || name == "LAST-MODIFIED" ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

class Reader {
 public:
  Reader(std::string_view text, const CalendarParams& params, Complaints& complaints)
      : rest_(text), params_(params), complaints_(complaints) {}

  std::vector<CalendarEvent> read() {
    Line line;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    if (upper(rest_.substr(0, kBegin.size())) != kBegin || !next(line)) {
      wrong(1, "this is not an iCalendar file: it does not begin with BEGIN:VCALENDAR",
            "export the schedule as ICS, and check that the whole file was saved");
      return {};
    }
    while (next(line)) {
      if (line.name != "BEGIN") continue;  // of the calendar itself: PRODID, METHOD, X-WR-CALNAME …
      const std::string what = upper(line.value);
      if (what == "VEVENT") {
        event(line.number);
      } else if (what == "VTIMEZONE") {
        skip(what);  // zones are taken from the time zone database, by their names
      } else {
        wrong(line.number, "a " + quoted(what) + " stands here; duty is read from VEVENT only", "take it out");
        skip(what);
      }
      if (events_.size() > kEventsMax) {
        wrong(line.number, "more than " + std::to_string(kEventsMax) + " events", "export a shorter time");
        return {};
      }
    }
    if (!ended_) wrong(number_, "the file ends before END:VCALENDAR", "check that the whole file was saved");
    return std::move(events_);
  }

 private:
  void wrong(int line, std::string problem, std::string remedy) {
    complaints_.push_back({{params_.file, line, 1}, {}, std::move(problem), std::move(remedy)});
  }

  bool physical(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }

  // The next line of meaning; false at the end of the calendar or of the file.
  bool next(Line& line) {
    std::string_view piece;
    while (!ended_ && physical(piece)) {
      std::string whole(piece);
      const int number = number_;
      while (rest_.starts_with(' ') || rest_.starts_with('\t')) {
        physical(piece);
        whole.append(piece.substr(1));
      }
      if (whole.empty()) continue;
      if (!parse(whole, line)) {
        wrong(number, quoted(whole) + " is no line of iCalendar", "write NAME:value, as RFC 5545 has it");
        continue;
      }
      line.number = number;
      ended_ = line.name == "END" && upper(line.value) == "VCALENDAR";
      return !ended_;
    }
    return false;
  }

  // The name, then parameters, whose quoted values may hold anything; then the value.
  static bool parse(std::string_view text, Line& line) {
    const std::size_t name_end = text.find_first_of(";:");
    if (name_end == std::string_view::npos || name_end == 0) return false;
    line = {};
    line.name = upper(text.substr(0, name_end));
    text.remove_prefix(name_end);
    while (text.starts_with(';')) {
      text.remove_prefix(1);
      const std::size_t equals = text.find('=');
      if (equals == std::string_view::npos) return false;
      const std::string key = upper(text.substr(0, equals));
      text.remove_prefix(equals + 1);
      std::string value;
      if (text.starts_with('"')) {
        const std::size_t closing = text.find('"', 1);
        if (closing == std::string_view::npos) return false;
        value = text.substr(1, closing - 1);
        text.remove_prefix(closing + 1);
      }
      const std::size_t end = text.find_first_of(";:");
      if (end == std::string_view::npos) return false;
      value += text.substr(0, end);
      text.remove_prefix(end);
      line.parameters[key] = std::move(value);
    }
    if (!text.starts_with(':')) return false;
    line.value = text.substr(1);
    return true;
  }

  // Passes over a component, and those inside it.
  void skip(std::string_view what) {
    Line line;
    while (next(line)) {
      if (line.name == "END" && upper(line.value) == what) return;
    }
  }

  struct Moment {
    LocalTime local{};
    Offsets zone;
  };

  std::optional<Moment> moment(const Line& line, std::string_view value) {
    Moment found;
    const bool utc = value.ends_with('Z');
    const auto local = date_time(utc ? value.substr(0, value.size() - 1) : value);
    if (!local) {
      wrong(line.number, quoted(value) + " is not a time", "write 20310514T090000, with a Z or a TZID, or 20310514");
      return std::nullopt;
    }
    found.local = *local;
    if (utc) return found;
    found.zone = params_.floating;
    const auto named = line.parameters.find("TZID");
    if (named == line.parameters.end()) return found;
    const auto zone = params_.zone_named(named->second);
    if (!zone) {
      wrong(line.number, "there is no time zone " + quoted(named->second),
            "export with a name of the time zone database, like Asia/Tokyo, or in UTC");
      return std::nullopt;
    }
    found.zone = *zone;
    return found;
  }

  std::optional<TimePoint> instant(const Line& line, std::string_view value) {
    const auto found = moment(line, value);
    if (!found) return std::nullopt;
    return found->zone.utc(found->local);
  }

  std::optional<Recurrence> recurrence(const Line& line) {
    Recurrence again;
    bool has_frequency = false;
    for (const std::string_view part : split(line.value, ';')) {
      const std::size_t equals = part.find('=');
      const std::string key = upper(part.substr(0, equals));
      const std::string value = equals == std::string_view::npos ? "" : upper(part.substr(equals + 1));
      int number = 0;
      if (key == "FREQ" && (value == "DAILY" || value == "WEEKLY")) {
        again.every = value == "DAILY" ? Recurrence::Every::day : Recurrence::Every::week;
        has_frequency = true;
      } else if (key == "INTERVAL" && digits(value, number) && number >= 1 && number <= 1'000) {
        again.interval = static_cast<unsigned>(number);
      } else if (key == "COUNT" && digits(value, number) && number >= 1 && number <= 100'000) {
        again.count = static_cast<unsigned>(number);
      } else if (key == "UNTIL") {
        again.until = until(line, value);
        if (!again.until) return std::nullopt;
      } else if (key == "WKST" && weekday_named(value)) {
        again.week_starts = std::chrono::weekday{*weekday_named(value)};
      } else if (key == "BYDAY") {
        for (const std::string_view day : split(value, ',')) {
          const auto known = weekday_named(day);
          if (!known) return unread(line, part);
          again.days.insert(*known);
        }
      } else {
        return unread(line, part);
      }
    }
    if (!has_frequency) return unread(line, line.value);
    return again;
  }

  // A day counts until its end.
  std::optional<TimePoint> until(const Line& line, std::string_view value) {
    const auto found = instant(line, value);
    if (found && value.size() == 8) return *found + 24h - 1s;
    return found;
  }

  std::nullopt_t unread(const Line& line, std::string_view part) {
    wrong(line.number, quoted(part) + " is not read in a rule of recurrence",
          "FREQ=DAILY or WEEKLY with INTERVAL, BYDAY, UNTIL, COUNT and WKST are; export single shifts otherwise");
    return std::nullopt;
  }

  // One event; each of its lines may be wrong on its own.
  void event(int begins) {
    CalendarEvent event;
    event.place = {params_.file, begins, 1};
    std::optional<Moment> from;
    std::optional<Moment> to;
    bool cancelled = false;
    bool good = true;
    Line line;
    while (next(line) && !(line.name == "END" && upper(line.value) == "VEVENT")) {
      if (line.name == "BEGIN") {
        skip(upper(line.value));  // VALARM: a reminder of somebody's own
      } else if (line.name == "DTSTART") {
        from = moment(line, line.value);
        good = good && from;
      } else if (line.name == "DTEND") {
        to = moment(line, line.value);
        good = good && to;
      } else if (line.name == "RRULE") {
        event.shift.again = recurrence(line);
        good = good && event.shift.again;
      } else if (line.name == "EXDATE") {
        for (const std::string_view value : split(line.value, ',')) {
          const auto left_out = instant(line, value);
          if (left_out) event.shift.left_out.insert(*left_out);
          good = good && left_out;
        }
      } else if (line.name == "SUMMARY") {
        event.summary = plain_text(line.value);
      } else if (line.name == "ATTENDEE") {
        attendee(line, event);
      } else if (line.name == "STATUS") {
        cancelled = upper(line.value) == "CANCELLED";
      } else if (!only_describes(line.name)) {
        wrong(line.number, "the property " + quoted(line.name) + " is not read here, and may change who is on duty",
              "export single shifts with DTSTART and DTEND");
        good = false;
      }
    }
    if (!good || cancelled) return;
    if (!from || !to) {
      return wrong(begins, "this event lacks DTSTART or DTEND", "give it both");
    }
    // By the clock on the wall, where the RFC keeps the elapsed time: so that on the nights when clocks change, too,
    // a shift ends where the next begins.
    event.shift.zone = from->zone;
    event.shift.from = from->local;
    event.shift.to = from->zone.local(to->zone.utc(to->local));
    if (event.shift.to <= event.shift.from) return wrong(begins, "this event ends before it begins", "change DTEND");
    if (event.shift.again && event.shift.to - event.shift.from > kRecurringLongest) {
      return wrong(begins, "this event comes again and lasts longer than 31 days", "export single shifts");
    }
    events_.push_back(std::move(event));
  }

  static void attendee(const Line& line, CalendarEvent& event) {
    std::string_view address = line.value;
    if (upper(address.substr(0, 7)) == "MAILTO:") address.remove_prefix(7);
    event.attendee = address;
    const auto common_name = line.parameters.find("CN");
    if (common_name != line.parameters.end()) event.attendee_name = common_name->second;
  }

  std::string_view rest_;
  const CalendarParams& params_;
  Complaints& complaints_;
  int number_ = 0;
  bool ended_ = false;
  std::vector<CalendarEvent> events_;
};

}  // namespace

std::vector<CalendarEvent> parse_calendar(std::string_view text, const CalendarParams& params, Complaints& complaints) {
  return Reader(text, params, complaints).read();
}

}  // namespace iwakan

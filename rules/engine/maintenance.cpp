#include "engine/maintenance.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "model/local_time_setting.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr Duration kLongest = 24h * 28;  // of what comes again: it never overlaps itself by more than once
constexpr days kAhead{400};
constexpr std::array<std::string_view, 4> kOrdinals{"1st", "2nd", "3rd", "4th"};

std::chrono::year_month_day date_of(LocalDay day) {
  return std::chrono::year_month_day{day};
}

bool is_last(LocalDay day) {
  return date_of(day).month() != date_of(day + days{1}).month();
}

bool begins_on(const MaintenanceWindow::Weekly& weekly, LocalDay day) {
  return weekly.days.contains(std::chrono::weekday{day}.c_encoding());
}

bool begins_on(const MaintenanceWindow::Monthly& monthly, LocalDay day) {
  const unsigned of_month = static_cast<unsigned>(date_of(day).day());
  if (monthly.day == -1) return is_last(day);
  if (monthly.day > 0) return of_month == static_cast<unsigned>(monthly.day);
  if (std::chrono::weekday{day}.c_encoding() != monthly.weekday) return false;
  if (monthly.nth == -1) return date_of(day + days{7}).month() != date_of(day).month();
  return (of_month + 6) / 7 == static_cast<unsigned>(monthly.nth);
}

bool begins_on(const MaintenanceWindow::Once& once, LocalDay day) {
  return std::chrono::floor<days>(once.from) == day;
}

// The occurrence that begins on that day, if there is one.
std::optional<Occurrence> occurrence_on(const MaintenanceWindow& window, LocalDay day) {
  const bool wanted = std::visit([day](const auto& when) { return begins_on(when, day); }, window.when);
  if (!wanted) return std::nullopt;
  if (const auto* once = std::get_if<MaintenanceWindow::Once>(&window.when)) {
    return Occurrence{window.zone.utc(once->from), window.zone.utc(once->to)};
  }
  const TimePoint from = window.zone.utc(day + window.begins);
  return Occurrence{from, from + window.lasts};
}

LocalDay day_of(const MaintenanceWindow& window, TimePoint at) {
  return std::chrono::floor<days>(window.zone.local(at));
}

}  // namespace

std::optional<Occurrence> occurrence_at(const MaintenanceWindow& window, TimePoint at) {
  std::optional<Occurrence> found;
  const auto look = [&](LocalDay day) {
    const auto occurrence = occurrence_on(window, day);
    const bool holds = occurrence && occurrence->from <= at && at < occurrence->to;
    if (holds && (!found || found->to < occurrence->to)) found = occurrence;
  };
  if (const auto* once = std::get_if<MaintenanceWindow::Once>(&window.when)) {
    look(std::chrono::floor<days>(once->from));
    return found;
  }
  const LocalDay today = day_of(window, at);
  const days back = std::chrono::ceil<days>(window.lasts) + days{1};
  for (LocalDay day = today - back; day <= today + days{1}; day += days{1}) look(day);
  return found;
}

std::optional<Occurrence> next_occurrence(const MaintenanceWindow& window, TimePoint after) {
  if (const auto* once = std::get_if<MaintenanceWindow::Once>(&window.when)) {
    const auto occurrence = occurrence_on(window, std::chrono::floor<days>(once->from));
    return occurrence->from > after ? occurrence : std::nullopt;
  }
  const LocalDay today = day_of(window, after);
  for (LocalDay day = today - days{1}; day <= today + kAhead; day += days{1}) {
    const auto occurrence = occurrence_on(window, day);
    if (occurrence && occurrence->from > after) return occurrence;
  }
  return std::nullopt;
}

namespace {

std::string spelled(LocalTime time) {
  std::string text = format_time(TimePoint{time.time_since_epoch()}).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string spelled(const MaintenanceWindow::Monthly& monthly) {
  if (monthly.day == -1) return "last";
  if (monthly.day > 0) return std::to_string(monthly.day);
  const std::string_view nth = monthly.nth == -1 ? "last" : kOrdinals[static_cast<std::size_t>(monthly.nth - 1)];
  return std::string(nth) + " " + std::string(kDayNames[monthly.weekday]);
}

// "15", "last", "2nd tue", "last fri".
std::optional<MaintenanceWindow::Monthly> parse_monthly(std::string_view text) {
  MaintenanceWindow::Monthly monthly;
  if (text == "last") {
    monthly.day = -1;
    return monthly;
  }
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), monthly.day);
    const bool good = error == std::errc{} && end == text.data() + text.size() && monthly.day >= 1 && monthly.day <= 31;
    return good ? std::optional(monthly) : std::nullopt;
  }
  const std::string_view nth = text.substr(0, blank);
  const auto day = day_named(text.substr(blank + 1));
  const auto ordinal = std::find(kOrdinals.begin(), kOrdinals.end(), nth);
  if (!day || (ordinal == kOrdinals.end() && nth != "last")) return std::nullopt;
  monthly.nth = nth == "last" ? -1 : static_cast<int>(ordinal - kOrdinals.begin()) + 1;
  monthly.weekday = *day;
  return monthly;
}

void parse_when(Fields& fields, MaintenanceWindow& window) {
  const int ways = static_cast<int>(fields.has("from")) + static_cast<int>(fields.has("weekly")) +
                   static_cast<int>(fields.has("monthly"));
  if (ways != 1) {
    complain(fields.complaints(), fields.setting(), ways == 0 ? "nothing says when" : "this is said in several ways",
             "write from: and to:, or weekly: [sun], or monthly: 1, the latter with at: \"02:00\" and for: 3h");
  }
  if (fields.has("from")) {
    const MaintenanceWindow::Once once{required_day_and_time(fields, "from"), required_day_and_time(fields, "to")};
    if (once.from != LocalTime{} && once.to != LocalTime{} && once.to <= once.from) {
      complain(fields.complaints(), *fields.child("to"), "this maintenance ends before it begins");
    }
    window.when = once;
    return;
  }
  window.begins = required_time_of_day(fields, "at");
  if (fields.required_child("for") != nullptr) window.lasts = fields.duration("for", 1h, 1min, kLongest);
  window.when = MaintenanceWindow::Weekly{parse_days(fields, "weekly", {})};
  if (!fields.has("monthly")) return;
  const std::string text = fields.text("monthly");
  const auto monthly = parse_monthly(text);
  if (!monthly) {
    complain(fields.complaints(), *fields.child("monthly"), "\"" + text.substr(0, 64) + "\" is not a day of the month",
             "write for example 15, last, \"2nd tue\" or \"last fri\"");
  }
  window.when = monthly.value_or(MaintenanceWindow::Monthly{1, 0, 0});
}

MaintenanceWindow parse_window(const Setting& setting, const std::string& zone, const Surroundings& surroundings,
                               Complaints& complaints) {
  Fields fields(setting, complaints);
  MaintenanceWindow window;
  window.name = fields.required_text("name");
  window.says = fields.sentence("says");
  if (fields.has("match")) window.match = parse_matchers(fields);
  if (const auto found = surroundings.zone_named(fields.text("time_zone", zone))) {
    window.zone = *found;
  } else if (const Setting* named = fields.child("time_zone")) {
    complain(complaints, *named, found.error().detail);
  }
  parse_when(fields, window);
  fields.finish();
  return window;
}

}  // namespace

std::string schedule_of(const MaintenanceWindow& window) {
  if (const auto* once = std::get_if<MaintenanceWindow::Once>(&window.when)) {
    return "from " + spelled(once->from) + " to " + spelled(once->to);
  }
  std::string text = "weekly on";
  if (const auto* weekly = std::get_if<MaintenanceWindow::Weekly>(&window.when)) {
    for (const unsigned day : weekly->days) text += " " + std::string(kDayNames[day]);
  } else {
    text = "monthly on " + spelled(std::get<MaintenanceWindow::Monthly>(window.when));
  }
  return text + " at " + spelled(LocalTime{window.begins}).substr(11) + " for " + format_duration(window.lasts);
}

std::vector<MaintenanceWindow> parse_maintenance(Fields& root, const std::string& zone,
                                                 const Surroundings& surroundings) {
  std::vector<MaintenanceWindow> windows;
  for (const Setting& item : root.list("maintenance")) {
    windows.push_back(parse_window(item, zone, surroundings, root.complaints()));
    const auto same = [&windows](const MaintenanceWindow& other) { return other.name == windows.back().name; };
    if (std::any_of(windows.begin(), windows.end() - 1, same)) {
      complain(root.complaints(), item, "maintenance \"" + windows.back().name + "\" stands here twice",
               "give each its own name");
    }
  }
  return windows;
}

}  // namespace iwakan::engine

#include "model/rota_setting.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "model/calendar.hpp"
#include "model/local_time_setting.hpp"

namespace iwakan {
namespace {

std::string who(Fields& fields, const People& people) {
  const Setting* named = fields.required_child("who");
  const Person* person = named == nullptr ? nullptr : person_named(*named, people, fields.complaints());
  return person == nullptr ? std::string() : person->id;
}

// Whether `word` stands in the text on its own: "ito" is not in "capitol". Other scripts have no word ends.
bool stands_in(const std::string& text, const std::string& word) {
  const auto is_letter = [&text](std::size_t at) {
    const char c = at < text.size() ? text[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  for (std::size_t at = text.find(word); !word.empty() && at != std::string::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + word.size())) return true;
  }
  return false;
}

// All the ways in which a calendar may name the person.
std::vector<std::string> names_of(const Person& person) {
  std::vector<std::string> names{ascii_lower(person.id), ascii_lower(person.name.ja), ascii_lower(person.name.en)};
  for (const Way& way : person.reach) names.push_back(ascii_lower(way.address));
  return names;
}

bool is_named(const Person& person, const CalendarEvent& event, bool by_attendee) {
  const std::vector<std::string> names = names_of(person);
  const std::string summary = ascii_lower(event.summary);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (name.empty()) return false;
    if (by_attendee) return name == ascii_lower(event.attendee) || name == ascii_lower(event.attendee_name);
    return stands_in(summary, name);
  });
}

// The attendee, when they are among the people; else the one person whom the summary names.
void find_person(CalendarEvent& event, const People& people, Complaints& complaints) {
  for (const bool by_attendee : {true, false}) {
    std::vector<std::string> found;
    for (const auto& [id, person] : people) {
      if (is_named(person, event, by_attendee)) found.push_back(id);
    }
    if (found.size() == 1) {
      event.shift.person = found.front();
      return;
    }
    if (found.size() > 1) {
      complaints.push_back({event.place,
                            {},
                            "this event names both " + found[0] + " and " + found[1],
                            "name one person as ATTENDEE or in the SUMMARY"});
      return;
    }
  }
  const std::string said = event.attendee.empty() ? event.summary : event.attendee;
  complaints.push_back({event.place,
                        {},
                        "this event names nobody known: \"" + said.substr(0, 64) + "\"",
                        "add that person under people:, with this name or address"});
}

std::vector<CalendarShift> parse_ics(const Setting& at, const Rota& rota, const People& people,
                                     const Surroundings& surroundings, Complaints& complaints) {
  const auto text = surroundings.read_file ? surroundings.read_file(at.scalar)
                                           : Failure{Reason::unsupported, "calendars are not read here", {}};
  if (!text) {
    complain(complaints, at, to_string(text.error()), "name an ICS file, relative to this one");
    return {};
  }
  std::vector<CalendarShift> shifts;
  for (CalendarEvent& event : parse_calendar(*text, {at.scalar, rota.zone, surroundings.zone_named}, complaints)) {
    find_person(event, people, complaints);
    shifts.push_back(std::move(event.shift));
  }
  return shifts;
}

Rota parse_rota(const Setting& setting, const People& people, const std::string& zone, const Surroundings& surroundings,
                Complaints& complaints) {
  Fields fields(setting, complaints);
  Rota rota;
  rota.id = required_id(fields, "id");
  rota.role = role_named(fields.one_of(
      "role", "command", {"command", "deputy", "scribe", "hands_on", "contact", "customers", "public_word", "none"}));
  rota.does = fields.sentence("does");
  const auto found = surroundings.zone_named(fields.text("time_zone", zone));
  if (found) {
    rota.zone = *found;
  } else {
    const Setting* named = fields.child("time_zone");
    complain(complaints, named == nullptr ? setting : *named, found.error().detail);
  }
  for (const Setting& item : fields.list("weekly")) {
    Fields shift(item, complaints);
    rota.weekly.push_back({who(shift, people), parse_days(shift, "days", {0, 1, 2, 3, 4, 5, 6}),
                           required_time_of_day(shift, "from"), required_time_of_day(shift, "to")});
    shift.finish();
  }
  if (const Setting* ics = fields.child("ics"); ics != nullptr && !fields.text("ics").empty()) {
    rota.calendar = parse_ics(*ics, rota, people, surroundings, complaints);
    if (!rota.weekly.empty()) {
      complain(complaints, *ics, "this rota has a weekly pattern as well", "keep one, or make two of it");
    }
  } else if (rota.weekly.empty()) {
    complain(complaints, setting, "nothing says who is on duty", "add weekly: [{who, days, from, to}] or ics: FILE");
  }
  for (const Setting& item : fields.list("overrides")) {
    Fields shift(item, complaints);
    const std::string person = who(shift, people);
    const auto from = required_day_and_time(shift, "from");
    const auto to = required_day_and_time(shift, "to");
    if (from != LocalTime{} && to != LocalTime{} && to <= from) {
      complain(complaints, *shift.child("to"), "this override ends before it begins");
    }
    rota.overrides.push_back({person, rota.zone.utc(from), rota.zone.utc(to)});
    shift.finish();
  }
  fields.finish();
  return rota;
}

}  // namespace

std::vector<Rota> parse_rotas(Fields& root, const People& people, const std::string& zone,
                              const Surroundings& surroundings) {
  std::vector<Rota> rotas;
  for (const Setting& item : root.list("rota")) {
    rotas.push_back(parse_rota(item, people, zone, surroundings, root.complaints()));
    const auto same = [&rotas](const Rota& other) { return other.id == rotas.back().id; };
    if (std::any_of(rotas.begin(), rotas.end() - 1, same)) {
      complain(root.complaints(), item, "the rota \"" + rotas.back().id + "\" stands here twice",
               "give each its own id");
    }
  }
  return rotas;
}

}  // namespace iwakan

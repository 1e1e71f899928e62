#include "model/person.hpp"

#include <algorithm>

namespace iwakan {
namespace {

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::vector<std::string> parse_languages(Fields& fields, std::vector<std::string> fallback,
                                         const Surroundings& surroundings) {
  std::vector<std::string> languages = fields.texts("languages", fallback);
  const std::vector<std::string>& spoken = surroundings.languages;
  for (const std::string& language : languages) {
    if (std::find(spoken.begin(), spoken.end(), language) != spoken.end()) continue;
    complain(fields.complaints(), *fields.child("languages"), "\"" + language + "\" is not a language iwakan speaks",
             "use ja or en, or give its words in a catalogue (words:)");
  }
  return languages.empty() ? fallback : languages;
}

std::string parse_zone_name(Fields& fields, const Surroundings& surroundings) {
  std::string zone = fields.text("time_zone");
  if (zone.empty()) return zone;
  if (const auto found = surroundings.zone_named(zone); !found) {
    complain(fields.complaints(), *fields.child("time_zone"), found.error().detail);
  }
  return zone;
}

std::string parse_sink_name(Fields& fields, const std::vector<std::string>& sinks) {
  std::string sink = fields.required_text("sink");
  if (sink.empty() || std::find(sinks.begin(), sinks.end(), sink) != sinks.end()) return sink;
  const std::vector<std::string_view> names(sinks.begin(), sinks.end());
  const std::string near = nearest(sink, names);
  complain(fields.complaints(), *fields.child("sink"), "there is no sink \"" + sink + "\"",
           near.empty() ? "name one of those under sinks:" : "did you mean \"" + near + "\"?");
  return sink;
}

}  // namespace

std::vector<Recipient> recipients_of(const Person& person, const std::string& id) {
  std::vector<Recipient> recipients;
  for (const Way& way : person.reach) {
    const std::size_t number = recipients.size() + 1;
    recipients.push_back({.id = number == 1 ? id : id + "-" + std::to_string(number),
                          .person = person.id,
                          .sink = way.sink,
                          .address = way.address,
                          .languages = way.languages.empty() ? person.languages : way.languages,
                          .time_zone = person.time_zone,
                          .edition = {}});
  }
  return recipients;
}

std::string required_id(Fields& fields, std::string_view key) {
  std::string id = fields.required_text(key);
  if (!id.empty() && !is_id(id)) {
    complain(fields.complaints(), *fields.child(key), "\"" + id + "\" cannot serve as an id",
             "use up to 64 of a-z, A-Z, 0-9, - and _");
  }
  return id;
}

Person parse_person(const Setting& setting, Complaints& complaints, const Surroundings& surroundings) {
  Fields fields(setting, complaints);
  Person person;
  person.id = required_id(fields, "id");
  person.name = fields.required_sentence("name");
  person.languages = parse_languages(fields, {"ja", "en"}, surroundings);
  person.time_zone = parse_zone_name(fields, surroundings);
  person.slack = fields.text("slack");
  for (const Setting& item : fields.list("reach")) {
    Fields way(item, complaints);
    person.reach.push_back(
        {parse_sink_name(way, surroundings.sinks), way.text("to"), parse_languages(way, {}, surroundings)});
    way.finish();
  }
  fields.finish();
  return person;
}

People parse_people(Fields& root, const Surroundings& surroundings) {
  People people;
  for (const Setting& item : root.list("people")) {
    Person person = parse_person(item, root.complaints(), surroundings);
    const std::string id = person.id;
    if (id.empty() || people.emplace(id, std::move(person)).second) continue;
    complain(root.complaints(), item, "the person \"" + id + "\" stands here twice", "give each their own id");
  }
  return people;
}

const Person* person_named(const Setting& at, const People& people, Complaints& complaints) {
  if (at.kind != Setting::Kind::scalar) {
    complain(complaints, at, "the id of a person is expected here", "write it as under people:");
    return nullptr;
  }
  const auto found = people.find(at.scalar);
  if (found != people.end()) return &found->second;
  std::vector<std::string_view> ids;
  for (const auto& [id, person] : people) ids.push_back(id);
  const std::string near = nearest(at.scalar, ids);
  complain(complaints, at, "there is no person \"" + at.scalar.substr(0, 64) + "\"",
           near.empty() ? "add them under people:" : "did you mean \"" + near + "\"?");
  return nullptr;
}

std::vector<Recipient> parse_recipients(const Setting& setting, Complaints& complaints, const std::string& id,
                                        const People& people, const Surroundings& surroundings) {
  Fields fields(setting, complaints);
  std::vector<Recipient> recipients;
  if (const Setting* named = fields.child("person")) {
    const Person* person = person_named(*named, people, complaints);
    if (person != nullptr) recipients = recipients_of(*person, id);
    if (person != nullptr && recipients.empty()) {
      complain(complaints, *named, "nothing says how to reach this person", "add reach: [{sink: …, to: …}] there");
    }
  } else {
    recipients.push_back({.id = id,
                          .person = {},
                          .sink = parse_sink_name(fields, surroundings.sinks),
                          .address = fields.text("to"),
                          .languages = parse_languages(fields, {"ja", "en"}, surroundings),
                          .time_zone = parse_zone_name(fields, surroundings),
                          .edition = {}});
  }
  fields.finish();
  return recipients;
}

}  // namespace iwakan

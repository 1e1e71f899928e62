#include "model/organisation.hpp"

#include <algorithm>
#include <span>

#include "model/rota_setting.hpp"

namespace iwakan {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongest = 24h * 30;

// Everything that a part of the organisation is read with.
struct Reading {
  People& people;
  Complaints& complaints;
  const Surroundings& surroundings;
};

// The id of a person, or the person themselves: {id, name, reach}, who is known by their id from then on.
const Person* parse_supervisor(const Setting& setting, const Reading& reading) {
  if (setting.kind != Setting::Kind::map) return person_named(setting, reading.people, reading.complaints);
  Person person = parse_person(setting, reading.complaints, reading.surroundings);
  const std::string id = person.id;
  const auto [found, is_new] = reading.people.emplace(id, std::move(person));
  if (!is_new) {
    complain(reading.complaints, setting, "the person \"" + id + "\" stands elsewhere as well",
             "write supervisor: " + id);
  }
  return &found->second;
}

std::vector<Recipient> reachable(const Person& person, const std::string& id, const Setting& at,
                                 const Reading& reading) {
  std::vector<Recipient> recipients = recipients_of(person, id);
  if (recipients.empty()) {
    complain(reading.complaints, at, "nothing says how to reach this person", "add reach: [{sink: …, to: …}]");
  }
  return recipients;
}

void parse_deputies(Fields& fields, Department& department, const Reading& reading) {
  department.deputies_after = fields.duration("deputies_after", 5min, 10s, kLongest);
  for (const Setting& item : fields.list("deputies")) {
    const Person* person = person_named(item, reading.people, reading.complaints);
    if (person == nullptr) continue;
    const auto same = [person](const Deputy& other) { return other.person == person->id; };
    const auto& earlier = department.deputies;
    if (person->id == department.supervisor || std::any_of(earlier.begin(), earlier.end(), same)) {
      complain(reading.complaints, item, "this person is told already", "name another one");
      continue;
    }
    department.deputies.push_back(
        {person->id, person->name, reachable(*person, "deputy-" + department.id + "-" + person->id, item, reading)});
  }
}

std::vector<Recipient> parse_list(std::span<const Setting> items, const std::string& id, const Reading& reading) {
  std::vector<Recipient> recipients;
  for (const Setting& item : items) {
    const std::string own = id + "-" + std::to_string(&item - items.data() + 1);
    auto more = parse_recipients(item, reading.complaints, own, reading.people, reading.surroundings);
    std::move(more.begin(), more.end(), std::back_inserter(recipients));
  }
  return recipients;
}

Department parse_department(const Setting& setting, const Reading& reading) {
  Fields fields(setting, reading.complaints);
  Department department;
  department.id = required_id(fields, "id");
  department.name = fields.required_sentence("name");
  department.ask = fields.sentence("ask");
  for (const Setting& item : fields.list("to_expect")) {
    Fields line(item, reading.complaints);
    department.to_expect.push_back({line.text("ja"), line.text("en")});
    line.finish();
  }
  if (const Setting* found = fields.required_child("supervisor")) {
    if (const Person* person = parse_supervisor(*found, reading)) {
      department.supervisor = person->id;
      department.supervisor_name = person->name;
      department.recipients = reachable(*person, "supervisor-" + department.id + "-" + person->id, *found, reading);
    }
  }
  parse_deputies(fields, department, reading);
  department.rooms = parse_list(fields.list("rooms"), "room-" + department.id, reading);
  for (Recipient& room : department.rooms) room.edition = "department." + department.id;
  department.duty = fields.text("duty");
  fields.finish();
  return department;
}

Group parse_group(const Setting& setting, const Reading& reading) {
  Fields fields(setting, reading.complaints);
  Group group;
  group.id = required_id(fields, "id");
  group.name = fields.required_sentence("name");
  group.recipients = parse_list(fields.list("recipients"), "group-" + group.id, reading);
  const std::string edition = fields.one_of("edition", "everybody", {"everybody", "management", "customers"});
  for (Recipient& recipient : group.recipients) recipient.edition = edition == "everybody" ? "" : edition;
  if (group.recipients.empty()) {
    complain(reading.complaints, setting, "this group reaches nobody",
             "add recipients: [{person: …}] or [{sink: …, to: …}]");
  }
  fields.finish();
  return group;
}

// "command" says a role well enough; of other work, those who do it have their hands in it.
RoleKind role_of_words(const Sentence& does) {
  for (const RoleKind kind : {RoleKind::command, RoleKind::deputy, RoleKind::scribe, RoleKind::contact,
                              RoleKind::customers, RoleKind::public_word}) {
    if (does.ja == word(kind).ja || does.en == word(kind).en) return kind;
  }
  return RoleKind::hands_on;
}

// {who, does, role}, or {person, does, role}.
RoleHolder parse_responder(const Setting& setting, const Reading& reading) {
  Fields fields(setting, reading.complaints);
  RoleHolder holder;
  const Setting* named = fields.child("person");
  if (named == nullptr) {
    holder.name = fields.required_sentence("who");
  } else if (const Person* person = person_named(*named, reading.people, reading.complaints)) {
    holder.person = person->id;
    holder.name = person->name;
  }
  if (named == nullptr) holder.does = fields.required_sentence("does");
  holder.kind =
      *role_named(fields.one_of("role", std::string(name(role_of_words(holder.does))),
                                {"command", "deputy", "scribe", "hands_on", "contact", "customers", "public_word"}));
  if (named != nullptr) holder.does = fields.sentence("does", word(holder.kind));
  holder.by = "iwakan";
  fields.finish();
  return holder;
}

template <class Item>
void complain_of_twins(const std::vector<Item>& items, const Setting& at, std::string_view what,
                       Complaints& complaints) {
  const auto same = [&items](const Item& other) { return other.id == items.back().id; };
  if (!std::any_of(items.begin(), items.end() - 1, same)) return;
  complain(complaints, at, "the " + std::string(what) + " \"" + items.back().id + "\" stands here twice",
           "give each its own id");
}

std::vector<StandingQuestion> default_questions() {
  const Sentence dev{"開発", "engineering"};
  const Sentence desk{"お客さま対応", "customer support"};
  return {{"cause", {"原因", "The cause"}, dev, 30min, false},
          {"impact", {"お客さまへの影響の有無", "Whether customers are affected"}, desk, 15min, true},
          {"scope", {"影響を受けている範囲", "How far it reaches"}, dev, 30min, false}};
}

void check_duties(Fields& root, const Organisation& organisation) {
  for (std::size_t i = 0; i < organisation.departments.size(); ++i) {
    const std::string& duty = organisation.departments[i].duty;
    const auto same = [&duty](const Rota& rota) { return rota.id == duty; };
    if (duty.empty() || std::any_of(organisation.rotas.begin(), organisation.rotas.end(), same)) continue;
    Fields department(root.list("departments")[i], root.complaints());
    complain(root.complaints(), *department.child("duty"), "there is no rota \"" + duty + "\"",
             "name one of those under rota:");
  }
}

template <class Items>
std::vector<std::string> ids(const Items& items) {
  std::vector<std::string> all;
  all.reserve(items.size());
  for (const auto& item : items) all.push_back(item.id);
  return all;
}

}  // namespace

const LevelProcedure& procedure_of(const Organisation& organisation, int level) {
  const auto found = organisation.levels.find(level);
  return found != organisation.levels.end() ? found->second : organisation.levels.at(organisation.level_default);
}

const Group* group_named(const Organisation& organisation, std::string_view id) {
  const auto found = std::find_if(organisation.groups.begin(), organisation.groups.end(),
                                  [id](const Group& group) { return group.id == id; });
  return found == organisation.groups.end() ? nullptr : &*found;
}

const Person* find_person(const Organisation& organisation, std::string_view id) {
  const auto found = organisation.people.find(id);
  return found == organisation.people.end() ? nullptr : &found->second;
}

bool is_on_duty(const Organisation& organisation, const Department& department, std::string_view person, TimePoint at) {
  const auto rota = std::find_if(organisation.rotas.begin(), organisation.rotas.end(),
                                 [&department](const Rota& one) { return one.id == department.duty; });
  if (rota == organisation.rotas.end()) return true;
  const std::vector<Shift> shifts = on_duty(*rota, at);
  return std::any_of(shifts.begin(), shifts.end(), [person](const Shift& shift) { return shift.person == person; });
}

Organisation parse_organisation(Fields& root, const Surroundings& surroundings) {
  Complaints& complaints = root.complaints();
  Organisation organisation;
  organisation.people = parse_people(root, surroundings);
  const Reading reading{organisation.people, complaints, surroundings};
  for (const Setting& item : root.list("departments")) {
    organisation.departments.push_back(parse_department(item, reading));
    complain_of_twins(organisation.departments, item, "department", complaints);
  }
  organisation.everybody = parse_list(root.list("everybody"), "everybody", reading);
  for (const Setting& item : root.list("groups")) {
    organisation.groups.push_back(parse_group(item, reading));
    complain_of_twins(organisation.groups, item, "group", complaints);
  }
  for (const Setting& item : root.list("responders")) {
    const RoleHolder& holder = organisation.roles.emplace_back(parse_responder(item, reading));
    organisation.responders.push_back({holder.name, holder.does});
  }
  // A zone that is not known was complained of where it stands.
  for (auto& [id, person] : organisation.people) {
    const std::string& own = person.time_zone;
    if (auto zone = surroundings.zone_named(own.empty() ? root.text("time_zone", "UTC") : own)) person.zone = *zone;
  }
  organisation.rotas = parse_rotas(root, organisation.people, root.text("time_zone", "UTC"), surroundings);
  check_duties(root, organisation);
  organisation.contact = root.sentence("contact");
  const Setting* questions = root.child("questions");
  if (questions == nullptr) {
    organisation.questions = default_questions();
  } else {
    for (const Setting& item : root.list("questions")) {
      Fields fields(item, complaints);
      organisation.questions.push_back(
          {required_id(fields, "id"), fields.required_sentence("what"), fields.required_sentence("checker"),
           fields.duration("within", 30min, 1min, kLongest), fields.boolean("until_impact_confirmed", false)});
      fields.finish();
    }
    if (organisation.questions.empty()) {
      complain(complaints, *questions, "a first report states what is not known: at least one question is needed",
               "add one, or leave questions: out for the default three");
    }
  }
  organisation.levels = parse_levels(root, ids(organisation.departments), ids(organisation.groups));
  organisation.level_default = static_cast<int>(root.integer("level_default", 2, 1, 9));
  if (!organisation.levels.contains(organisation.level_default)) {
    complain(
        complaints, root.setting(),
        "level_default names the level " + std::to_string(organisation.level_default) + ", which is not among levels:");
    organisation.level_default = std::next(organisation.levels.begin())->first;
  }
  organisation.url = root.text("external_url");
  while (organisation.url.ends_with('/')) organisation.url.pop_back();
  return organisation;
}

}  // namespace iwakan

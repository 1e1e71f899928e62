#include "desk/roles.hpp"

#include <algorithm>
#include <sstream>

#include "desk/acting.hpp"
#include "desk/desk.hpp"
#include "desk/reporter.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kServedMax = 200;

// Several may investigate, and several may speak with customers.
bool held_by_one(RoleKind kind) {
  return kind != RoleKind::hands_on && kind != RoleKind::customers;
}

bool same_holder(const RoleHolder& a, const RoleHolder& b) {
  return a.person.empty() || b.person.empty() ? a.name == b.name : a.person == b.person;
}

// The role that the contact point never has, and the other way round.
std::optional<RoleKind> apart_from(RoleKind kind) {
  if (kind == RoleKind::contact) return RoleKind::hands_on;
  if (kind == RoleKind::hands_on) return RoleKind::contact;
  return std::nullopt;
}

bool held_apart(const std::vector<RoleHolder>& roles, const RoleHolder& holder) {
  const auto apart = apart_from(holder.kind);
  return !apart || std::none_of(roles.begin(), roles.end(), [&](const RoleHolder& other) {
    return other.kind == *apart && same_holder(other, holder);
  });
}

bool is_team_of_one(const Organisation& organisation) {
  return organisation.people.size() == 1;
}

const Sentence kAlone{"対応者が 1 名のため兼ねています", "a team of one, so both"};

void say_alone(RoleHolder& holder) {
  const Sentence does = holder.does.empty() ? word(holder.kind) : holder.does;
  holder.does = {does.ja + "（" + kAlone.ja + "）", does.en + " (" + kAlone.en + ")"};
}

Sentence called(const RoleHolder& holder) {
  return holder.name.empty() ? same_in_all(holder.person) : holder.name;
}

}  // namespace

void add_role(std::vector<RoleHolder>& roles, RoleHolder holder, const Organisation& organisation) {
  const bool taken = std::any_of(roles.begin(), roles.end(), [&holder](const RoleHolder& other) {
    return other.kind == holder.kind && (held_by_one(holder.kind) || same_holder(other, holder));
  });
  if (taken) return;
  if (!held_apart(roles, holder)) {
    if (!is_team_of_one(organisation)) return;
    say_alone(holder);
  }
  roles.push_back(std::move(holder));
}

std::vector<RoleHolder> roles_at_opening(const Organisation& organisation, TimePoint at) {
  std::vector<RoleHolder> wanted;
  for (const Rota& rota : organisation.rotas) {
    if (!rota.role) continue;
    for (const Shift& shift : on_duty(rota, at)) {
      const Person* person = find_person(organisation, shift.person);
      if (person != nullptr) wanted.push_back({*rota.role, person->id, person->name, rota.does, at, "iwakan"});
    }
  }
  for (RoleHolder holder : organisation.roles) {
    holder.since = at;
    wanted.push_back(std::move(holder));
  }
  // Those with their hands in it first: of two roles that exclude each other, the repair goes before.
  std::stable_partition(wanted.begin(), wanted.end(),
                        [](const RoleHolder& holder) { return holder.kind != RoleKind::contact; });
  std::vector<RoleHolder> roles;
  for (RoleHolder& holder : wanted) add_role(roles, std::move(holder), organisation);
  return roles;
}

Result<RoleHolder> role_holder(const Incident& incident, const Organisation& organisation, RoleKind kind,
                               const std::string& person, const std::string& does) {
  if (person.empty()) return needed("person", "say who");
  RoleHolder holder;
  holder.kind = kind;
  holder.does = same_in_all(cut(does, kSummaryBytesMax));
  if (const Person* known = find_person(organisation, person)) {
    holder.person = known->id;
    holder.name = known->name;
  } else {
    std::vector<std::string_view> ids;
    for (const auto& [id, one] : organisation.people) ids.push_back(id);
    const std::string near = nearest(person.substr(0, 64), ids);
    if (!near.empty()) {
      return Failure{Reason::not_found,
                     "there is no person \"" + cut(person, 64) + "\"; did you mean \"" + near +
                         "\"? If not, add them under people: in the configuration",
                     "/person"};
    }
    holder.name = same_in_all(cut(person, 64));
  }
  if (held_apart(incident.roles, holder)) return holder;
  if (is_team_of_one(organisation)) {
    say_alone(holder);
    return holder;
  }
  const std::string who = called(holder).en;
  return Failure{
      Reason::conflict,
      kind == RoleKind::contact
          ? who +
                " has their hands in the repair, and questions would stop it; name somebody else as contact, "
                "or release them from hands_on first"
          : who + " takes the questions, which would stop the repair; name another contact first",
      "/person"};
}

void give_up(Incident& incident, const RoleHolder& holder, TimePoint at) {
  if (holder.person.empty() || at <= holder.since) return;
  if (incident.served.size() < kServedMax) incident.served.push_back({holder.person, holder.since, at});
}

std::optional<RoleHolder> take_role(Incident& incident, RoleHolder holder) {
  std::optional<RoleHolder> before;
  std::erase_if(incident.roles, [&](const RoleHolder& other) {
    if (other.kind != holder.kind) return false;
    const bool same = same_holder(other, holder);
    if (!same && !held_by_one(holder.kind)) return false;
    if (!same) before = other;
    give_up(incident, other, holder.since);
    return true;
  });
  incident.roles.push_back(std::move(holder));
  return before;
}

const RoleHolder* holder_of(const Incident& incident, RoleKind kind) {
  const auto found = std::find_if(incident.roles.begin(), incident.roles.end(),
                                  [kind](const RoleHolder& holder) { return holder.kind == kind; });
  return found == incident.roles.end() ? nullptr : &*found;
}

std::vector<Vacancy> vacancies(const Incident& incident, const LevelProcedure& level) {
  std::vector<Vacancy> all;
  for (const RoleKind kind : level.roles) {
    if (holder_of(incident, kind) != nullptr) continue;
    Vacancy vacancy{kind, nullptr};
    for (const RoleKind other : {RoleKind::command, RoleKind::deputy, RoleKind::contact, RoleKind::scribe}) {
      const RoleHolder* holder = kind == RoleKind::hands_on ? nullptr : holder_of(incident, other);
      if (holder == nullptr || vacancy.stands_in != nullptr) continue;
      RoleHolder both = *holder;
      both.kind = kind;
      if (held_apart(incident.roles, both)) vacancy.stands_in = holder;
    }
    all.push_back(vacancy);
  }
  return all;
}

Sentence said_of(const Vacancy& vacancy) {
  if (vacancy.stands_in == nullptr) return {"担当を決めています", "being assigned"};
  const Sentence name = called(*vacancy.stands_in);
  return {name.in("ja") + "（担当が決まるまで代行）", name.in("en") + " (standing in until somebody has it)"};
}

// For the timeline, when a level begins to hold.
void Desk::name_vacancies(Incident& incident, TimePoint at, Effects& effects) {
  Sentence all;
  for (const Vacancy& vacancy : vacancies(incident, level_of(incident))) {
    const Sentence role = word(vacancy.kind);
    const Sentence who = said_of(vacancy);
    all.ja += (all.ja.empty() ? "" : "、") + role.ja + "：" + who.ja;
    all.en += (all.en.empty() ? "" : "; ") + role.en + ": " + who.en;
  }
  if (all.empty()) return;
  say(incident, at, "role",
      {"このレベルに要る役割で、担当のいないもの：" + all.ja, "Roles that this level needs and nobody has: " + all.en},
      effects);
}

Sentence handover_note(const Report& report, const Offsets& zone) {
  Sentence note;
  const auto put = [&note](const Sentence& line) {
    if (!note.empty()) note = {note.ja + "\n", note.en + "\n"};
    note = {note.ja + line.ja, note.en + line.en};
  };
  for (const KnownFact& fact : report.known) {
    const std::string at = local_text(zone, fact.at);
    put({"分かっていること：" + fact.what.in("ja") + "（" + at + "）",
         "Known: " + fact.what.in("en") + " (" + at + ")"});
  }
  for (const OpenQuestion& open : report.unknown) {
    put({"まだ分かっていないこと：" + open.what.in("ja") + "（" + open.checker.in("ja") + "）",
         "Not yet known: " + open.what.in("en") + " (" + open.checker.in("en") + ")"});
  }
  for (const Assignment& one : report.responders) {
    put({one.does.in("ja") + "：" + one.who.in("ja"), one.does.in("en") + ": " + one.who.in("en")});
  }
  if (report.next_report_at) {
    const std::string at = local_text(zone, *report.next_report_at);
    put({"次の報告の約束：" + at, "The next report is promised for " + at});
  }
  return note;
}

std::vector<Sentence> lines_of(const Sentence& note) {
  std::vector<Sentence> lines;
  std::istringstream ja(note.ja);
  std::istringstream en(note.en);
  for (Sentence line; std::getline(ja, line.ja) && std::getline(en, line.en);) lines.push_back(line);
  return lines;
}

// --- acts

Incident* Desk::give_role(const PersonActed& acted, const act::AssignRole& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return nullptr;
  auto holder = role_holder(*incident, *organisation_, what.role, what.person, what.does);
  if (!holder) {
    effects.refusal = holder.error();
    return nullptr;
  }
  act_upon(*incident);
  holder->since = acted.at;
  holder->by = acted.actor;
  const Sentence role = word(what.role);
  const Sentence to = called(*holder);
  const auto before = take_role(*incident, *std::move(holder));
  Sentence said{role.ja + "は " + to.ja + " が担当します", to.en + " takes " + role.en};
  if (before) {
    const Sentence from = called(*before);
    said = {role.ja + "を " + from.ja + " から " + to.ja + " へ引き継ぎました",
            role.en + " was handed over from " + from.en + " to " + to.en};
  }
  say(*incident, acted.at, "role", std::move(said), effects, acted.actor);
  return incident;
}

void Desk::act_on(const PersonActed& acted, const act::AssignRole& what, Effects& effects) {
  give_role(acted, what, effects);
}

// With the note for the timeline, so that whoever takes over, and whoever reads later, knows what was known.
void Desk::act_on(const PersonActed& acted, const act::HandOver& what, Effects& effects) {
  Incident* incident = give_role(acted, {what.incident, RoleKind::command, what.to, {}}, effects);
  if (incident == nullptr) return;
  const Person* to = find_person(*organisation_, what.to);
  if (to == nullptr) to = find_person(*organisation_, acted.actor);
  say(*incident, acted.at, "handover",
      handover_note(write_report(*incident, *organisation_, ReportKind::update, acted.at),
                    to == nullptr ? Offsets() : to->zone),
      effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::ReleaseRole& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const auto held = std::find_if(incident->roles.begin(), incident->roles.end(), [&what](const RoleHolder& holder) {
    const bool named = holder.person.empty()
                           ? holder.name.in("en") == what.person || holder.name.in("ja") == what.person
                           : holder.person == what.person;
    return holder.kind == what.role && named;
  });
  if (held == incident->roles.end()) {
    effects.refusal = Failure{Reason::not_found,
                              "\"" + cut(what.person, 64) + "\" does not hold the role " +
                                  std::string(name(what.role)) + "; the incident shows who does",
                              "/person"};
    return;
  }
  const Sentence role = word(what.role);
  const Sentence who = called(*held);
  give_up(*incident, *held, acted.at);
  incident->roles.erase(held);
  say(*incident, acted.at, "role",
      {who.ja + " は" + role.ja + "から離れました", who.en + " is released from " + role.en}, effects, acted.actor);
}

}  // namespace iwakan::desk

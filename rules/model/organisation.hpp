// Organisation: who is told, in which order, in which language, and whom to ask. Read from the
// configuration; part of every decision to report, so a change of it is an event.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/delivery.hpp"
#include "model/level.hpp"
#include "model/person.hpp"
#include "model/report.hpp"
#include "model/role.hpp"
#include "model/rota.hpp"
#include "model/sentence.hpp"
#include "model/setting.hpp"
#include "model/time.hpp"

namespace iwakan {

// Who is told as well, ahead of everybody, when the supervisor is not on duty, is not reached, or does not answer
// (desk/deputies.hpp). Their acknowledgement counts as the department's.
struct Deputy {
  std::string person;
  Sentence name;
  std::vector<Recipient> recipients;
};

struct Department {
  std::string id;                   // "cs"
  Sentence name;                    // "CS" / "Customer support"
  Sentence ask;                     // what a report asks of it; empty: nothing to do, wait for the next report
  std::vector<Sentence> to_expect;  // what its people will meet, for the supervisor's edition
  std::string supervisor;           // id of the person
  Sentence supervisor_name;
  std::vector<Recipient> recipients;  // how the supervisor is reached: every one of them is used
  std::vector<Deputy> deputies;       // in the order in which they are told; those on duty first
  Duration deputies_after{};     // unanswered, until the next is told; sooner where the level tells everybody sooner
  std::vector<Recipient> rooms;  // of its people: they get the department's edition when everybody hears
  std::string duty;              // id of the rota that says which of them is on duty; empty: all are, always
};

// Recipients by a name of their own: management, the duty leads …
struct Group {
  std::string id;  // "management"
  Sentence name;
  std::vector<Recipient> recipients;
};

// An open question every incident starts with, until it is answered.
struct StandingQuestion {
  std::string id;  // cause, impact, scope …
  Sentence what;
  Sentence checker;
  Duration within{};                    // after opening
  bool until_impact_confirmed = false;  // left out once customer impact is confirmed
};

struct Organisation {
  std::vector<Department> departments;
  std::vector<Recipient> everybody;
  std::vector<Group> groups;
  std::vector<Assignment> responders;
  People people;
  std::vector<RoleHolder> roles;  // taken by these at every opening: the responders, with their roles
  std::vector<Rota> rotas;        // who takes a role by being on duty; before `roles`
  Sentence contact;
  std::vector<StandingQuestion> questions;
  Levels levels;  // 0 to 9; 0, that of a watch, is always among them
  int level_default = 2;
  bool drill = false;  // a place to practise: every report says so; set by the shell, never read
  std::string url;     // external address of the daemon, without a trailing slash; may be empty
};

// Of the level, or of the default one where the configuration knows it no longer. REQUIRES: it has its default level.
const LevelProcedure& procedure_of(const Organisation& organisation, int level);

// Null: there is none of this id.
const Group* group_named(const Organisation& organisation, std::string_view id);
const Person* find_person(const Organisation& organisation, std::string_view id);

// Whether the department may count on this person at `at`.
bool is_on_duty(const Organisation& organisation, const Department& department, std::string_view person, TimePoint at);

// Reads people, departments, everybody, groups, rota, responders, contact, questions, levels, external_url.
Organisation parse_organisation(Fields& root, const Surroundings& surroundings);

}  // namespace iwakan

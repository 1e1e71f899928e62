// Level: how serious an incident is, and what is done at it: who hears when, how often the next report comes,
// who is needed, what recovery takes. Data of the configuration; practice, section 2.2, is the default.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/evidence.hpp"
#include "model/role.hpp"
#include "model/sentence.hpp"
#include "model/setting.hpp"
#include "model/time.hpp"

namespace iwakan {

// Of a wave: the supervisors one by one, everybody, or a named group of the organisation.
inline constexpr std::string_view kSupervisors = "supervisors";
inline constexpr std::string_view kEverybody = "everybody";

// A wave as it is planned. Supervisors come first and everybody last, whatever is configured.
struct PlannedWave {
  std::string audience;
  Duration within{};  // after opening: goes by then, whatever is missing

  friend bool operator==(const PlannedWave&, const PlannedWave&) = default;
};

// Level 0 is that of a watch: something feels off, and nobody knows yet whether it matters.
inline constexpr int kWatchLevel = 0;

struct LevelProcedure {
  int level = 1;
  Sentence name;
  Sentence applies;      // when a person should choose it
  Impact from_impact{};  // customer impact that is at least this makes it at least this level; unknown: never
  std::vector<PlannedWave> waves;
  Duration next_report_within{};            // the promise that each report makes
  Duration remind_before{};                 // the responders are reminded of it so long before; zero: not
  bool automatic_updates = true;            // a promised update goes by itself, short when there is nothing new
  std::optional<Duration> approval_within;  // reports wait for a person's word, and go by then all the same
  bool may_mention = false;                 // a chat message may call everybody (@channel)
  std::vector<RoleKind> roles;              // needed
  Duration questions_every = std::chrono::minutes(20);  // what the question desk cannot answer waits so long at most
  std::map<std::string, Sentence> asks;                 // by department, in place of its own
  Duration quiet_for{};                                 // without an alert before recovery can be declared
  Duration reopens_within{};                            // after recovery: the same trouble is the same incident
  // Of a watch only: by when its question wants an answer (`remind_before` speaks of that time then), and the level
  // at which silence opens it.
  Duration answer_within{};
  int opens_at = 1;

  Duration within(std::string_view audience) const;  // of its wave; zero: it has none
};

using Levels = std::map<int, LevelProcedure>;

// The table of practice 2.2.
Levels default_levels();

// Reads `levels`: what is not written stays as in the default table. Waves of groups that are not among
// `groups` are complained of where a person wrote them, and left out where the default did.
Levels parse_levels(Fields& root, const std::vector<std::string>& departments, const std::vector<std::string>& groups);

}  // namespace iwakan

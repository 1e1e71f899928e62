#include "model/level.hpp"

#include <algorithm>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongest = 24h * 30;
constexpr std::string_view kManagement = "management";

bool stands_in(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Supervisors first, everybody last, groups between them by time.
std::vector<PlannedWave> in_order(Duration supervisors, std::vector<PlannedWave> groups, Duration everybody) {
  std::stable_sort(groups.begin(), groups.end(),
                   [](const PlannedWave& a, const PlannedWave& b) { return a.within < b.within; });
  std::vector<PlannedWave> waves{{std::string(kSupervisors), supervisors}};
  for (PlannedWave& group : groups) {
    waves.push_back(
        {std::move(group.audience), std::clamp(group.within, supervisors, std::max(supervisors, everybody))});
  }
  waves.push_back({std::string(kEverybody), std::max(supervisors, everybody)});
  return waves;
}

LevelProcedure watch() {
  LevelProcedure level;
  level.level = kWatchLevel;
  level.name = {"違和感", "watch"};
  level.applies = {"いつもと違うが、影響はまだ分からない", "Something feels off, and its effect is not known"};
  level.answer_within = 10min;
  level.remind_before = 3min;
  return level;
}

LevelProcedure minor() {
  LevelProcedure level;
  level.level = 1;
  level.name = {"軽微", "minor"};
  level.applies = {"影響は少数のお客さま、または回避策がある", "Few customers, or there is a way around it"};
  level.waves = in_order(30min, {}, 60min);
  level.next_report_within = 120min;
  level.remind_before = 15min;
  level.roles = {RoleKind::command};
  level.quiet_for = 10min;
  level.reopens_within = 60min;
  return level;
}

LevelProcedure major() {
  LevelProcedure level;
  level.level = 2;
  level.name = {"中", "major"};
  level.applies = {"複数のお客さま、または主な機能の低下", "Several customers, or a main function is degraded"};
  level.waves = in_order(10min, {{std::string(kManagement), 20min}}, 20min);
  level.next_report_within = 60min;
  level.remind_before = 10min;
  level.roles = {RoleKind::command, RoleKind::contact};
  level.quiet_for = 15min;
  level.reopens_within = 60min;
  return level;
}

LevelProcedure critical() {
  LevelProcedure level;
  level.level = 3;
  level.name = {"重大", "critical"};
  level.applies = {"大半のお客さま、またはお金・データ・安全・法令に関わる",
                   "Most customers, or money, data, safety or law"};
  level.waves = in_order(5min, {{std::string(kManagement), 15min}}, 15min);
  level.next_report_within = 30min;
  level.remind_before = 5min;
  level.may_mention = true;
  level.roles = {RoleKind::command, RoleKind::contact, RoleKind::scribe, RoleKind::customers};
  level.quiet_for = 30min;
  level.reopens_within = 60min;
  return level;
}

void parse_waves(Fields& fields, LevelProcedure& level, const std::vector<std::string>& groups) {
  const Duration supervisors = fields.duration("supervisors_within", level.within(kSupervisors), 0s, kLongest);
  const Duration everybody = fields.duration("everybody_within", level.within(kEverybody), 0s, kLongest);
  std::vector<PlannedWave> planned;
  if (const Setting* own = fields.child("groups_within")) {
    Fields times(*own, fields.complaints());
    for (const auto& [group, value] : own->fields) {
      const Duration within = times.duration(group, 0s, 0s, kLongest);
      if (stands_in(groups, group)) {
        planned.push_back({group, within});
      } else {
        complain(fields.complaints(), value, "there is no group \"" + group + "\"", "name one of those under groups:");
      }
    }
    times.finish();
  } else {
    for (const PlannedWave& wave : level.waves) {
      if (stands_in(groups, wave.audience)) planned.push_back(wave);
    }
  }
  level.waves = in_order(supervisors, std::move(planned), everybody);
}

void parse_roles(Fields& fields, LevelProcedure& level) {
  if (!fields.has("roles")) return;
  level.roles.clear();
  for (const std::string& text : fields.texts("roles")) {
    if (const auto role = role_named(text)) {
      level.roles.push_back(*role);
    } else {
      complain(fields.complaints(), *fields.child("roles"), "\"" + text + "\" is not a role",
               "use command, deputy, scribe, hands_on, contact, customers or public_word");
    }
  }
}

void parse_asks(Fields& fields, LevelProcedure& level, const std::vector<std::string>& departments) {
  const Setting* own = fields.child("asks");
  if (own == nullptr) return;
  Fields asks(*own, fields.complaints());
  for (const auto& [department, value] : own->fields) {
    if (!stands_in(departments, department)) {
      complain(fields.complaints(), value, "there is no department \"" + department + "\"",
               "name one of those under departments:");
    }
    level.asks[department] = asks.sentence(department);
  }
  asks.finish();
}

void parse_level(const Setting& setting, Complaints& complaints, LevelProcedure& level,
                 const std::vector<std::string>& departments, const std::vector<std::string>& groups) {
  Fields fields(setting, complaints);
  level.name = level.name.empty() ? fields.required_sentence("name") : fields.sentence("name", level.name);
  level.applies = fields.sentence("applies", level.applies);
  if (level.level == kWatchLevel) {
    level.answer_within = fields.duration("answer_within", level.answer_within, 1s, kLongest);
    level.remind_before =
        fields.duration("remind_before", std::min(level.remind_before, level.answer_within / 2), 0s, kLongest);
    level.opens_at = static_cast<int>(fields.integer("opens_at", level.opens_at, 1, 9));
    return fields.finish();
  }
  const std::string impact =
      fields.one_of("from_impact", std::string(name(level.from_impact)), {"unknown", "possible", "confirmed"});
  level.from_impact = impact_named(impact).value_or(Impact::unknown);
  parse_waves(fields, level, groups);
  level.next_report_within = fields.duration("next_report_within", level.next_report_within, 1s, kLongest);
  level.remind_before =
      fields.duration("remind_before", std::min(level.remind_before, level.next_report_within / 2), 0s, kLongest);
  const bool automatic = level.automatic_updates;
  level.automatic_updates =
      fields.one_of("updates", automatic ? "automatic" : "by_hand", {"automatic", "by_hand"}) == "automatic";
  if (fields.has("approval_within")) level.approval_within = fields.duration("approval_within", 3min, 1s, kLongest);
  level.may_mention = fields.boolean("may_mention", level.may_mention);
  parse_roles(fields, level);
  parse_asks(fields, level, departments);
  level.questions_every = fields.duration("questions_every", level.questions_every, 1min, kLongest);
  level.quiet_for = fields.duration("quiet_for", level.quiet_for, 0s, kLongest);
  level.reopens_within = fields.duration("reopens_within", level.reopens_within, 0s, kLongest);
  fields.finish();
}

// What a level of its own begins with, where the default table has none.
LevelProcedure like_major(int number) {
  LevelProcedure level = major();
  level.level = number;
  level.name = {};
  level.applies = {};
  return level;
}

}  // namespace

Duration LevelProcedure::within(std::string_view audience) const {
  const auto found =
      std::find_if(waves.begin(), waves.end(), [&](const PlannedWave& wave) { return wave.audience == audience; });
  return found == waves.end() ? Duration{} : found->within;
}

Levels default_levels() {
  return {{0, watch()}, {1, minor()}, {2, major()}, {3, critical()}};
}

Levels parse_levels(Fields& root, const std::vector<std::string>& departments, const std::vector<std::string>& groups) {
  Levels levels = default_levels();
  for (auto& [number, level] : levels) {
    std::erase_if(level.waves, [&](const PlannedWave& wave) {
      return wave.audience == kManagement && !stands_in(groups, wave.audience);
    });
  }
  const Setting* own = root.child("levels");
  if (own == nullptr) return levels;
  Fields fields(*own, root.complaints());
  for (const auto& [key, value] : own->fields) {
    if (key.size() != 1 || key[0] < '0' || key[0] > '9') continue;
    fields.child(key);
    const int number = key[0] - '0';
    LevelProcedure& level = levels.try_emplace(number, like_major(number)).first->second;
    parse_level(value, root.complaints(), level, departments, groups);
  }
  fields.finish();
  const int opens_at = levels.at(kWatchLevel).opens_at;
  if (!levels.contains(opens_at)) {
    complain(root.complaints(), *own, "a watch opens at the level " + std::to_string(opens_at) + ", which is not here");
  }
  return levels;
}

}  // namespace iwakan

// Settings: what the engine needs to know of the configuration. Pure to parse; replaced whole, by an
// event.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/maintenance.hpp"
#include "engine/redaction.hpp"
#include "engine/rule.hpp"
#include "model/offsets.hpp"
#include "model/organisation.hpp"
#include "model/setting.hpp"

namespace iwakan::engine {

struct ConfiguredRule {
  std::string name;
  double share = 0;  // of the budget; those of all rules sum up to 1, or are all 0
  MakeRule make;
};

struct Settings {
  std::vector<std::string> subject_labels;       // the first that an alert has names its subject
  double budget_per_week = 1;                    // false first reports
  std::vector<ConfiguredRule> rules;             // sorted by name
  double corroboration_share = 0;                // of the budget, for several rules together
  std::size_t alerts_max = 1'000'000;            // known alerts; more are refused with 503
  std::map<std::string, Duration> expire_after;  // by source; filled by the shell from its sources
  Organisation organisation;
  Offsets zone;  // of the times in sentences: time_zone
  std::vector<MaintenanceWindow> maintenance;
  Redaction redaction;  // of every alert that is kept
};

// Reads subject, budget, alerts_max, rules, maintenance, redact, and all that parse_organisation reads, from the root
// of the configuration.
Settings parse_settings(Fields& root, const Surroundings& surroundings);

// "1 per week", "2 per day", "1 per month" as reports a week. A Failure says how it is written.
Result<double> parse_budget(std::string_view text);

}  // namespace iwakan::engine

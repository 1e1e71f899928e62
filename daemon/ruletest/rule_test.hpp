// RuleTest: a story of alerts and people, and what is expected to come of it. Read from YAML, played to the
// engine on its own clock, compared. How it is written: docs/rule-tests.md.
//
// Pure but for the configuration files that a test names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/settings.hpp"
#include "model/event.hpp"
#include "model/setting.hpp"

namespace iwakan::ruletest {

// Alerts that fire once or again and again. "{n}" in a value becomes the number of the time.
struct Firing {
  Duration at{};
  long times = 1;
  Duration every{};
  Duration lasts{};  // zero: it fires to the end
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::pair<std::string, std::string>> annotations;
};

struct Deed {
  Duration at{};
  Act act;
};

struct ExpectedIncident {
  std::vector<std::string> subjects;  // each must be held; the incident may hold more
  std::optional<int> level;
  std::vector<std::string> why;     // texts to be found in its evidence, in either language
  std::vector<std::string> report;  // texts to be found in its first report, in either language
};

struct ExpectedMiss {
  std::string subject;
  std::string reason;  // of the decision; empty: whatever it is
};

struct Expectation {
  std::optional<Duration> at;                              // nothing: at the end
  std::optional<std::vector<ExpectedIncident>> incidents;  // all that were opened until then, in order
  std::vector<ExpectedMiss> not_opened;
};

struct RuleTest {
  std::string name;
  Place place;
  TimePoint start{};
  std::shared_ptr<const engine::Settings> settings;
  std::vector<Firing> alerts;
  std::vector<Deed> people;
  std::vector<Expectation> expect;
};

// All tests of a file. Complains of everything that is wrong; then nothing is returned.
std::vector<RuleTest> parse_rule_tests(std::string_view yaml, const std::string& file, const std::string& folder,
                                       Complaints& complaints);

// What did not come as expected, a line each: what was expected, what came. Empty: all did.
std::vector<std::string> run_rule_test(const RuleTest& test);

}  // namespace iwakan::ruletest

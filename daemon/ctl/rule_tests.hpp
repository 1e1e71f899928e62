// iwakanctl test: runs the rule tests of files and says what did not come as expected.
#pragma once

#include <ostream>

#include "ctl/command.hpp"

namespace iwakan::ctl {

// Returns the exit code: kDone all passed, kRefused some did not, kUsage a file is wrong.
int rule_tests(const RuleTests& what, const Command& command, std::ostream& output, std::ostream& errors);

// The results as JUnit XML. Text is escaped; what XML cannot hold becomes U+FFFD.
struct Outcome {
  std::string file;
  std::string name;
  double seconds = 0;
  std::vector<std::string> differences;
};
std::string junit(const std::vector<Outcome>& outcomes);

}  // namespace iwakan::ctl

// Label: what people say was an incident in truth: from when to when, and of which subjects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::backtest {

struct Label {
  TimePoint from{};
  TimePoint to{};
  std::vector<std::string> subjects;  // empty: whatever the subject
  std::string kind;                   // for the summary; may be empty

  bool concerns(const std::vector<std::string>& others) const;
};

// JSON lines {"from", "to", "subjects": [], "kind"}, in any order; sorted by `from`. The path of a Failure is
// "FILE:LINE: /pointer".
Result<std::vector<Label>> parse_labels(std::string_view text, const std::string& file);

}  // namespace iwakan::backtest

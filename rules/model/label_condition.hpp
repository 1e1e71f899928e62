// LabelCondition: what a silence asks of one label, in parts: equal to a value, matching an expression, or not.
#pragma once

#include <string>

namespace iwakan {

struct LabelCondition {
  std::string label;
  std::string value;
  bool is_expression = false;  // RE2, anchored
  bool negated = false;

  friend bool operator==(const LabelCondition&, const LabelCondition&) = default;
};

}  // namespace iwakan

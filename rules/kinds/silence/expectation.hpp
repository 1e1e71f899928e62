// Expectation: what people say must come, and how often. Met while a matching alert fires, and for
// `every` after one has fired.
#pragma once

#include <string>
#include <vector>

#include "engine/matcher.hpp"
#include "model/evidence.hpp"
#include "model/setting.hpp"

namespace iwakan::kinds::silence {

struct Expectation {
  std::vector<engine::Matcher> match;  // all of them
  std::string subject;                 // of the incident; empty: that of the last alert that met it
  Duration every{};
  Statement statement;
  Sentence says;  // in people's words; empty: made from the matchers

  std::string conditions() const;
};

// Complains of what is wrong.
Expectation parse_expectation(const Setting& setting, Complaints& complaints);

}  // namespace iwakan::kinds::silence

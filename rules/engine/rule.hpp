// Rule: looks at transitions and gives evidence. RuleKind: what the catalogue knows of one.
//
// A rule is part of the engine's state: deterministic, no clock, no chance; its memory is rows. Adding
// one is a folder under rules/kinds and a line in its catalog.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/transition.hpp"
#include "model/evidence.hpp"
#include "model/result.hpp"
#include "model/row.hpp"
#include "model/setting.hpp"

namespace iwakan::engine {

class Rule {
 public:
  virtual ~Rule() = default;

  // One transition, in the order of time. `incident_open`: the subject's incident is open, so that what
  // happens now is not "usual" and must not be learned for long. Appends what it finds.
  virtual void observe(const Transition& transition, bool incident_open, std::vector<Evidence>& evidence) = 0;

  // Appends rows of its memory; keys begin with the rule's name and "/". `changed`: those that changed
  // since the last call with it; `all`: the whole memory.
  enum class Extent { changed, all };
  virtual void save(std::vector<Row>& rows, Extent extent) = 0;

  // Takes back a row it once gave. A Failure is `corrupted`.
  virtual Result<void> restore(std::string_view key, std::string_view value) = 0;
};

using MakeRule = std::function<std::unique_ptr<Rule>()>;

struct RuleKind {
  std::string_view name;  // as under rules: and in Evidence::rule
  bool on_by_default;     // also when the configuration does not name it
  double share;           // of the false-alarm budget; the shares of the rules in use are scaled to sum up to 1
  MakeRule (*parse)(const Setting& setting, Complaints& complaints);  // pure
};

}  // namespace iwakan::engine

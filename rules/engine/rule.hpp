// Rule: looks at transitions and time, and gives evidence. RuleKind: what the catalogue knows of one.
//
// A rule is part of the engine's state: deterministic, no clock, no chance; its memory is rows. Adding
// one is a folder under rules/kinds and a line in its catalog.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/transition.hpp"
#include "model/alert.hpp"
#include "model/evidence.hpp"
#include "model/result.hpp"
#include "model/row.hpp"
#include "model/setting.hpp"

namespace iwakan::engine {

// Whether what happens to a subject now is to be learned as usual: not while an incident of it is open,
// for a day at most. A longer exclusion would turn one mistake into a rule that never learns again.
using Learns = std::function<bool(std::string_view subject)>;

class Rule {
 public:
  virtual ~Rule() = default;

  // One transition, in the order of time. `learn`: as Learns says of its subject. Appends what it finds.
  virtual void observe(const Transition& transition, bool learn, std::vector<Evidence>& evidence) = 0;

  // Whether the rule is shown alerts that a silence or maintenance holds back, too, when they begin and end: for those
  // that only state, and those for which an alert is a sign of life. What it finds there is kept and opens nothing.
  virtual bool sees_withheld() const { return false; }

  // Why an alert of these labels is only to be watched: it opens nothing. Nothing: this rule does not say so.
  virtual std::optional<Sentence> watches(const Alert& /*alert*/) const { return std::nullopt; }

  // What it noticed in time_reached() was known: a silence or maintenance holds it back. Whoever waits for something
  // waits anew from here, for what did not come meanwhile means nothing.
  virtual void excused(const AboutAlert& /*about*/, TimePoint /*now*/) {}

  // A source sent something, whatever it was; told once in five minutes.
  virtual void source_spoke(std::string_view /*source*/, TimePoint /*at*/, bool /*learn*/) {}

  // When the rule wants to look at what has not happened; nothing: never. A rule that names one must
  // move it on in time_reached().
  virtual std::optional<TimePoint> next_deadline() const { return std::nullopt; }
  // What it finds about one alert says so (Evidence::about).
  virtual void time_reached(TimePoint /*now*/, const Learns& /*learns*/, std::vector<Evidence>& /*evidence*/) {}

  // Appends rows of its memory; keys begin with the rule's name and "/". `changed`: those that changed
  // since the last call with it; `all`: the whole memory; `none`: nothing, but what changed counts as saved.
  enum class Extent { changed, all, none };
  virtual void save(std::vector<Row>& rows, Extent extent) = 0;

  // Takes back a row it once gave. A Failure is `corrupted`.
  virtual Result<void> restore(std::string_view key, std::string_view value) = 0;

  // How much it remembers, and how much it had to forget to stay within its bounds.
  struct Load {
    std::size_t streams = 0;
    std::uint64_t forgotten = 0;
  };
  virtual Load load() const { return {}; }
};

using MakeRule = std::function<std::unique_ptr<Rule>()>;

struct RuleKind {
  std::string_view name;  // as under rules: and in Evidence::rule
  bool on_by_default;     // also when the configuration does not name it
  double share;           // of the false-alarm budget; the shares of the rules in use are scaled to sum up to 1
  MakeRule (*parse)(Fields& fields);  // pure
};

}  // namespace iwakan::engine

#include "kinds/flapping/flapping.hpp"

#include <cmath>
#include <string>

#include "engine/streams.hpp"
#include "kinds/words.hpp"
#include "statistics/runs.hpp"

namespace iwakan::kinds::flapping {
namespace {

using namespace std::chrono_literals;
using engine::Transition;

constexpr std::string_view kName = "flapping";
constexpr std::string_view kAllKey = "flapping/";
constexpr std::string_view kAlertKey = "flapping/alert/";
constexpr Duration kAgain = 15min;      // a longer rest ends a run
constexpr std::uint32_t kRunLeast = 4;  // less is no flapping, however calm the alert was before
constexpr double kWorthSaying = .05;

struct Params {
  std::size_t streams_max = 0;
};

struct Toggling {
  statistics::Runs runs;
  std::uint32_t run = 0;  // comings in the present one
  TimePoint since{};      // when it began
  bool tainted = false;   // an incident was open: not to be learned
};

template <class Archive, class Value>
requires std::same_as<Toggling, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.runs, v.run, v.since, v.tainted);
}

class Flapping final : public engine::Rule {
 public:
  explicit Flapping(Params params) : alerts_(std::string(kAlertKey), params.streams_max) {}

  void observe(const Transition& transition, bool learn, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind)) return;
    Toggling& alert = *alerts_.touch(transition.of_alert, transition.at).first;
    const bool again = alert.run > 0 && !transition.expected && transition.rest && *transition.rest <= kAgain;
    if (again) {
      ++alert.run;
    } else {
      if (alert.run > 0 && !alert.tainted) alert.runs.learn(alert.run, all_);
      alert.run = 1;
      changed_ = true;
      alert.since = transition.at;
      alert.tainted = false;
    }
    alert.tainted = alert.tainted || !learn;
    if (alert.run < kRunLeast) return;
    const double p = alert.runs.at_least(alert.run, all_);
    if (p <= kWorthSaying) evidence.push_back(found(transition, alert, p));
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (changed_ && extent == Extent::changed)) {
      rows.push_back({Table::rules, std::string(kAllKey), encode(all_)});
    }
    changed_ = false;
    alerts_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    if (key == kAllKey) {
      const auto all = decode<statistics::AllRuns>(value);
      if (all) all_ = *all;
      if (all) return {};
    } else if (alerts_.restore(key, value)) {
      return {};
    }
    return Failure{Reason::corrupted, "a stored alert of flapping does not decode", std::string(key)};
  }

  Load load() const override { return {alerts_.size(), alerts_.forgotten()}; }

 private:
  static Evidence found(const Transition& transition, const Toggling& alert, double p) {
    Evidence evidence;
    evidence.rule = kName;
    evidence.subject = transition.subject;
    evidence.at = transition.at;
    evidence.since = alert.since;
    evidence.p_value = p;
    const std::string subject(transition.subject);
    const std::string alert_name(transition.alert_name);
    const std::string times = std::to_string(alert.run);
    const auto most = static_cast<std::uint32_t>(std::lround(alert.runs.longest()));
    const std::string usual = std::to_string(most);
    const Sentence span = words::span(transition.at - alert.since);
    evidence.sentence = {subject + "：「" + alert_name + "」が " + span.ja + "で " + times +
                             " 回発生しました（これまでは続けて " + usual + " 回まで）",
                         subject + ": \"" + alert_name + "\" went off " + times + " times in " + span.en +
                             "; until now it was " + usual + " in a row at most"};
    evidence.numbers = {
        {"times", alert.run}, {"window_seconds", words::seconds(transition.at - alert.since)}, {"longest", most}};
    return evidence;
  }

  engine::Streams<Toggling> alerts_;
  statistics::AllRuns all_;
  bool changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 20'000, 100, 1'000'000));
  return [params] { return std::make_unique<Flapping>(params); };
}

}  // namespace iwakan::kinds::flapping

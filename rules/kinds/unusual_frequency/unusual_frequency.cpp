#include "kinds/unusual_frequency/unusual_frequency.hpp"

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "model/codec.hpp"
#include "statistics/baseline.hpp"

namespace iwakan::kinds::unusual_frequency {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using engine::TransitionKind;
using statistics::Baseline;
using statistics::Surprise;

constexpr std::string_view kName = "unusual_frequency";
constexpr std::string_view kTotalsKey = "unusual_frequency/";          // no subject is empty
constexpr std::string_view kStreamKey = "unusual_frequency/subject/";  // + subject
constexpr double kWorthSaying = .05;                                   // larger p-values are no evidence of anything

struct Params {
  Duration learn_for{};
  std::size_t streams_max = 0;
};

Sentence sentence_of(std::string_view subject, const Surprise& surprise) {
  const auto minutes =
      static_cast<long>(std::ceil(std::chrono::duration<double, std::ratio<60>>(surprise.window).count()));
  const std::string count = std::to_string(surprise.count);
  const std::string in_minutes = std::to_string(minutes);
  const std::string usual = surprise.usual_most == 0 ? "0" : "0〜" + std::to_string(surprise.usual_most);
  const std::string usual_en = surprise.usual_most == 0 ? "0" : "0 to " + std::to_string(surprise.usual_most);
  const std::string name(subject);
  return {name + "：直近 " + in_minutes + " 分で " + count + " 件のアラート（この時間帯の通常は " + usual + " 件）",
          name + ": " + count + " alerts in " + in_minutes + " minutes; usual at this hour is " + usual_en};
}

class UnusualFrequency final : public engine::Rule {
 public:
  explicit UnusualFrequency(Params params) : params_(params) {}

  void observe(const Transition& transition, bool incident_open, std::vector<Evidence>& evidence) override {
    if (transition.kind != TransitionKind::fired && transition.kind != TransitionKind::superseded) return;
    if (!since_) since_ = transition.at;
    totals_changed_ = true;
    auto stream = streams_.find(transition.subject);
    if (stream == streams_.end()) {
      // Beyond the cap a new subject is not watched by this rule; the others go on.
      if (streams_.size() >= params_.streams_max) return;
      stream = streams_.emplace(transition.subject, Baseline(transition.at, population_)).first;
    }
    Baseline& baseline = stream->second;
    baseline.advance(transition.at, population_);
    baseline.count(transition.at, incident_open);
    changed_.insert(stream->first);
    const Surprise surprise = baseline.surprise(transition.at);
    if (surprise.p_value > kWorthSaying) return;

    Evidence found;
    found.rule = kName;
    found.subject = transition.subject;
    found.at = transition.at;
    found.p_value = surprise.p_value;
    found.learning = transition.at < *since_ + params_.learn_for;
    found.sentence = sentence_of(transition.subject, surprise);
    found.numbers = {{"count", static_cast<double>(surprise.count)},
                     {"window_seconds", std::chrono::duration<double>(surprise.window).count()},
                     {"expected", surprise.mean},
                     {"usual_most", static_cast<double>(surprise.usual_most)}};
    evidence.push_back(std::move(found));
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    const auto put_stream = [&](const std::string& subject, const Baseline& baseline) {
      rows.push_back({Table::rules, std::string(kStreamKey) + subject, baseline.encode()});
    };
    if (totals_changed_ || extent == Extent::all) {
      Encoder totals;
      totals(since_, population_.events, population_.bins);
      rows.push_back({Table::rules, std::string(kTotalsKey), totals.take()});
    }
    if (extent == Extent::all) {
      for (const auto& [subject, baseline] : streams_) put_stream(subject, baseline);
      return;
    }
    for (const std::string& subject : changed_) put_stream(subject, streams_.at(subject));
    totals_changed_ = false;
    changed_.clear();
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = false;
    if (key == kTotalsKey) {
      Decoder totals(value);
      totals(since_, population_.events, population_.bins);
      good = totals.done();
    } else if (key.starts_with(kStreamKey)) {
      good = Baseline::decode(value, streams_[std::string(key.substr(kStreamKey.size()))]);
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored baseline of unusual_frequency does not decode", std::string(key)};
  }

 private:
  Params params_;
  std::optional<TimePoint> since_;  // the first episode ever seen
  statistics::Population population_;
  std::map<std::string, Baseline, std::less<>> streams_;  // by subject
  bool totals_changed_ = false;
  std::set<std::string> changed_;
};

}  // namespace

engine::MakeRule parse(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Params params;
  params.learn_for = fields.duration("learn_for", 24h, 0s, 24h * 90);
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 10'000, 1, 1'000'000));
  fields.finish();
  return [params] { return std::make_unique<UnusualFrequency>(params); };
}

}  // namespace iwakan::kinds::unusual_frequency

#include "kinds/unusual_frequency/unusual_frequency.hpp"

#include <string>

#include "engine/streams.hpp"
#include "kinds/words.hpp"
#include "statistics/baseline.hpp"

namespace iwakan::kinds::unusual_frequency {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using statistics::Baseline;
using statistics::Surprise;

constexpr std::string_view kName = "unusual_frequency";
constexpr std::string_view kTotalsKey = "unusual_frequency/";  // no subject is empty
constexpr std::string_view kSubjectKey = "unusual_frequency/subject/";
constexpr double kBurst = .5;  // of the rule's budget; the rest is for what lasts
constexpr Duration kAgain = 15min;
constexpr double kWorthSaying = .05;  // larger p-values are no evidence of anything

struct Params {
  Duration learn_for{};
  std::size_t streams_max = 0;
};

Sentence burst_sentence(std::string_view subject, const Surprise& surprise) {
  const std::string name(subject);
  const std::string count = std::to_string(surprise.count);
  const Sentence window = words::span(surprise.window);
  const Sentence usual = words::range(surprise.usual_most);
  return {name + "：直近 " + window.ja + "で " + count + " 件のアラート（この時間帯の通常は " + usual.ja + " 件）",
          name + ": " + count + " alerts in " + window.en + "; usual at this hour is " + usual.en};
}

Sentence lasting_sentence(std::string_view subject, const Surprise& surprise) {
  const std::string name(subject);
  const std::string count = std::to_string(surprise.count);
  const Sentence window = words::span(surprise.window);
  const Sentence usual = words::range(surprise.usual_most);
  return {name + "：アラートの多い状態が続いています。直近 " + window.ja + "に " + count +
              " 回に分かれて届きました（この時間帯の通常は " + usual.ja + " 回）",
          name + ": more alerts than usual, and it lasts: " + count + " separate times in " + window.en +
              "; usual at this hour is " + usual.en};
}

class UnusualFrequency final : public engine::Rule {
 public:
  explicit UnusualFrequency(Params params) : params_(params), subjects_(std::string(kSubjectKey), params.streams_max) {}

  void observe(const Transition& transition, bool learn, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind)) return;
    if (!since_) {
      since_ = transition.at;
      totals_changed_ = true;
    }
    // The same alert going off again at once is flapping, and no further thing that is wrong; what comes by the
    // clock is nothing wrong at all.
    if (transition.expected || (transition.rest && *transition.rest <= kAgain)) return;
    totals_changed_ = true;
    const auto [subject, is_new] = subjects_.touch(transition.of_subject, transition.at);
    if (is_new) *subject = Baseline(transition.at, population_);
    subject->advance(transition.at, population_);
    subject->count(transition.at, learn);
    add("burst", kBurst, transition, subject->burst(transition.at, population_), evidence);
    add("lasting", 1 - kBurst, transition, subject->lasting(transition.at, population_), evidence);
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (totals_changed_ && extent == Extent::changed)) {
      Encoder totals;
      totals(since_, population_);
      rows.push_back({Table::rules, std::string(kTotalsKey), totals.take()});
    }
    totals_changed_ = false;
    subjects_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = false;
    if (key == kTotalsKey) {
      Decoder totals(value);
      totals(since_, population_);
      good = totals.done();
    } else if (subjects_.owns(key)) {
      good = subjects_.restore(key, value);
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored baseline of unusual_frequency does not decode", std::string(key)};
  }

  Load load() const override { return {subjects_.size(), subjects_.forgotten()}; }

 private:
  void add(std::string_view part, double share, const Transition& transition, const Surprise& surprise,
           std::vector<Evidence>& evidence) const {
    if (surprise.p_value > kWorthSaying) return;
    Evidence found;
    found.rule = kName;
    found.part = part;
    found.part_share = share;
    found.subject = transition.subject;
    found.at = transition.at;
    found.since = transition.at - surprise.window;
    found.p_value = surprise.p_value;
    found.learning = transition.at < *since_ + params_.learn_for;
    found.sentence = part == "lasting" ? lasting_sentence(transition.subject, surprise)
                                       : burst_sentence(transition.subject, surprise);
    found.numbers = {{"count", static_cast<double>(surprise.count)},
                     {"window_seconds", words::seconds(surprise.window)},
                     {"expected", surprise.mean},
                     {"dispersion", surprise.dispersion},
                     {"usual_most", static_cast<double>(surprise.usual_most)}};
    evidence.push_back(std::move(found));
  }

  Params params_;
  std::optional<TimePoint> since_;  // the first episode ever seen
  statistics::Population population_;
  engine::Streams<Baseline> subjects_;
  bool totals_changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.learn_for = fields.duration("learn_for", 24h, 0s, 24h * 90);
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 10'000, 1, 1'000'000));
  return [params] { return std::make_unique<UnusualFrequency>(params); };
}

}  // namespace iwakan::kinds::unusual_frequency

#include "kinds/breadth/breadth.hpp"

#include <algorithm>
#include <string>

#include "engine/streams.hpp"
#include "kinds/words.hpp"
#include "statistics/baseline.hpp"

namespace iwakan::kinds::breadth {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using statistics::Baseline;
using statistics::Surprise;

constexpr std::string_view kName = "breadth";
constexpr std::string_view kBaselineKey = "breadth/";
constexpr std::string_view kSubjectKey = "breadth/subject/";
constexpr Duration kStirs = 15min;     // a subject that was calm for so long counts anew
constexpr Duration kTogether = 35min;  // the longest window, with the bin that has begun
constexpr std::size_t kSubjectsLeast = 3;
constexpr std::size_t kListed = 5;
constexpr std::size_t kStirredMost = 1'000;
constexpr double kWorthSaying = .05;

struct Params {
  Duration learn_for{};
  std::size_t subjects_max = 0;
};

struct Subject {
  TimePoint fired_at{};
};

template <class Archive, class Value>
requires std::same_as<Subject, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.fired_at);
}

class Breadth final : public engine::Rule {
 public:
  explicit Breadth(Params params) : params_(params), subjects_(std::string(kSubjectKey), params.subjects_max) {}

  void observe(const Transition& transition, bool learn, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind) || transition.expected || transition.watched) return;
    const TimePoint now = transition.at;
    Subject& subject = *subjects_.touch(transition.of_subject, now).first;
    const bool stirs = now - subject.fired_at > kStirs;
    subject.fired_at = now;
    if (!stirs) return;
    if (!since_) {
      since_ = now;
      baseline_ = Baseline(now, population_);
    }
    baseline_.advance(now, population_);
    baseline_.count(now, learn);
    changed_ = true;
    std::erase_if(stirred_,
                  [&](const auto& one) { return one.first + kTogether <= now || one.second == transition.subject; });
    if (stirred_.size() >= kStirredMost) stirred_.erase(stirred_.begin());
    stirred_.emplace_back(now, std::string(transition.subject));
    const Surprise surprise = baseline_.burst(now, population_);
    if (surprise.p_value <= kWorthSaying) add(now, surprise, evidence);
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (changed_ && extent == Extent::changed)) {
      Encoder encoder;
      encoder(since_, population_, baseline_, stirred_);
      rows.push_back({Table::rules, std::string(kBaselineKey), encoder.take()});
    }
    changed_ = false;
    subjects_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = false;
    if (key == kBaselineKey) {
      Decoder decoder(value);
      decoder(since_, population_, baseline_, stirred_);
      good = decoder.done();
    } else {
      good = subjects_.restore(key, value);
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored row of breadth does not decode", std::string(key)};
  }

  Load load() const override { return {subjects_.size(), subjects_.forgotten()}; }

 private:
  void add(TimePoint now, const Surprise& surprise, std::vector<Evidence>& evidence) const {
    std::vector<std::string> together;
    TimePoint since = now;
    for (const auto& [at, subject] : stirred_) {
      if (at + surprise.window < now) continue;
      together.push_back(subject);
      since = std::min(since, at);
    }
    if (together.size() < kSubjectsLeast) return;
    Evidence found;
    found.rule = kName;
    found.at = now;
    found.since = since;
    found.p_value = surprise.p_value;
    found.learning = now < *since_ + params_.learn_for;
    found.sentence = sentence_of(together, surprise);
    found.numbers = {{"subjects", static_cast<double>(together.size())},
                     {"window_seconds", words::seconds(surprise.window)},
                     {"expected", surprise.mean},
                     {"usual_most", static_cast<double>(surprise.usual_most)}};
    found.subject = together.front();
    found.also.assign(together.begin() + 1, together.end());
    evidence.push_back(std::move(found));
  }

  static Sentence sentence_of(const std::vector<std::string>& together, const Surprise& surprise) {
    std::string listed;
    std::string listed_en;
    for (std::size_t i = 0; i < std::min(together.size(), kListed); ++i) {
      listed += (i == 0 ? "" : "、") + together[i];
      listed_en += (i == 0 ? "" : ", ") + together[i];
    }
    if (together.size() > kListed) {
      listed += " など";
      listed_en += " and others";
    }
    const Sentence span = words::span(surprise.window);
    const Sentence usual = words::range(surprise.usual_most);
    const std::string count = std::to_string(together.size());
    return {"直近 " + span.ja + "に " + count + " か所で同時にアラートが出ています：" + listed +
                "（この時間帯の通常は " + usual.ja + " か所）",
            count + " subjects at once in " + span.en + ": " + listed_en + "; usual at this hour is " + usual.en};
  }

  Params params_;
  std::optional<TimePoint> since_;
  statistics::Population population_;
  Baseline baseline_;
  std::vector<std::pair<TimePoint, std::string>> stirred_;  // lately, in the order of time
  engine::Streams<Subject> subjects_;
  bool changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.learn_for = fields.duration("learn_for", 24h, 0s, 24h * 90);
  params.subjects_max = static_cast<std::size_t>(fields.integer("subjects_max", 20'000, 100, 1'000'000));
  return [params] { return std::make_unique<Breadth>(params); };
}

}  // namespace iwakan::kinds::breadth

#include "kinds/never_seen/never_seen.hpp"

#include <array>
#include <map>
#include <set>
#include <string>

#include "model/codec.hpp"

namespace iwakan::kinds::never_seen {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using engine::TransitionKind;

constexpr std::string_view kName = "never_seen";
constexpr std::string_view kPrefix = "never_seen/";
constexpr Duration kOnboarding = 24h;  // what a new subject brings in its first day is the same news

constexpr double kWorthSaying = .05;  // where news is common, it is none

struct Params {
  Duration learn_for{};
  std::size_t kinds_max = 0;
};

// The three things that can be new. The letter begins the key of a kind.
enum class Level : char { subject = 's', alert_name = 'a', alert_on_subject = 'b' };
constexpr std::array kLevels{Level::subject, Level::alert_name, Level::alert_on_subject};

struct Known {
  std::uint64_t episodes = 0;
  TimePoint first_at{};
};

struct Totals {
  std::uint64_t episodes = 0;
  std::uint64_t seen_once = 0;

  // Good-Turing, with one added to either side so that an empty past gives 1.
  double chance_of_news() const { return static_cast<double>(seen_once + 1) / static_cast<double>(episodes + 1); }
};

std::string key_of(Level level, const Transition& transition) {
  std::string key(1, static_cast<char>(level));
  if (level != Level::alert_name) key += transition.subject;
  if (level == Level::alert_on_subject) key += '\x1f';
  if (level != Level::subject) key += transition.alert_name;
  return key;
}

Sentence sentence_of(Level level, const Transition& transition, std::uint64_t episodes) {
  const std::string alert(transition.alert_name);
  const std::string subject(transition.subject);
  const std::string past = std::to_string(episodes);
  switch (level) {
    case Level::subject:
      return {subject + " からのアラートは初めてです（これまでの " + past + " 件にありません）",
              "First alert ever of " + subject + " (not among the " + past + " so far)"};
    case Level::alert_name:
      return {subject + "：「" + alert + "」は初めてのアラートです（これまでの " + past + " 件にありません）",
              subject + ": \"" + alert + "\" has never fired before (not among the " + past + " alerts so far)"};
    case Level::alert_on_subject:
      return {subject + "：「" + alert + "」がここで起きたのは初めてです（これまでの " + past + " 件にありません）",
              subject + ": \"" + alert + "\" has never fired here before (not among the " + past + " alerts so far)"};
  }
  return {};
}

class NeverSeen final : public engine::Rule {
 public:
  explicit NeverSeen(Params params) : params_(params) {}

  void observe(const Transition& transition, bool, std::vector<Evidence>& evidence) override {
    if (transition.kind != TransitionKind::fired && transition.kind != TransitionKind::superseded) return;
    if (!since_) since_ = transition.at;
    const bool onboarding = is_onboarding(transition);
    // The widest news speaks for the narrower ones: a new subject's alert is new there by necessity.
    std::optional<Level> news;
    for (const Level level : kLevels) {
      const Totals before = totals_[level];
      if (learn(level, transition) && !news) {
        news = level;
        const bool worth_saying = before.chance_of_news() <= kWorthSaying;
        if (worth_saying && (!onboarding || level == Level::subject))
          evidence.push_back(found(level, transition, before));
      }
    }
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (changed_.empty() && extent == Extent::changed) return;
    const auto put_kind = [&rows](const std::string& key, const Known& known) {
      Encoder encoder;
      encoder(known.episodes, known.first_at);
      rows.push_back({Table::rules, std::string(kPrefix) + key, encoder.take()});
    };
    Encoder totals;
    totals(since_);
    for (const Level level : kLevels) totals(totals_[level].episodes, totals_[level].seen_once);
    rows.push_back({Table::rules, std::string(kPrefix), totals.take()});
    if (extent == Extent::all) {
      for (const auto& [key, known] : kinds_) put_kind(key, known);
      return;
    }
    for (const std::string& key : changed_) put_kind(key, kinds_.at(key));
    changed_.clear();
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    Decoder decoder(value);
    if (key == kPrefix) {
      decoder(since_);
      for (const Level level : kLevels) decoder(totals_[level].episodes, totals_[level].seen_once);
    } else {
      Known& known = kinds_[std::string(key.substr(kPrefix.size()))];
      decoder(known.episodes, known.first_at);
    }
    if (decoder.done()) return {};
    return Failure{Reason::corrupted, "a stored kind of never_seen does not decode", std::string(key)};
  }

 private:
  bool is_onboarding(const Transition& transition) const {
    const auto subject = kinds_.find(key_of(Level::subject, transition));
    return subject == kinds_.end() || transition.at < subject->second.first_at + kOnboarding;
  }

  // Counts the episode; true when its kind is new. Beyond the cap nothing is new any more.
  bool learn(Level level, const Transition& transition) {
    std::string key = key_of(level, transition);
    auto known = kinds_.find(key);
    const bool is_new = known == kinds_.end();
    if (is_new && kinds_.size() >= params_.kinds_max) return false;
    if (is_new) known = kinds_.emplace(key, Known{0, transition.at}).first;
    Totals& totals = totals_[level];
    ++totals.episodes;
    if (known->second.episodes == 0) ++totals.seen_once;
    if (known->second.episodes == 1) --totals.seen_once;
    ++known->second.episodes;
    changed_.insert(std::move(key));
    return is_new;
  }

  Evidence found(Level level, const Transition& transition, const Totals& before) const {
    Evidence evidence;
    evidence.rule = kName;
    evidence.subject = transition.subject;
    evidence.at = transition.at;
    evidence.p_value = before.chance_of_news();
    evidence.learning = transition.at < *since_ + params_.learn_for;
    evidence.sentence = sentence_of(level, transition, before.episodes);
    evidence.numbers = {{"episodes", static_cast<double>(before.episodes)},
                        {"seen_once", static_cast<double>(before.seen_once)}};
    return evidence;
  }

  Params params_;
  std::optional<TimePoint> since_;
  std::map<std::string, Known, std::less<>> kinds_;
  std::map<Level, Totals> totals_;
  std::set<std::string> changed_;
};

}  // namespace

engine::MakeRule parse(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Params params;
  params.learn_for = fields.duration("learn_for", 24h * 7, 0s, 24h * 90);
  params.kinds_max = static_cast<std::size_t>(fields.integer("kinds_max", 20'000, 100, 1'000'000));
  fields.finish();
  return [params] { return std::make_unique<NeverSeen>(params); };
}

}  // namespace iwakan::kinds::never_seen

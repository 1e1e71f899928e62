#include "kinds/never_seen/never_seen.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "engine/streams.hpp"

namespace iwakan::kinds::never_seen {
namespace {

using namespace std::chrono_literals;
using engine::Transition;

constexpr std::string_view kName = "never_seen";
constexpr std::string_view kTotalsKey = "never_seen/";
// Of the rule's budget. That a new service begins to speak is told, and opens nothing by itself.
constexpr double kAnywhere = .7;
constexpr double kWorthSaying = .05;  // where news is common, it is none

struct Params {
  Duration learn_for{};
  Duration onboarding{};
  std::size_t kinds_max = 0;
};

// The three things that can be new, the widest first.
enum class Level : std::uint8_t { subject, alert_name, alert_on_subject };

struct Known {
  std::uint64_t episodes = 0;
};

template <class Archive, class Value>
requires std::same_as<Known, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.episodes);
}

// How much of what comes is new: the kinds seen once among all episodes (Good-Turing).
struct Totals {
  std::uint64_t episodes = 0;
  std::uint64_t seen_once = 0;
  TimePoint first_at{};

  // With one added to either side, so that an empty past gives 1.
  double chance_of_news() const { return static_cast<double>(seen_once + 1) / static_cast<double>(episodes + 1); }

  // Counts an episode of a kind seen so often before.
  void count(std::uint64_t before) {
    ++episodes;
    if (before == 0) ++seen_once;
    if (before == 1) --seen_once;
  }
};

template <class Archive, class Value>
requires std::same_as<Totals, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.episodes, v.seen_once, v.first_at);
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
  explicit NeverSeen(Params params)
      : params_(params),
        subjects_("never_seen/subject/", params.kinds_max),
        alert_names_("never_seen/alert_name/", params.kinds_max),
        alerts_("never_seen/alert/", params.kinds_max) {}

  void observe(const Transition& transition, bool, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind)) return;
    if (!since_) since_ = transition.at;
    const TimePoint at = transition.at;
    Totals& own = *subjects_.touch(transition.of_subject, at).first;
    Known& alert_name = *alert_names_.touch(transition.alert_name, at).first;
    Known& alert = *alerts_.touch(transition.of_alert, at).first;

    // The widest news speaks for the narrower ones: a new subject's alert is new there by necessity. What a
    // new subject brings in its first days is the same piece of news.
    std::optional<Level> news;
    const bool settled = own.episodes > 0 && at >= own.first_at + params_.onboarding;
    if (own.episodes == 0) {
      news = Level::subject;
      own.first_at = at;
    } else if (settled && alert_name.episodes == 0) {
      news = Level::alert_name;
    } else if (settled && alert.episodes == 0) {
      news = Level::alert_on_subject;
    }
    if (news) {
      const double p = all_of(*news).chance_of_news();
      if (p <= kWorthSaying) evidence.push_back(found(*news, transition, p));
    }

    all_subjects_.count(own.episodes);
    all_alert_names_.count(alert_name.episodes++);
    all_alerts_.count(alert.episodes);
    own.count(alert.episodes++);
    changed_ = true;
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (changed_ && extent == Extent::changed)) {
      Encoder totals;
      totals(since_, all_subjects_, all_alert_names_, all_alerts_);
      rows.push_back({Table::rules, std::string(kTotalsKey), totals.take()});
    }
    changed_ = false;
    subjects_.save(rows, extent);
    alert_names_.save(rows, extent);
    alerts_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = false;
    if (key == kTotalsKey) {
      Decoder totals(value);
      totals(since_, all_subjects_, all_alert_names_, all_alerts_);
      good = totals.done();
    } else if (subjects_.owns(key)) {
      good = subjects_.restore(key, value);
    } else if (alert_names_.owns(key)) {
      good = alert_names_.restore(key, value);
    } else if (alerts_.owns(key)) {
      good = alerts_.restore(key, value);
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored kind of never_seen does not decode", std::string(key)};
  }

  Load load() const override {
    return {subjects_.size() + alert_names_.size() + alerts_.size(),
            subjects_.forgotten() + alert_names_.forgotten() + alerts_.forgotten()};
  }

 private:
  const Totals& all_of(Level level) const {
    switch (level) {
      case Level::subject: return all_subjects_;
      case Level::alert_name: return all_alert_names_;
      case Level::alert_on_subject: return all_alerts_;
    }
    return all_alerts_;
  }

  Evidence found(Level level, const Transition& transition, double p) const {
    const Totals& all = all_of(level);
    Evidence evidence;
    evidence.rule = kName;
    evidence.part = level == Level::subject ? "subject" : level == Level::alert_name ? "anywhere" : "here";
    evidence.part_share = level == Level::subject ? 0 : level == Level::alert_name ? kAnywhere : 1 - kAnywhere;
    evidence.subject = transition.subject;
    evidence.at = transition.at;
    evidence.since = transition.at;
    evidence.p_value = p;
    evidence.learning = transition.at < *since_ + params_.learn_for;
    evidence.sentence = sentence_of(level, transition, all.episodes);
    evidence.numbers = {{"episodes", static_cast<double>(all.episodes)},
                        {"seen_once", static_cast<double>(all.seen_once)}};
    return evidence;
  }

  Params params_;
  std::optional<TimePoint> since_;
  engine::Streams<Totals> subjects_;    // what each has brought
  engine::Streams<Known> alert_names_;  // on any subject
  engine::Streams<Known> alerts_;       // by subject and alert name
  Totals all_subjects_;
  Totals all_alert_names_;
  Totals all_alerts_;
  bool changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.learn_for = fields.duration("learn_for", 24h * 7, 0s, 24h * 90);
  params.onboarding = fields.duration("onboarding", 24h * 7, 0s, 24h * 90);
  params.kinds_max = static_cast<std::size_t>(fields.integer("kinds_max", 20'000, 100, 1'000'000));
  return [params] { return std::make_unique<NeverSeen>(params); };
}

}  // namespace iwakan::kinds::never_seen

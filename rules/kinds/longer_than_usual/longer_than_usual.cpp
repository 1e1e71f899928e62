#include "kinds/longer_than_usual/longer_than_usual.hpp"

#include <algorithm>
#include <string>

#include "engine/streams.hpp"
#include "kinds/words.hpp"
#include "statistics/deadlines.hpp"
#include "statistics/durations.hpp"

namespace iwakan::kinds::longer_than_usual {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using engine::TransitionKind;
using statistics::Durations;

constexpr std::string_view kName = "longer_than_usual";
constexpr std::string_view kAllKey = "longer_than_usual/";
constexpr std::string_view kAlertKey = "longer_than_usual/alert/";
constexpr std::string_view kFiringKey = "longer_than_usual/firing/";
constexpr std::uint32_t kKnownLeast = 5;  // episodes of its own, before it can be called unusual
constexpr Duration kAgain = 15min;
constexpr double kLookAgain = 1.25;  // times as long
constexpr Duration kLookMost = 24h * 30;
constexpr double kWorthSaying = .05;

struct Params {
  std::size_t streams_max = 0;
};

struct Alert {
  Durations durations;
  double pending = 0;  // seconds that the last episode took: learned unless it comes again at once
};

template <class Archive, class Value>
requires std::same_as<Alert, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.durations, v.pending);
}

struct Firing {
  std::string subject;
  std::string alert_name;
  TimePoint since{};
  TimePoint look_at{};
  bool again = false;  // it came again at once: how long a flap lasts says nothing about an episode
};

template <class Archive, class Value>
requires std::same_as<Firing, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.subject, v.alert_name, v.since, v.look_at, v.again);
}

Duration of_seconds(double amount) {
  const double most = words::seconds(kLookMost);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::clamp(amount, 60., most)));
}

class LongerThanUsual final : public engine::Rule {
 public:
  explicit LongerThanUsual(Params params)
      : alerts_(std::string(kAlertKey), params.streams_max),
        firing_(std::string(kFiringKey), params.streams_max, [this](const std::string& key) { looks_.erase(key); }) {}

  void observe(const Transition& transition, bool learn, std::vector<Evidence>&) override {
    const engine::StreamKey episode(episode_of(transition));
    if (begins(transition.kind)) {
      Alert& alert = *alerts_.touch(transition.of_alert, transition.at).first;
      const Durations& own = alert.durations;
      const bool again = transition.rest && *transition.rest <= kAgain;
      if (alert.pending > 0 && !again) learn_pending(alert);
      alert.pending = 0;
      Firing& firing = *firing_.touch(episode, transition.at).first;
      // When it began is the sender's word: believed within reason.
      const TimePoint since = std::clamp(transition.starts_at, transition.at - kLookMost, transition.at);
      const TimePoint look_at = std::max(transition.at, since + of_seconds(own.first_look(all_)));
      firing.subject = transition.subject;
      firing.alert_name = transition.alert_name;
      firing.since = since;
      firing.look_at = look_at;
      firing.again = again;
      looks_.set(episode.text, look_at);
      return;
    }
    if (transition.kind == TransitionKind::returned) return;
    looks_.erase(episode.text);
    const Firing* firing = firing_.find(episode);
    if (firing == nullptr) return;
    const bool again = firing->again;
    const TimePoint since = firing->since;
    firing_.erase(episode);
    if (transition.kind != TransitionKind::resolved || !learn || again) return;
    // Until its end was heard of, for that is also how the running one is measured: senders group what they say.
    const double lasted = std::max(1., words::seconds(transition.at - since));
    Alert& alert = *alerts_.touch(transition.of_alert, transition.at).first;
    if (alert.pending > 0) learn_pending(alert);
    alert.pending = lasted;
  }

  std::optional<TimePoint> next_deadline() const override { return looks_.next(); }

  void time_reached(TimePoint now, const engine::Learns&, std::vector<Evidence>& evidence) override {
    while (const auto episode = looks_.take_due(now)) {
      Firing& firing = *firing_.touch(*episode, now).first;
      engine::stream_key(firing.subject, firing.alert_name, key_);
      const double lasts = words::seconds(now - firing.since);
      firing.look_at = std::max(now + 1min, firing.since + of_seconds(kLookAgain * lasts));
      looks_.set(*episode, firing.look_at);
      const Alert* alert = alerts_.find(key_);
      if (alert == nullptr || alert->durations.known() < kKnownLeast) continue;
      const double p = alert->durations.longer_than(lasts, all_);
      if (p > kWorthSaying) continue;
      evidence.push_back(found(firing, alert->durations, now, p));
      evidence.back().about = about(*episode, firing);
    }
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (all_changed_ && extent == Extent::changed)) {
      rows.push_back({Table::rules, std::string(kAllKey), encode(all_)});
    }
    all_changed_ = false;
    alerts_.save(rows, extent);
    firing_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = false;
    if (key == kAllKey) {
      const auto all = decode<Durations>(value);
      good = all.has_value();
      if (all) all_ = *all;
    } else if (alerts_.owns(key)) {
      good = alerts_.restore(key, value);
    } else if (firing_.owns(key)) {
      good = firing_.restore(key, value);
      const std::string_view episode = key.substr(kFiringKey.size());
      if (good) looks_.set(episode, firing_.find(episode)->look_at);
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored row of longer_than_usual does not decode", std::string(key)};
  }

  Load load() const override { return {alerts_.size(), alerts_.forgotten()}; }

 private:
  void learn_pending(Alert& alert) {
    alert.durations.learn(alert.pending);
    all_.learn(alert.pending);
    all_changed_ = true;
  }

  // Valid until the next.
  std::string_view episode_of(const Transition& transition) {
    episode_key_.assign(transition.source);
    episode_key_.push_back('\0');
    append_ordered(transition.fingerprint, episode_key_);
    return episode_key_;
  }

  static AboutAlert about(std::string_view episode, const Firing& firing) {
    const std::size_t end = episode.find('\0');
    return {firing.subject, firing.alert_name, std::string(episode.substr(0, end)), number_of(episode.substr(end + 1))};
  }

  Evidence found(const Firing& firing, const Durations& own, TimePoint now, double p) const {
    Evidence evidence;
    evidence.rule = kName;
    evidence.subject = firing.subject;
    evidence.at = now;
    evidence.since = firing.since;
    evidence.p_value = p;
    const Sentence lasts = words::span(now - firing.since);
    const Sentence usual = words::span_of_seconds(own.median(all_));
    const Sentence longest = words::span_of_seconds(own.longest());
    const std::string times = std::to_string(own.known());
    evidence.sentence = {firing.subject + "：「" + firing.alert_name + "」が " + lasts.ja + "続いています（これまで " +
                             times + " 回は、ふつう " + usual.ja + "、最長でも " + longest.ja + "）",
                         firing.subject + ": \"" + firing.alert_name + "\" has been firing for " + lasts.en + "; the " +
                             times + " times before it was usually " + usual.en + ", at most " + longest.en};
    evidence.numbers = {{"lasts_seconds", words::seconds(now - firing.since)},
                        {"usual_seconds", own.median(all_)},
                        {"longest_seconds", own.longest()},
                        {"episodes", own.known()}};
    return evidence;
  }

  engine::Streams<Alert> alerts_;   // by subject and alert name
  engine::Streams<Firing> firing_;  // by source and fingerprint
  Durations all_;
  bool all_changed_ = false;
  statistics::Deadlines looks_;
  std::string key_;
  std::string episode_key_;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 20'000, 100, 1'000'000));
  return [params] { return std::make_unique<LongerThanUsual>(params); };
}

}  // namespace iwakan::kinds::longer_than_usual

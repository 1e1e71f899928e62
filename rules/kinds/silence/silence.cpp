#include "kinds/silence/silence.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "engine/streams.hpp"
#include "kinds/silence/comer.hpp"
#include "kinds/silence/expectation.hpp"
#include "kinds/silence/sentences.hpp"
#include "kinds/words.hpp"
#include "statistics/baseline.hpp"
#include "statistics/deadlines.hpp"

namespace iwakan::kinds::silence {
namespace {

using namespace std::chrono_literals;
using engine::Transition;
using statistics::Baseline;
using statistics::Population;

constexpr std::string_view kName = "silence";
constexpr std::string_view kSinceKey = "silence/";
constexpr std::string_view kAlertKey = "silence/alert/";
constexpr std::string_view kSubjectKey = "silence/subject/";
constexpr std::string_view kSourceKey = "silence/source/";
constexpr std::string_view kExpectationKey = "silence/expectation/";
constexpr double kLookFurther = 3;  // of the probability: at each third of it
constexpr double kLastLook = 1e-12;
constexpr double kSourceOdd = .02;  // a source so silent says nothing about its alerts
constexpr Duration kLookAgain = 1min;
constexpr Duration kTick = 1min;          // a source is noted to speak so often at most
constexpr double kLookLater = .26;        // of how late a beat is: until its probability is halved
constexpr Duration kBinsMost = 24h * 14;  // further ahead nobody looks at once
constexpr double kAlerts = .5;            // of the rule's budget
constexpr double kSources = .4;           // and the rest for subjects
constexpr double kWorthSaying = .05;
constexpr Duration kBeatLeast = 10min;  // what comes faster flaps
constexpr double kRegular = 8;          // shape of the gaps: an alert that comes by chance is not missed
constexpr double kChatty = 12;          // times a day: a subject that is quieter is not missed either
constexpr double kKeptUp = 86400;       // seconds: what has not come for a day on end has no cadence yet

struct Params {
  Duration learn_for{};
  std::size_t streams_max = 0;
  std::vector<Expectation> expectations;
};

// The clock that runs with a source's traffic: fast at its busy hours, slow at night. One unit is what is
// expected to hold one word of the source, at a minute's resolution.
struct Source {
  Baseline words;
  TimePoint reckoned_at{};  // up to when `traffic` is
  double traffic = 0;
  Comer self;
  bool odd = false;      // it has been silent for oddly long
  bool changed = false;  // since the last save
};

template <class Archive, class Value>
requires std::same_as<Source, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.words, v.reckoned_at, v.traffic, v.self, v.odd);
}

struct Met {
  TimePoint last_at{};
  std::optional<TimePoint> look_at;
  std::string subject;
  std::set<std::string> firing;  // source and fingerprint
};

template <class Archive, class Value>
requires std::same_as<Met, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  std::vector<std::string> firing(v.firing.begin(), v.firing.end());
  archive(v.last_at, v.look_at, v.subject, firing);
  if constexpr (Archive::kReads) v.firing = {firing.begin(), firing.end()};
}

// Of a minute in which so many words are expected, one at most: how far it moves the clock. -ln P(no word).
double traffic_of(double mean) {
  return -std::log1p(-std::min(mean, .95));
}

Duration of_seconds(double amount) {
  const double most = words::seconds(kBinsMost);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::clamp(amount, 0., most)));
}

class Silence final : public engine::Rule {
 public:
  explicit Silence(Params params)
      : params_(std::move(params)),
        alerts_(std::string(kAlertKey), params_.streams_max,
                [this](const std::string& key) { looks_.erase(std::string(kAlertKey) + key); }),
        subjects_(std::string(kSubjectKey), params_.streams_max,
                  [this](const std::string& key) { looks_.erase(std::string(kSubjectKey) + key); }),
        expected_(params_.expectations.size()) {}

  bool sees_withheld() const override { return true; }

  void observe(const Transition& transition, bool learn, std::vector<Evidence>&) override {
    // That it counts again is no sign of life; it went on all the time.
    if (transition.kind == engine::TransitionKind::unsilenced) return;
    begin(transition.at);
    note_expected(transition);
    // What was over before it was heard of has come nevertheless.
    if (!begins(transition.kind) && transition.kind != engine::TransitionKind::unseen) return;
    came(alerts_, kAlertKey, transition.of_alert, transition, learn);
    if (!transition.expected) came(subjects_, kSubjectKey, transition.of_subject, transition, learn);
  }

  void source_spoke(std::string_view name, TimePoint at, bool learn) override {
    begin(at);
    auto found = sources_.find(name);
    if (found == sources_.end()) {
      Source fresh;
      fresh.words = Baseline(at, Population());
      fresh.reckoned_at = at;
      fresh.self.last_at = at;
      found = sources_.emplace(std::string(name), std::move(fresh)).first;
    }
    Source& source = found->second;
    reckon(source, at);
    if (source.odd) forgive(found->first, at, source.traffic);
    source.odd = false;
    if (source.words.closes_before(at)) {
      Population alone;
      source.words.advance(at, alone);
    }
    source.words.count(at, learn);
    if (at > source.self.last_at) {
      const double gap = source.traffic - source.self.last_traffic;
      if (learn && gap > 0) source.self.cadence.learn(gap);
      source.self.last_at = at;
      source.self.last_traffic = source.traffic;
    }
    if (!waits(source.self)) {
      look(std::string(kSourceKey) + found->first, source.self, look_at_traffic(source, source.self, at));
    }
    source.self.looked = kFirstLook;
    source.changed = true;
  }

  std::optional<TimePoint> next_deadline() const override { return looks_.next(); }

  void time_reached(TimePoint now, const engine::Learns&, std::vector<Evidence>& evidence) override {
    // Sources first: what they find explains the others' silence.
    std::vector<std::string> due;
    while (auto key = looks_.take_due(now)) due.push_back(*std::move(key));
    std::stable_partition(due.begin(), due.end(), [](const std::string& key) { return key.starts_with(kSourceKey); });
    for (const std::string& key : due) {
      const auto starts = [&key](std::string_view prefix) { return key.starts_with(prefix); };
      if (starts(kSourceKey)) {
        look_at_source(key.substr(kSourceKey.size()), now, evidence);
      } else if (starts(kAlertKey)) {
        look_at_alert(key.substr(kAlertKey.size()), now, evidence);
      } else if (starts(kSubjectKey)) {
        look_at_subject(key.substr(kSubjectKey.size()), now, evidence);
      } else {
        miss(std::stoul(key.substr(kExpectationKey.size())), now, evidence);
      }
    }
  }

  void excused(const AboutAlert& about, TimePoint now) override {
    if (!about.source.empty()) return;  // something that fires: not waited for
    std::string key;
    engine::stream_key(about.subject, about.alert_name, key);
    if (alerts_.find(key) != nullptr) {
      Comer& comer = *alerts_.touch(key, now).first;
      forgive(comer, now, traffic_of_source(comer));
      watch_alert(key, comer);
    }
    if (about.alert_name.empty() && subjects_.find(about.subject) != nullptr) {
      Comer& comer = *subjects_.touch(about.subject, now).first;
      forgive(comer, now, traffic_of_source(comer));
      const auto source = sources_.find(comer.source);
      if (source != sources_.end()) {
        look(std::string(kSubjectKey) + about.subject, comer, look_at_traffic(source->second, comer, now));
      }
    }
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      Met& met = expected_[i];
      if (met.look_at || !met.firing.empty() || about_met(i) != about) continue;
      met.last_at = now;
      expect(i);
    }
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    alerts_.save(rows, extent);
    subjects_.save(rows, extent);
    if (extent == Extent::all) {
      for (auto& [name, source] : sources_) source.changed = true;
      for (std::size_t i = 0; i < expected_.size(); ++i) changed_expectations_.insert(i);
    }
    if (extent != Extent::none) {
      if ((since_changed_ || extent == Extent::all) && since_) {
        rows.push_back({Table::rules, std::string(kSinceKey), encode(std::pair{*since_, beats_})});
      }
      for (const auto& [name, source] : sources_) {
        if (source.changed) rows.push_back({Table::rules, std::string(kSourceKey) + name, encode(source)});
      }
      for (const std::size_t i : changed_expectations_) {
        rows.push_back({Table::rules, expectation_key(i), encode(expected_[i])});
      }
    }
    since_changed_ = false;
    for (auto& [name, source] : sources_) source.changed = false;
    changed_expectations_.clear();
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    bool good = true;
    if (alerts_.owns(key)) {
      good = alerts_.restore(key, value);
      if (good) look_as_stored(key, *alerts_.find(key.substr(kAlertKey.size())));
    } else if (subjects_.owns(key)) {
      good = subjects_.restore(key, value);
      if (good) look_as_stored(key, *subjects_.find(key.substr(kSubjectKey.size())));
    } else if (key.starts_with(kSourceKey)) {
      auto source = decode<Source>(value);
      good = source.has_value();
      if (good) look_as_stored(key, source->self);
      if (good) sources_.insert_or_assign(std::string(key.substr(kSourceKey.size())), *std::move(source));
    } else if (key.starts_with(kExpectationKey)) {
      good = restore_expectation(key, value);
    } else {
      const auto stored = decode<std::pair<TimePoint, statistics::AllBeats>>(value);
      good = stored.has_value();
      if (stored) begin(stored->first);
      if (stored) beats_ = stored->second;
      since_changed_ = false;
    }
    if (good) return {};
    return Failure{Reason::corrupted, "a stored row of silence does not decode", std::string(key)};
  }

  Load load() const override {
    return {alerts_.size() + subjects_.size() + sources_.size(), alerts_.forgotten() + subjects_.forgotten()};
  }

 private:
  void begin(TimePoint at) {
    if (since_) return;
    since_ = at;
    since_changed_ = true;
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      if (expected_[i].last_at != TimePoint{}) continue;
      expected_[i].last_at = at;
      expect(i);
    }
  }

  // --- what is learned

  void came(engine::Streams<Comer>& comers, std::string_view prefix, const engine::StreamKey& key,
            const Transition& transition, bool learn) {
    const auto [comer, is_new] = comers.touch(key, transition.at);
    const auto source = sources_.find(transition.source);
    const double traffic = source == sources_.end() ? 0 : source->second.traffic;
    const bool by_clock = prefix == kAlertKey;
    if (is_new) comer->first_at = transition.at;
    const Duration since_last = transition.at - comer->last_at;
    const double gap = by_clock ? words::seconds(since_last) : traffic - comer->last_traffic;
    const bool whole = !is_new && !comer->interrupted;
    if (whole && learn && gap > 0 && since_last >= kBeatLeast) {
      if (by_clock) {
        comer->cadence.learn_beat(gap, beats_);
        since_changed_ = true;
      } else {
        comer->cadence.learn(gap);
      }
    }
    comer->interrupted = false;
    comer->last_at = transition.at;
    comer->last_traffic = traffic;
    const bool looks = waits(*comer);
    comer->looked = kFirstLook;
    comer->source = transition.source;
    if (by_clock) {
      watch_alert(key.text, *comer);
    } else if (!looks && source != sources_.end() && is_chatty(*comer)) {
      look(std::string(prefix) + std::string(key.text), *comer, look_at_traffic(source->second, *comer, transition.at));
    }
  }

  static bool is_chatty(const Comer& comer) {
    return comer.cadence.gaps() >= kChatty * words::seconds(comer.last_at - comer.first_at) / 86400 &&
           comer.last_at - comer.first_at >= 24h;
  }

  // Words that are expected in the minute that begins then.
  static double words_at(const Source& source, TimePoint at) {
    static const Population nobody;
    return source.words.mean(at, nobody) * words::seconds(kTick) / words::seconds(statistics::kBin);
  }

  // The minutes that have passed since it was last reckoned; those of an hour are alike.
  static void reckon(Source& source, TimePoint now) {
    while (source.reckoned_at + kTick <= now) {
      const double traffic = traffic_of(words_at(source, source.reckoned_at));
      const TimePoint hour_ends = std::chrono::floor<std::chrono::hours>(source.reckoned_at) + 1h;
      for (; source.reckoned_at + kTick <= now && source.reckoned_at < hour_ends; source.reckoned_at += kTick) {
        source.traffic += traffic;
      }
    }
  }

  // That it did not come means nothing: it is waited for anew.
  static void forgive(Comer& comer, TimePoint at, double traffic) {
    comer.last_at = at;
    comer.last_traffic = traffic;
    comer.interrupted = true;
    comer.looked = kFirstLook;
  }

  double traffic_of_source(const Comer& comer) const {
    const auto source = sources_.find(comer.source);
    return source == sources_.end() ? 0 : source->second.traffic;
  }

  // While a source was oddly silent, the silence of what comes through it meant nothing.
  void forgive(const std::string& source, TimePoint at, double traffic) {
    for (engine::Streams<Comer>* comers : {&alerts_, &subjects_}) {
      std::vector<std::string> of_source;
      comers->for_each([&](const std::string& key, const Comer& comer) {
        if (comer.source == source) of_source.push_back(key);
      });
      for (const std::string& key : of_source) {
        Comer& comer = *comers->touch(key, at).first;
        forgive(comer, at, traffic);
        if (comers == &alerts_) watch_alert(key, comer);
      }
    }
  }

  // --- when to look

  void look(const std::string& key, Comer& comer, std::optional<TimePoint> at) {
    comer.look_at = at;
    look_as_stored(key, comer);
  }

  void look_as_stored(std::string_view key, const Comer& comer) {
    if (comer.look_at) {
      looks_.set(key, *comer.look_at);
    } else {
      looks_.erase(key);
    }
  }

  // Most alerts come by chance, and are never looked at: that is asked first.
  void watch_alert(std::string_view key, Comer& comer) {
    std::optional<TimePoint> at;
    const bool regular = comer.cadence.span() >= kKeptUp && comer.cadence.shape() >= kRegular;
    if (regular && comer.looked >= kLastLook) {
      const double gap = comer.cadence.gap_at(comer.looked);
      if (gap <= words::seconds(kBinsMost)) at = comer.last_at + of_seconds(gap);
    }
    if (at || comer.look_at) look(std::string(kAlertKey) + std::string(key), comer, at);
  }

  // A first look is ahead: it comes too early now, which is no harm, for then it is looked at again.
  static bool waits(const Comer& comer) { return comer.look_at && comer.looked >= kFirstLook; }

  // When the traffic will have made the silence as improbable as the next look wants: minute by minute for an
  // hour, hour by hour beyond. Too early is no harm: it is looked at again.
  static TimePoint look_at_traffic(const Source& source, const Comer& comer, TimePoint now) {
    const double target = comer.last_traffic + comer.cadence.gap_at(comer.looked, true);
    TimePoint at = source.reckoned_at;
    double traffic = source.traffic;
    if (!std::isfinite(target)) return now + kBinsMost;
    for (int tick = 0; tick < 60 && traffic < target; ++tick, at += kTick) traffic += traffic_of(words_at(source, at));
    for (Duration ahead{}; ahead < kBinsMost && traffic < target; ahead += 1h, at += 1h) {
      traffic += 60 * traffic_of(words_at(source, at + 30min));
    }
    return std::max(at, now + kLookAgain);
  }

  // --- looking

  void look_at_source(const std::string& name, TimePoint now, std::vector<Evidence>& evidence) {
    Source& source = sources_.at(name);
    source.changed = true;
    reckon(source, now);
    Comer& self = source.self;
    const double p = self.cadence.longer_than(source.traffic - self.last_traffic, true);
    if (p <= kSourceOdd) source.odd = true;
    if (p <= kWorthSaying)
      evidence.push_back(found("source", name, self, now, p, source_silent(name, now - self.last_at)));
    self.looked = next_look(self.looked, p);
    look(std::string(kSourceKey) + name, self, look_at_traffic(source, self, now));
  }

  void look_at_subject(const std::string& subject, TimePoint now, std::vector<Evidence>& evidence) {
    if (subjects_.find(subject) == nullptr) return;
    Comer& comer = *subjects_.touch(subject, now).first;
    const auto source = sources_.find(comer.source);
    if (source == sources_.end()) return;
    reckon(source->second, now);
    source->second.changed = true;
    if (source->second.odd) return look(std::string(kSubjectKey) + subject, comer, now + 10min);
    const double p = comer.cadence.longer_than(source->second.traffic - comer.last_traffic, true);
    if (p <= kWorthSaying)
      tell(found("subject", subject, comer, now, p, subject_silent(subject, now - comer.last_at)), {subject, {}, {}, 0},
           evidence);
    comer.looked = next_look(comer.looked, p);
    look(std::string(kSubjectKey) + subject, comer, look_at_traffic(source->second, comer, now));
  }

  void look_at_alert(const std::string& key, TimePoint now, std::vector<Evidence>& evidence) {
    if (alerts_.find(key) == nullptr) return;
    Comer& comer = *alerts_.touch(key, now).first;
    const auto source = sources_.find(comer.source);
    const bool mute = source != sources_.end() && source->second.odd;
    if (mute) return look(std::string(kAlertKey) + key, comer, now + 5min);
    const double silent = words::seconds(now - comer.last_at);
    // While its source has said nothing at all since the beat was due, that it has not come means nothing yet.
    const TimePoint due = comer.last_at + of_seconds(comer.cadence.median());
    if (source != sources_.end() && source->second.self.last_at < due) {
      return look(std::string(kAlertKey) + key, comer, now + kLookAgain);
    }
    const double p = comer.cadence.missed_for(silent, beats_);
    const std::string subject = key.substr(0, key.find('\x1f'));
    if (p <= kWorthSaying) {
      const std::string alert_name = key.substr(subject.size() + 1);
      tell(found("alert", subject, comer, now, p,
                 beat_missed(subject, alert_name, now - comer.last_at, comer.cadence.median())),
           {subject, alert_name, {}, 0}, evidence);
    }
    comer.looked = next_look(comer.looked, p);
    watch_alert(key, comer);
    // Not at every moment of a law that falls from .01 to nothing in seconds; and when that law is done, as
    // lateness grows, and then at each further beat.
    if (p <= kLastLook) return;
    const double beat = comer.cadence.median();
    const double later = std::clamp(kLookLater * comer.cadence.late_by(silent), 0., 1.) * beat;
    const TimePoint next = now + std::max(Duration(kLookAgain), of_seconds(later));
    if (!comer.look_at || *comer.look_at < next || comer.cadence.longer_than(silent) < p) {
      look(std::string(kAlertKey) + key, comer, next);
    }
  }

  static double next_look(double looked, double p) {
    return p > looked ? looked : std::max(p, kLastLook / 100) / kLookFurther;
  }

  static void tell(Evidence found, AboutAlert about, std::vector<Evidence>& evidence) {
    found.about = std::move(about);
    evidence.push_back(std::move(found));
  }

  Evidence found(const char* part, const std::string& subject, const Comer& comer, TimePoint now, double p,
                 Sentence sentence) const {
    Evidence evidence;
    evidence.rule = kName;
    evidence.part = part;
    evidence.part_share = evidence.part == "alert"    ? kAlerts
                          : evidence.part == "source" ? kSources
                                                      : 1 - kAlerts - kSources;
    evidence.subject = subject;
    evidence.at = now;
    evidence.since = comer.last_at;
    evidence.p_value = p;
    evidence.learning = now < *since_ + params_.learn_for;
    evidence.sentence = std::move(sentence);
    evidence.numbers = {{"silent_seconds", words::seconds(now - comer.last_at)},
                        {"gaps", static_cast<double>(comer.cadence.gaps())}};
    return evidence;
  }

  // --- what people expect

  static std::string expectation_key(std::size_t i) { return std::string(kExpectationKey) + std::to_string(i); }

  void expect(std::size_t i) {
    Met& met = expected_[i];
    met.look_at.reset();
    if (met.firing.empty()) met.look_at = met.last_at + params_.expectations[i].every;
    look_as_stored(i);
    changed_expectations_.insert(i);
  }

  void look_as_stored(std::size_t i) {
    if (expected_[i].look_at) {
      looks_.set(expectation_key(i), *expected_[i].look_at);
    } else {
      looks_.erase(expectation_key(i));
    }
  }

  void note_expected(const Transition& transition) {
    if (params_.expectations.empty()) return;
    std::string episode(transition.source);
    episode += '\0';
    episode += format_fingerprint(transition.fingerprint);
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      Met& met = expected_[i];
      const bool fires = begins(transition.kind) || transition.kind == engine::TransitionKind::returned;
      if (fires) {
        if (transition.alert == nullptr || !engine::all_match(params_.expectations[i].match, *transition.alert))
          continue;
        met.firing.insert(episode);
        met.subject = transition.subject;
      } else if (met.firing.erase(episode) == 0) {
        continue;
      }
      met.last_at = transition.at;
      expect(i);
    }
  }

  // The alerts that meet it: of the last one's subject, and of the name that it asks for.
  AboutAlert about_met(std::size_t i) const {
    const Expectation& expectation = params_.expectations[i];
    AboutAlert about{expected_[i].subject.empty() ? expectation.subject : expected_[i].subject, {}, {}, 0};
    for (const engine::Matcher& matcher : expectation.match) {
      const LabelCondition& condition = matcher.condition();
      const bool names = condition.label == "alertname" && !condition.is_expression && !condition.negated;
      if (names) about.alert_name = condition.value;
    }
    return about;
  }

  // Once for each silence: the next deadline comes with the next alert that meets it.
  void miss(std::size_t i, TimePoint now, std::vector<Evidence>& evidence) {
    const Expectation& expectation = params_.expectations[i];
    Met& met = expected_[i];
    met.look_at.reset();
    changed_expectations_.insert(i);
    Evidence missed;
    missed.rule = kName;
    missed.subject = !expectation.subject.empty() ? expectation.subject
                     : !met.subject.empty()       ? met.subject
                                                  : expectation.conditions();
    missed.at = now;
    missed.since = met.last_at;
    missed.statement = expectation.statement;
    missed.sentence = !expectation.says.empty()
                          ? expectation.says
                          : not_met(expectation.conditions(), now - met.last_at, expectation.every);
    tell(std::move(missed), about_met(i), evidence);
  }

  bool restore_expectation(std::string_view key, std::string_view value) {
    auto met = decode<Met>(value);
    if (!met) return false;
    key.remove_prefix(kExpectationKey.size());
    std::size_t i = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), i);
    if (error != std::errc() || end != key.data() + key.size()) return false;
    if (i >= expected_.size()) return true;  // no longer expected
    expected_[i] = *std::move(met);
    look_as_stored(i);
    return true;
  }

  Params params_;
  std::optional<TimePoint> since_;
  statistics::AllBeats beats_;
  engine::Streams<Comer> alerts_;    // by subject and alert name; gaps in seconds
  engine::Streams<Comer> subjects_;  // gaps in traffic of their source
  std::map<std::string, Source, std::less<>> sources_;
  std::vector<Met> expected_;  // as params_.expectations
  statistics::Deadlines looks_;
  std::set<std::size_t> changed_expectations_;
  bool since_changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.learn_for = fields.duration("learn_for", 24h * 2, 0s, 24h * 90);
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 20'000, 100, 1'000'000));
  for (const Setting& item : fields.list("expect")) {
    params.expectations.push_back(parse_expectation(item, fields.complaints()));
  }
  return [params = std::move(params)] { return std::make_unique<Silence>(params); };
}

}  // namespace iwakan::kinds::silence

#include "statistics/budget.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "model/codec.hpp"

namespace iwakan::statistics {

template <class Archive, class Value>
requires std::same_as<Episode, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.stream, v.first_at, v.last_at, v.score, v.admitted, v.opened, v.incident, v.fate);
}

namespace {

using namespace std::chrono_literals;

constexpr Duration kCalm = 30min;                    // ends an episode
constexpr Duration kEpisodeMost = 24h;               // nothing is one episode for ever
constexpr Duration kMemory = 28 * 24h;               // four weeks of history
constexpr Duration kJudgedWithin = 24h;              // an incident nobody touched for so long was no incident
constexpr std::size_t kEpisodesMost = 256;           // of a rule; the least surprising are forgotten first
constexpr double kModelAlone = 1;                    // weeks in which the model's guard stands whole …
constexpr double kModelGone = 3;                     // … and when it has gone
constexpr std::size_t kTailMost = 20;                // the largest, by which the tail beyond the record is judged
constexpr double kHonestSlope = 0.4342944819032518;  // 1 / ln 10: of -log10 p, where p is honest
constexpr double kSlopePrior = 4;                    // worth so many of the largest
constexpr double kFloor = 1.3;                       // score: what rules do not find worth saying
constexpr double kBeforeAny = .5;                    // with more, a mean of few reports is corrected upwards
constexpr double kOwnPrior = 1;       // reports: what a rule's own spending is judged by, before there is any
constexpr double kFirstWeekMost = 3;  // reports in vain, while little is known
constexpr double kCorrectionMost = 3;
constexpr double kSameAgain = .5;  // half a decade: a stream that was here before must exceed itself by that
constexpr std::string_view kBegunKey = "budget/";
constexpr std::string_view kRunningKey = "budget/running/";
constexpr std::string_view kHistoryKey = "budget/history/";

double weeks(Duration duration) {
  return std::chrono::duration<double, std::ratio<604'800>>(duration).count();
}

std::vector<Budget::Ranked> largest_first(std::vector<Budget::Ranked> ranked) {
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Budget::Ranked& a, const Budget::Ranked& b) { return a.score > b.score; });
  return ranked;
}

double slope_of(const std::vector<Budget::Ranked>& ranked) {
  const std::size_t tail = std::min(kTailMost, ranked.size() / 2);
  double excess = kSlopePrior * kHonestSlope;
  double weight = kSlopePrior;
  for (std::size_t i = 0; i < tail; ++i) {
    excess += ranked[i].weight * (ranked[i].score - ranked[tail].score);
    weight += ranked[i].weight;
  }
  return excess / weight;
}

}  // namespace

void Budget::begin(TimePoint at) {
  if (begun_at_) return;
  begun_at_ = at;
  begun_changed_ = true;
}

bool Budget::counts(const Episode& episode, TimePoint now) {
  if (episode.fate == Fate::real || episode.last_at + kMemory <= now) return false;
  return episode.fate == Fate::noise || episode.last_at + kJudgedWithin <= now;
}

// What was odd when little was known counts less: the first time that each known flapper flapped is no
// measure of how often something new flaps by now. Steady noise is counted in full by it, in the mean.
double Budget::weight_of(const Episode& episode, TimePoint now) const {
  if (!begun_at_) return 1;
  const double then = weeks(episode.first_at - *begun_at_);
  const double age = std::max(weeks(now - *begun_at_), 1e-6);
  return std::clamp(3 * (then / age) * (then / age), 0., 1.);
}

// Only episodes count that could have been admitted: a stream is held to its own past (see stand()), so what
// it shows again and again is no news, and one known troublemaker does not make the rule deaf to others.
const Budget::Past& Budget::past_of(const History& history, TimePoint at, std::size_t most_a_stream) const {
  if (history.past && history.past_most == most_a_stream && at < history.past_until) return *history.past;
  std::map<std::string_view, std::vector<double>> by_stream;
  std::vector<Ranked> ranked;
  for (const Episode& episode : history.episodes) {
    if (!counts(episode, at)) continue;
    std::vector<double>& before = by_stream[episode.stream];
    const auto as_much =
        std::count_if(before.begin(), before.end(), [&](double score) { return score + kSameAgain >= episode.score; });
    before.push_back(episode.score);
    if (static_cast<std::size_t>(as_much) >= most_a_stream) continue;
    ranked.push_back({episode.score, weight_of(episode, at)});
  }
  history.past.emplace(std::move(ranked));
  history.past_most = most_a_stream;
  history.past_until = at + 1h;
  return *history.past;
}

Budget::Past::Past(std::vector<Ranked> ranked)
    : ranked_(largest_first(std::move(ranked))), slope_(slope_of(ranked_)), record_(kFloor), tail_at_(kFloor) {
  const std::size_t tail = std::min(kTailMost, ranked_.size() / 2);
  if (!ranked_.empty()) tail_at_ = ranked_[tail].score;
  double above = 0;
  for (std::size_t i = 0; i < ranked_.size(); ++i) {
    if (i < tail) tail_episodes_ += ranked_[i].weight;
    const bool reached = above >= 1;
    above += ranked_[i].weight;
    ranked_[i].above = above;
    if (!reached && above >= 1) record_ = ranked_[i].score;
  }
}

// As exchangeability has it: those that have reached the score, and what of the next has not been seen: one at the
// record (the score that one whole episode has reached; where nothing was worth saying that says something), and
// beyond it by the tail's own slope. As the tail has it: an exponential law through the twenty largest, which does
// not hang on the one record. Neither is right alone: the first is at the mercy of chance, the second of the law.
double Budget::Past::episodes_at(double score) const {
  const auto below =
      std::partition_point(ranked_.begin(), ranked_.end(), [score](const Ranked& one) { return one.score >= score; });
  const double above = below == ranked_.begin() ? 0 : std::prev(below)->above;
  const double counted = above + std::exp(-std::max(0., score - record_) / slope_);
  if (score <= tail_at_ || ranked_.empty()) return counted;
  return std::sqrt(counted * tail_episodes_ * std::exp(-(score - tail_at_) / slope_));
}

double Budget::Past::score_at(double episodes) const {
  if (episodes_at(kFloor) <= episodes) return kFloor;
  double low = kFloor;
  double high = std::max(record_, tail_at_) + slope_ * (kTailMost + std::max(0., std::log(1 / episodes)));
  for (int halved = 0; halved < 24; ++halved) {
    const double middle = (low + high) / 2;
    (episodes_at(middle) <= episodes ? high : low) = middle;
  }
  return high;
}

// The shares are a plan; what was really spent in the last weeks corrects it, so that all rules together come
// to what was asked for: a rule that finds nothing leaves its part to the others, one that errs pays for it.
double Budget::spent(TimePoint at) const {
  double spent = 0;
  for (const auto& [rule, history] : histories_) {
    for (const Episode& episode : history.episodes) {
      const bool in_vain = episode.opened && episode.fate != Fate::real && episode.last_at + kMemory > at;
      spent += in_vain ? 1 : 0;
    }
  }
  for (const auto& [key, episode] : running_) spent += episode.opened && episode.fate != Fate::real ? 1 : 0;
  return spent;
}

double Budget::correction(TimePoint at, double total_per_week) const {
  if (!begun_at_) return 1;
  const double planned = total_per_week * std::min(weeks(at - *begun_at_), weeks(kMemory));
  return std::clamp((planned + kBeforeAny) / (spent(at) + 1), 1 / kCorrectionMost, kCorrectionMost);
}

// The same of one rule: what it has spent beyond its own part is taken from it, what it has left is added.
double Budget::own_correction(const History& history, TimePoint at, double per_week) const {
  if (!begun_at_) return 1;
  const auto in_vain = [at](const Episode& one) {
    return one.opened && one.fate != Fate::real && one.last_at + kMemory > at;
  };
  const auto spent = std::count_if(history.episodes.begin(), history.episodes.end(), in_vain);
  const double planned = per_week * std::min(weeks(at - *begun_at_), weeks(kMemory));
  return std::clamp((planned + kOwnPrior) / (static_cast<double>(spent) + kOwnPrior), 1 / kCorrectionMost,
                    kCorrectionMost);
}

Standing Budget::stand(std::string_view rule, std::string_view stream, TimePoint at, double score,
                       const Allowance& allowance) const {
  static const History nothing;
  const auto found = histories_.find(rule);
  const History& history = found == histories_.end() ? nothing : found->second;
  Standing standing;
  standing.score = score;
  const double per_week =
      allowance.per_week * correction(at, allowance.total_per_week) * own_correction(history, at, allowance.per_week);
  standing.allowed_per_week = per_week;
  standing.weeks = std::clamp(begun_at_ ? weeks(at - *begun_at_) : 0, 1e-3, weeks(kMemory));
  const double allowed = per_week * standing.weeks;  // episodes in the remembered past

  // 1. The model's guard: as many episodes as tests make at this p-value.
  const double by_model = std::log10(std::max(allowance.tests_per_week, 1.) / std::max(per_week, 1e-9));
  const double trust = std::clamp((kModelGone - standing.weeks) / (kModelGone - kModelAlone), 0., 1.);
  double needed = by_model * trust;

  // 2. The rank among what was not confirmed.
  const auto most_a_stream = static_cast<std::size_t>(std::max(1., std::ceil(allowed / 4)));
  const Past& past = past_of(history, at, most_a_stream);
  const double by_rank = past.score_at(allowed);
  double noise = past.episodes_at(score) / standing.weeks;
  standing.by_model = by_rank < needed;
  needed = std::max(needed, by_rank);

  // 3. The stream's own past: what it has shown before is no news, unless the rule may spend more.
  std::size_t before = 0;
  for (const Episode& episode : history.episodes) {
    const bool as_much = episode.stream == stream && episode.score + kSameAgain >= score && counts(episode, at);
    before += as_much ? 1U : 0U;
  }
  if (before >= most_a_stream) {
    noise = std::max(noise, static_cast<double>(before) / standing.weeks);
    needed = std::max(needed, score + kSameAgain);
  }
  if (standing.weeks < 1 && spent(at) >= kFirstWeekMost) needed = std::numeric_limits<double>::infinity();
  standing.noise_per_week = noise;
  standing.needed = needed;
  return standing;
}

// What was calm for a while and is odd still is the same episode, taken back from the history.
Episode Budget::resumed(const Key& key, TimePoint at, TimePoint since) {
  Episode episode;
  episode.stream = key.second;
  episode.first_at = at;
  const auto history = histories_.find(key.first);
  if (history == histories_.end()) return episode;
  std::vector<Episode>& past = history->second.episodes;
  const auto found = std::find_if(past.rbegin(), past.rend(), [&](const Episode& one) {
    return one.stream == key.second && since <= one.last_at &&
           (since <= one.first_at || at - one.first_at <= kEpisodeMost);
  });
  if (found == past.rend()) return episode;
  episode = *found;
  past.erase(std::next(found).base());
  history->second.changed = true;
  history->second.past.reset();
  return episode;
}

Standing Budget::weigh(std::string_view rule, std::string_view stream, TimePoint at, TimePoint since, double score,
                       const Allowance& allowance) {
  Key key{std::string(rule), std::string(stream)};
  auto found = running_.find(key);
  if (found != running_.end()) {
    const Episode& before = found->second;
    const bool same_still = since <= before.first_at;
    const bool goes_on = at - before.last_at <= kCalm || since <= before.last_at;
    if (!same_still && (!goes_on || at - before.first_at > kEpisodeMost)) {
      close(key, before);
      running_.erase(found);
      found = running_.end();
    }
  }
  if (found == running_.end()) found = running_.emplace(key, resumed(key, at, since)).first;
  Episode& episode = found->second;
  episode.last_at = at;
  episode.score = std::max(episode.score, score);
  Standing standing = stand(rule, stream, at, episode.score, allowance);
  if (!episode.admitted && allowance.per_week > 0 && episode.score > standing.needed) {
    episode.admitted = true;
    standing.admitted = true;
  }
  changed_.push_back(std::move(key));
  return standing;
}

std::vector<std::pair<std::string_view, const Episode*>> Budget::running(std::string_view stream,
                                                                         TimePoint since) const {
  std::vector<std::pair<std::string_view, const Episode*>> found;
  for (const auto& [key, episode] : running_) {
    if (key.second == stream && episode.last_at >= since) found.emplace_back(key.first, &episode);
  }
  return found;
}

bool Budget::has_admitted(std::string_view rule, std::string_view stream) const {
  const auto found = running_.find({std::string(rule), std::string(stream)});
  return found != running_.end() && found->second.admitted;
}

double Budget::rank(std::string_view rule, double score) const {
  const auto found = histories_.find(rule);
  if (found == histories_.end() || found->second.episodes.empty()) return std::pow(10., -score);
  double above = 0;
  auto all = static_cast<double>(found->second.forgotten);
  for (const Episode& episode : found->second.episodes) {
    if (episode.fate == Fate::real) continue;
    all += 1;
    above += episode.score >= score ? 1 : 0;
  }
  return (above + 1) / (all + 2);
}

void Budget::open(std::string_view rule, std::string_view stream) {
  const auto found = running_.find({std::string(rule), std::string(stream)});
  if (found == running_.end()) return;
  found->second.opened = true;
  changed_.push_back(found->first);
}

void Budget::attribute(std::string_view stream, std::uint64_t incident, Fate fate) {
  for (auto& [key, episode] : running_) {
    if (key.second != stream || episode.incident != 0) continue;
    episode.incident = incident;
    episode.fate = fate;
    changed_.push_back(key);
  }
}

void Budget::judge(std::uint64_t incident, Fate fate) {
  for (auto& [key, episode] : running_) {
    if (episode.incident != incident) continue;
    episode.fate = fate;
    changed_.push_back(key);
  }
  for (auto& [rule, history] : histories_) {
    for (Episode& episode : history.episodes) {
      if (episode.incident != incident) continue;
      episode.fate = fate;
      history.changed = true;
      history.past.reset();
    }
  }
}

void Budget::close(const Key& key, const Episode& episode) {
  History& history = histories_[key.first];
  history.changed = true;
  history.past.reset();
  std::erase_if(history.episodes, [&episode](const Episode& old) { return old.last_at + kMemory <= episode.last_at; });
  history.episodes.push_back(episode);
  if (history.episodes.size() <= kEpisodesMost) return;
  const auto least = std::min_element(history.episodes.begin(), history.episodes.end(),
                                      [](const Episode& a, const Episode& b) { return a.score < b.score; });
  history.episodes.erase(least);
  ++history.forgotten;
}

void Budget::time_reached(TimePoint now) {
  for (auto running = running_.begin(); running != running_.end();) {
    if (running->second.last_at + kCalm > now) {
      ++running;
      continue;
    }
    close(running->first, running->second);
    changed_.push_back(running->first);
    running = running_.erase(running);
  }
}

std::optional<TimePoint> Budget::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [key, episode] : running_) {
    if (!next || episode.last_at + kCalm < *next) next = episode.last_at + kCalm;
  }
  return next;
}

// --- rows

void Budget::save(std::vector<Row>& rows, bool wanted) {
  if (!wanted) {
    changed_.clear();
    for (auto& [rule, history] : histories_) history.changed = false;
    begun_changed_ = false;
    return;
  }
  const auto put_running = [&rows](const Key& key, const Episode* episode) {
    Row row{Table::rules, std::string(kRunningKey) + key.first + "/" + key.second, std::nullopt};
    if (episode != nullptr) row.value = encode(std::pair{key.first, *episode});
    rows.push_back(std::move(row));
  };
  if (begun_changed_) {
    Encoder encoder;
    encoder(begun_at_);
    rows.push_back({Table::rules, std::string(kBegunKey), encoder.take()});
    begun_changed_ = false;
  }
  for (auto& [rule, history] : histories_) {
    if (!history.changed) continue;
    Encoder encoder;
    encoder(history.forgotten, history.episodes);
    rows.push_back({Table::rules, std::string(kHistoryKey) + rule, encoder.take()});
    history.changed = false;
  }
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  for (const Key& key : changed_) {
    const auto found = running_.find(key);
    put_running(key, found == running_.end() ? nullptr : &found->second);
  }
  changed_.clear();
}

bool Budget::restore(std::string_view key, std::string_view value) {
  Decoder decoder(value);
  if (key == kBegunKey) {
    decoder(begun_at_);
  } else if (key.starts_with(kHistoryKey)) {
    History& history = histories_[std::string(key.substr(kHistoryKey.size()))];
    decoder(history.forgotten, history.episodes);
  } else {
    std::string rule;
    Episode episode;
    decoder(rule, episode);
    Key running{std::move(rule), episode.stream};
    running_.insert_or_assign(std::move(running), std::move(episode));
  }
  return decoder.done();
}

}  // namespace iwakan::statistics

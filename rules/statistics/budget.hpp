// Budget: the false-alarm budget, "at most so many false first reports a week", and how it is spent.
//
// A rule's p-value only makes what it finds comparable: its *score* is -log10 p. What decides is the
// rank of the score among the unconfirmed episodes of the last four weeks (reference detection, sections
// 6 and 10): an episode is admitted when such noise comes no oftener than the rule's share of the budget
// allows. By exchangeability that holds whatever the model gets wrong. In the first weeks, when there is
// little to rank against, the model's own p-value is a second guard.
//
// An *episode* is what a rule finds about one subject until it has been calm for half an hour: one entry
// in the history, its largest score; admitted at most once. Confirmed (or acted upon) incidents take
// their episodes out of the history; a dismissal leaves them in, and they age like all others.
//
// Part of the engine's state: deterministic, the engine's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/row.hpp"
#include "model/time.hpp"

namespace iwakan::statistics {

// What became of an episode, as far as the history is concerned.
enum class Fate : std::uint8_t {
  noise,    // no incident came of it, or people dismissed that
  waiting,  // of an incident that nobody has judged yet: counts as noise after a day
  real,     // of an incident that people confirmed or acted on: does not count
};

struct Episode {
  std::string stream;  // what the rule found it about: a subject
  TimePoint first_at{};
  TimePoint last_at{};
  double score = 0;  // the largest
  bool admitted = false;
  bool opened = false;         // an incident was opened by it: it has spent something of the budget
  std::uint64_t incident = 0;  // that it opened or joined; 0: none
  Fate fate = Fate::noise;
};

// How an episode stands against the budget.
struct Standing {
  double noise_per_week = 0;    // unconfirmed episodes at least this surprising, as the past has shown
  double allowed_per_week = 0;  // the rule's part of the budget
  double score = 0;
  double needed = 0;      // score: the least that is within the budget
  double weeks = 0;       // of past that this rests on
  bool by_model = false;  // too little past: the rule's own probability decided
  bool admitted = false;
};

class Budget {
 public:
  // What the rule may spend, in false first reports a week; and how many tests a week it makes, for the
  // model's guard.
  struct Allowance {
    double per_week = 0;
    double total_per_week = 0;  // of all rules
    double tests_per_week = 0;
  };

  struct Ranked {
    double score = 0;
    double weight = 0;
    double above = 0;  // of this and of all that are larger
  };

  // A rule found something about a stream at `at`, that began at `since`. The episode's standing; it is
  // admitted the first time that it is within the allowance, and not again.
  Standing weigh(std::string_view rule, std::string_view stream, TimePoint at, TimePoint since, double score,
                 const Allowance& allowance);

  // How a score would stand now; changes nothing.
  Standing stand(std::string_view rule, std::string_view stream, TimePoint at, double score,
                 const Allowance& allowance) const;

  // The running episodes of the stream that were heard of since `since`, by rule.
  std::vector<std::pair<std::string_view, const Episode*>> running(std::string_view stream, TimePoint since) const;

  // Whether the stream's running episode has been admitted.
  bool has_admitted(std::string_view rule, std::string_view stream) const;

  // How rare a score is among the rule's own noise: the part of its episodes that reaches it, in (0, 1].
  double rank(std::string_view rule, double score) const;

  // The rule's running episode about the stream opened an incident.
  void open(std::string_view rule, std::string_view stream);

  // The stream's running episodes belong to the incident, of which people have said `fate` so far.
  void attribute(std::string_view stream, std::uint64_t incident, Fate fate);

  // What people said of an incident; its episodes follow.
  void judge(std::uint64_t incident, Fate fate);

  // Episodes that have become calm move into the history; old ones leave it.
  void time_reached(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  // When the past began that scores are ranked against.
  void begin(TimePoint at);

  // --- rows; keys begin with "budget/"
  void save(std::vector<Row>& rows, bool wanted);  // `wanted`: false forgets what changed
  bool restore(std::string_view key, std::string_view value);

 private:
  using Key = std::pair<std::string, std::string>;  // rule, stream

  // Scores of the past, few of any one stream: how many reach a score, and the least score that no more than so many
  // reach, beyond what was seen as well.
  class Past {
   public:
    explicit Past(std::vector<Ranked> ranked);
    double episodes_at(double score) const;
    double score_at(double episodes) const;  // REQUIRES: episodes > 0

   private:
    std::vector<Ranked> ranked_;  // largest first
    double slope_;                // mean excess of the largest
    double record_;
    double tail_at_;            // where the largest begin
    double tail_episodes_ = 1;  // and how many they are, with the next
  };

  struct History {
    std::vector<Episode> episodes;
    std::uint64_t forgotten = 0;  // small ones beyond the bound, decayed with the others' age
    bool changed = false;
    // Worked out from the episodes.
    mutable std::optional<Past> past;
    mutable std::size_t past_most = 0;
    mutable TimePoint past_until{};
  };

  const Past& past_of(const History& history, TimePoint at, std::size_t most_a_stream) const;
  double weight_of(const Episode& episode, TimePoint now) const;
  double spent(TimePoint at) const;  // opened in vain, in the remembered weeks
  double correction(TimePoint at, double total_per_week) const;
  double own_correction(const History& history, TimePoint at, double per_week) const;
  void close(const Key& key, const Episode& episode);
  Episode resumed(const Key& key, TimePoint at, TimePoint since);
  static bool counts(const Episode& episode, TimePoint now);

  std::optional<TimePoint> begun_at_;
  std::map<Key, Episode> running_;
  std::map<std::string, History, std::less<>> histories_;  // by rule
  std::vector<Key> changed_;
  bool begun_changed_ = false;
};

}  // namespace iwakan::statistics

// Baseline: what is usual for one stream of events. Events come in clusters, and how large a cluster is says
// little about what is usual. So the level is that of *stirs*: events before which the stream was calm for five
// minutes (less where it hardly ever is). They are nearly as regular as chance itself. An online Gamma-Poisson level,
// times the season that all streams have, times the stream's own, shrunk to it; times the usual number of events of a
// stir.
//
// Two questions are asked, each with a dispersion of its own, that is learned:
//
// - Did much come at once? The last few events of half an hour, however short a time they took.
// - Does it go on? The last few stirs of eight hours, and bets on a lasting increase. A dozen stirs in hours
//   are felt that would drown in the clusters' sizes.
//
// Source of the formulas and constants: reference detection, sections 3.1 and 3.2; windows that end with the
// k-th last event are the scan statistic of Naus (1965); stirs are the runs declustering of extreme-value
// theory (Smith, Weissman 1994). Five-minute bins; those that were empty are closed together, hour by hour,
// when the next event comes. UTC hours of the week.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/time.hpp"
#include "statistics/season.hpp"

namespace iwakan {
class Encoder;
class Decoder;
}  // namespace iwakan

namespace iwakan::statistics {

// What is counted: each event, or what stirs after a calm.
enum class Counted : std::uint8_t { events, stirs };
inline constexpr std::size_t kCounted = 2;

// What all streams together have shown: the prior of a new one.
struct Population {
  double stirs = 0;
  double events = 0;
  double bins = 0;
  Season season;
  std::array<double, kCounted> squares{};  // by what is counted: what the dispersion has been
  std::array<double, kCounted> means{};

  // Mean stirs a bin of a stream, as if a day at .05 had been seen before.
  double rate() const { return (.05 * 288 + stirs) / (288 + bins); }

  // Mean events of a stir.
  double size() const { return (20 + events) / (20 + stirs); }

  // Variance by mean of the counts; before anything is known as if 60 events had shown 3, or 60 stirs 1.5.
  double dispersion(Counted counted) const {
    const auto i = static_cast<std::size_t>(counted);
    const double prior = counted == Counted::stirs ? 1.5 : 3;
    return std::max(1., (prior * 60 + squares[i]) / (60 + means[i]));
  }
};

template <class Archive, class Value>
requires std::same_as<Population, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.stirs, v.events, v.bins, v.season);
  for (auto& value : v.squares) archive(value);
  for (auto& value : v.means) archive(value);
}

// The most surprising of the windows that end now.
struct Surprise {
  double p_value = 1;       // uniform or larger under the model, all windows together
  std::uint64_t count = 0;  // events (or stirs) in that window, the present one included
  Duration window{};
  double mean = 0;               // expected in it
  double dispersion = 1;         // variance by mean of such counts
  std::uint64_t usual_most = 0;  // 95 % of such windows hold no more
};

class Baseline {
 public:
  Baseline() = default;
  Baseline(TimePoint now, const Population& population);

  // Closes the bins before that of `now` and learns from them. `population` learns along.
  void advance(TimePoint now, Population& population);

  // Whether advance(now) has anything to close.
  bool closes_before(TimePoint now) const { return bin_ < bin_of(now); }

  // One event at `now`. REQUIRES: advance(now) before. `learn`: otherwise nothing is learned from this bin
  // (an incident is open).
  void count(TimePoint now, bool learn);

  // How surprising it is that so much came at once, given that an event has just been counted at `now`.
  Surprise burst(TimePoint now, const Population& population) const;

  // How surprising it is that it goes on.
  Surprise lasting(TimePoint now, const Population& population) const;

  // Expected events in a bin like the one of `at`.
  double mean(TimePoint at, const Population& population) const;

  TimePoint since() const { return since_; }

 private:
  template <class Archive, class Value>
  friend void walk(Archive& archive, Value& baseline);
  friend void fields(Decoder& decoder, Baseline& baseline);

  static constexpr std::size_t kRecent = 24;
  static constexpr std::size_t kBets = 4;

  // The last times of something, by number modulo kRecent.
  struct Recent {
    std::array<TimePoint, kRecent> times{};
    std::uint64_t count = 0;

    void add(TimePoint at) { times[count++ % kRecent] = at; }
    TimePoint back(std::uint64_t number) const { return times[(count - number) % kRecent]; }  // 1: the last
  };

  // What a dispersion is learned from: blocks of bins side by side, the present one as far as it has come.
  struct Block {
    double count = 0;
    double mean = 0;
    bool spoilt = false;     // something in it must not be learned
    double last_square = 0;  // of the complete one before it, which is learned when this one is complete
    double last_mean = 0;
    double squares = 0;  // of those before, decayed
    double means = 0;
    double prior = 0;  // dispersion of the population, when last seen
    double phi = 1;    // the dispersion that follows from all that; not stored
  };

  // The bins of one hour that close together.
  struct Run {
    int bins = 1;
    double mean = 0;      // expected events in each
    double stirs = 0;     // expected stirs in each
    double relative = 0;  // variance of these, relative to their squares
  };

  double level() const { return level_stirs_ / level_bins_; }
  double size() const { return level_events_ / level_stirs_; }
  double relative_variance(std::int64_t bin, double bins) const;
  double dispersion(Counted counted) const { return blocks_[static_cast<std::size_t>(counted)].phi; }
  void reckon_dispersion(Counted counted);
  double expected_stirs(TimePoint from, TimePoint to, const Population& population) const;
  void close(int bins, Population& population);
  double learnable(const Run& run) const;
  void fill_block(Counted counted, const Run& run, Population& population);
  void learn_dispersion(Counted counted, double relative, Population& population);
  void bet(const Run& run);
  Surprise look_back(Counted counted, TimePoint now, const Population& population) const;
  void look_at_bets(TimePoint now, const Population& population, Surprise& best) const;

  TimePoint since_{};
  std::int64_t bin_ = 0;    // number of the open bin since the epoch
  std::uint32_t open_ = 0;  // events in it
  std::uint32_t open_stirs_ = 0;
  bool frozen_ = false;      // something in it must not be learned
  double level_stirs_ = 0;   // a: decayed stirs
  double level_bins_ = 0;    // b: decayed seasonal bins
  double level_events_ = 0;  // decayed events
  Season season_;
  std::array<Block, kCounted> blocks_{};
  std::array<Recent, kCounted> recent_{};
  std::array<double, kBets> bets_{};  // wealth of each bettor
};

void fields(Encoder& encoder, const Baseline& baseline);
void fields(Decoder& decoder, Baseline& baseline);

}  // namespace iwakan::statistics

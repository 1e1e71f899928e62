#include "runner/runner.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "engine/journal.hpp"
#include "runtime/failpoint.hpp"

namespace iwakan::runner {
namespace {

using namespace std::chrono_literals;

// Enough to share a sync among, few enough that the first of them does not wait long.
constexpr std::size_t kBatchEventsMax = 512;
constexpr std::size_t kBatchRowsMax = 20'000;
constexpr auto kTick = 1s;
constexpr Duration kSetBackAtMost = 2h;  // by daylight saving that went wrong, and by time servers

std::size_t bytes_of(const store::Commit& commit) {
  std::size_t bytes = 0;
  for (const std::string& record : commit.records) bytes += record.size();
  for (const Row& row : commit.rows) bytes += row.key.size() + (row.value ? row.value->size() : 0);
  return bytes;
}

// The time of the last record, where the clock was set back a little between two runs: nothing happens before what
// has happened. A record from further ahead comes from a clock that was wrong then, and is not followed.
TimePoint last_recorded(const store::Store& store, TimePoint now) {
  TimePoint last = TimePoint::min();
  const std::uint64_t sequence = store.head().sequence;
  if (sequence == 0) return last;
  const auto read = store.read_journal(sequence, [&last](std::uint64_t, std::string_view record) {
    last = engine::record_time(record).value_or(last);
    return false;
  });
  return read && last <= now + kSetBackAtMost ? last : TimePoint::min();
}

void move_into(std::vector<std::string>& to, std::vector<std::string>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
  from.clear();
}

}  // namespace

Runner::Runner(Params params)
    : params_(std::move(params)),
      clock_(params_.clock, last_recorded(params_.store, params_.clock.now())),
      timer_(params_.io) {}

Runner::~Runner() {
  writer_.join();
}

void Runner::start() {
  submit(Started{now()});
  watch_time();
}

void Runner::submit(Event event, Done done) {
  queue_.push_back({std::move(event), std::move(done)});
  if (!busy_) drain();
}

void Runner::when_settled(std::function<void()> then) {
  if (busy_) {
    settled_.push_back(std::move(then));
  } else {
    then();
  }
}

void Runner::drain() {
  busy_ = true;
  store::Commit commit;
  while (!queue_.empty() && batch_.size() < kBatchEventsMax && commit.rows.size() < kBatchRowsMax) {
    Waiting waiting = std::move(queue_.front());
    queue_.pop_front();
    engine::Effects effects = params_.engine.step(waiting.event);
    move_into(commit.records, effects.records);
    std::move(effects.rows.begin(), effects.rows.end(), std::back_inserter(commit.rows));
    effects.rows.clear();
    batch_.push_back({std::move(effects), std::move(waiting.done)});
  }
  if (commit.empty()) {
    release();
  } else {
    this->commit(std::move(commit));
  }
}

void Runner::commit(store::Commit commit) {
  runtime::failpoint("before_commit");
  const std::size_t events = batch_.size();
  boost::asio::post(writer_, [this, events, commit = std::move(commit)] {
    const runtime::Moment began = params_.clock.monotonic();
    Result<void> result = params_.store.commit(commit);
    const Written written{events, commit.records.size(), bytes_of(commit), params_.clock.monotonic() - began};
    boost::asio::post(params_.io, [this, written, result = std::move(result)] {
      if (!result) return params_.failed(result.error());
      runtime::failpoint("after_commit");
      params_.written(written);
      release();
    });
  });
}

// Everything in the batch is on disk: now it may be seen. Whoever is told may submit more at once; it
// waits for the next round.
void Runner::release() {
  std::vector<Stepped> batch = std::move(batch_);
  batch_.clear();
  for (Stepped& stepped : batch) {
    params_.released(stepped.effects);
    if (stepped.done) stepped.done(stepped.effects);
  }
  const std::vector<std::function<void()>> settled = std::exchange(settled_, {});
  for (const auto& then : settled) then();
  busy_ = false;
  if (!queue_.empty()) {
    // Not by recursion: a sender that keeps the queue full must not grow the stack.
    busy_ = true;
    boost::asio::post(params_.io, [this] { drain(); });
    return;
  }
  finish_if_idle();
}

void Runner::watch_time() {
  if (stopping_) return;
  const TimePoint at = now();
  if (params_.engine.next_deadline(at) <= at) submit(TimeReached{at});
  params_.ticked();
  const Duration until = params_.engine.next_deadline(at) - at;
  timer_.expires_after(std::clamp<std::chrono::steady_clock::duration>(until, 10ms, kTick));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) watch_time();
  });
}

void Runner::stop(std::function<void()> idle) {
  stopping_ = true;
  idle_ = std::move(idle);
  timer_.cancel();
  finish_if_idle();
}

void Runner::finish_if_idle() {
  if (!stopping_ || busy_ || !queue_.empty() || !idle_) return;
  boost::asio::post(params_.io, std::exchange(idle_, {}));
}

}  // namespace iwakan::runner

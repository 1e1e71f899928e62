// Runner: drains queued events, steps each, writes ONE synced batch, and only then releases the
// answers and the deliveries. The order of promise 1 (durable before acknowledged) lives here.
//
// Runs on the io thread; the writing itself on a thread of its own. While a batch is being written,
// further events queue up and share the next one (group commit).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "engine/engine.hpp"
#include "model/event.hpp"
#include "runner/steady_wall.hpp"
#include "store/store.hpp"

namespace iwakan::runner {

// What a written batch was, for the metrics.
struct Written {
  std::size_t events = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
  Duration took{};
};

class Runner {
 public:
  // Called on the io thread with what the event came to, once that is on disk.
  using Done = std::function<void(const engine::Effects&)>;

  struct Params {
    boost::asio::io_context& io;
    store::Store& store;
    engine::Engine& engine;
    const runtime::Clock& clock;
    // Every event's effects, once durable, before its Done: to be logged, counted, delivered.
    std::function<void(const engine::Effects&)> released;
    std::function<void(const Written&)> written;
    // A commit failed. The process must end: memory is ahead of the journal.
    std::function<void(const Failure&)> failed;
    std::function<void()> ticked;  // about once a second, from the loop that does the work
    std::size_t queue_length_max = 10'000;
  };

  explicit Runner(Params params);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Steps Started and begins to watch the time.
  void start();

  void submit(Event event, Done done = {});

  // Calls `then` when the engine's state is what is on disk: now, or after the batch under way. Whoever shows
  // state reads it then, so that nobody sees what a crash could take back.
  void when_settled(std::function<void()> then);

  // Too much is waiting: senders should be asked to come again.
  bool overloaded() const { return queue_.size() >= params_.queue_length_max; }
  std::size_t queue_length() const { return queue_.size(); }

  // The time to put into events: never runs backwards.
  TimePoint now() { return clock_.now(); }

  // Takes no more time events, and calls `idle` when everything submitted is written.
  void stop(std::function<void()> idle);

 private:
  struct Waiting {
    Event event;
    Done done;
  };
  struct Stepped {
    engine::Effects effects;
    Done done;
  };

  void drain();
  void commit(store::Commit commit);
  void release();
  void watch_time();
  void finish_if_idle();

  Params params_;
  SteadyWall clock_;
  boost::asio::steady_timer timer_;
  boost::asio::thread_pool writer_{1};
  std::deque<Waiting> queue_;
  std::vector<Stepped> batch_;                  // stepped, not yet released
  std::vector<std::function<void()>> settled_;  // to be called between two batches
  bool busy_ = false;                           // a batch is being written or released
  bool stopping_ = false;
  std::function<void()> idle_;
};

}  // namespace iwakan::runner

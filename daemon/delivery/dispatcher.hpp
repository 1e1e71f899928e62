// Dispatcher: brings the deliveries of one sink to their recipients, in order, again and again until
// the sink took them or there is no point in trying further.
//
// Runs on the io thread, and so has no mutex; only the sink's answer may come from elsewhere. It
// remembers nothing that matters: what is still to be delivered stands in the outbox, every attempt
// is recorded before its first byte leaves, and every answer becomes an event of the engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "delivery/scheduler.hpp"
#include "model/delivery.hpp"
#include "model/event.hpp"
#include "model/report.hpp"
#include "model/time.hpp"
#include "sinks/sink.hpp"

namespace iwakan::delivery {

inline constexpr std::size_t kConcurrencyMax = 4;

// Gives an event to the engine; `durable` is called on the io thread once what the engine made of it
// is on disk, and never from within this call. An event that cannot be written ends the process, so
// there is no failure to report.
using Submit = std::function<void(Event event, std::function<void()> durable)>;

// Runs a function on the io thread, later. Any thread may call.
using Post = std::function<void(std::function<void()>)>;

// How long to wait after the attempt number `attempt` (from 1) was answered retry_later. `jitter` is
// in 0..1. Pure.
using BackOff = std::function<Duration(std::uint32_t attempt, double jitter, std::optional<Duration> retry_after)>;

// What all dispatchers share. Everything it refers to outlives them.
struct Params {
  Scheduler& scheduler;
  Submit submit;
  Post post;
  std::function<TimePoint()> now;
  std::function<double()> jitter;  // uniform in 0..1
  BackOff back_off;
  Duration give_up_after = std::chrono::hours(24);   // since the delivery was queued; it is tried once all the same
  Duration answer_within = std::chrono::minutes(2);  // a guard, far above the timeouts of the sinks themselves
};

// A sink in use. `done` of each attempt keeps it, so that it outlives its replacement by a new
// configuration until it answered; it may be destroyed on the thread on which it answers.
struct Line {
  std::shared_ptr<sinks::Sink> sink;
  std::size_t concurrency = 1;  // attempts under way at once, 1..kConcurrencyMax
};

class Dispatcher {
 public:
  // Without a sink in `line` (the configuration no longer has one of this name) every delivery is
  // answered give_up, and becomes a dead letter that people see.
  Dispatcher(std::string sink_name, Line line, const Params& params);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // REQUIRES: its outbox row is on disk. Deliveries to one recipient go one after the other, in the
  // order of these calls: the next only when the one before was delivered or given up.
  void dispatch(Delivery delivery, std::shared_ptr<const Report> report);

  // From the next attempt on.
  void use(Line line);

  // Starts no further attempt. Those under way are still waited for and recorded.
  void stop();

  std::size_t pending() const { return pending_; }      // not yet delivered or given up
  std::size_t under_way() const { return under_way_; }  // attempts from the decision to start to the recorded answer

  // Called whenever under_way() has become zero after stop().
  void when_idle(std::function<void()> idle);

 private:
  struct Item {
    Delivery delivery;
    std::shared_ptr<const Report> report;
  };
  // What one recipient is still to get. The first item is the one being delivered.
  struct Lane {
    std::deque<Item> items;
    std::uint64_t turn = 0;  // of the attempt under way; an answer to any other turn comes too late
  };
  // Names an attempt in callbacks. Lanes and turns go away; a callback that finds neither does nothing.
  struct Attempt {
    std::string recipient;
    std::uint64_t turn = 0;
  };

  void pump();
  void start(const std::string& recipient);
  void send(const Attempt& attempt);
  void answered(const Attempt& attempt, DeliveryAnswer answer);
  void record(const Attempt& attempt, DeliveryAnswer answer, std::optional<Duration> again_after);
  void recorded(const Attempt& attempt, std::optional<Duration> again_after);
  Lane* lane_of(const Attempt& attempt);
  DeliveryAnswer judged(const Item& item, DeliveryAnswer answer, std::optional<Duration>& again_after) const;

  // A callback that does nothing once the dispatcher is gone. Its copies may be made and destroyed on
  // any thread; it is called on the io thread.
  template <class Function>
  auto while_alive(Function function) const {
    return [alive = std::weak_ptr<const bool>(alive_), function = std::move(function)](auto&&... arguments) {
      if (!alive.expired()) function(std::forward<decltype(arguments)>(arguments)...);
    };
  }

  const std::string sink_name_;
  const Params& params_;
  Line line_;
  std::map<std::string, Lane, std::less<>> lanes_;  // by recipient id
  std::deque<std::string> ready_;                   // recipients whose first item may go now
  std::uint64_t turns_ = 0;
  std::size_t pending_ = 0;
  std::size_t under_way_ = 0;
  bool stopping_ = false;
  std::function<void()> idle_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace iwakan::delivery

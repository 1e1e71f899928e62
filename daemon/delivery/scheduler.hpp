// Scheduler: something happens after a while. A narrow face of Asio's timers, so that tests can let
// time pass by hand.
#pragma once

#include <functional>
#include <memory>

#include "model/time.hpp"

namespace boost::asio {
class io_context;
}

namespace iwakan::delivery {

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  // Calls `then` once, on the io thread, no earlier than after `wait`; never from within this call.
  // A negative wait counts as none. Called on the io thread.
  virtual void after(Duration wait, std::function<void()> then) = 0;
};

// On the steady clock of Asio: a step of the wall clock moves no deadline. Destroying it forgets
// everything still waiting, without calling it; then no timer keeps the io_context running.
class AsioScheduler : public Scheduler {
 public:
  // `io` must outlive this, and is run by the io thread.
  explicit AsioScheduler(boost::asio::io_context& io);
  ~AsioScheduler() override;
  AsioScheduler(const AsioScheduler&) = delete;
  AsioScheduler& operator=(const AsioScheduler&) = delete;

  void after(Duration wait, std::function<void()> then) override;

 private:
  struct Timers;
  std::shared_ptr<Timers> timers_;
};

}  // namespace iwakan::delivery

#include "delivery/scheduler.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

namespace iwakan::delivery {

// Handlers hold it weakly: they may still be queued when the scheduler is gone.
struct AsioScheduler::Timers {
  boost::asio::io_context& io;
  std::list<boost::asio::steady_timer> waiting;
};

AsioScheduler::AsioScheduler(boost::asio::io_context& io) : timers_(std::make_shared<Timers>(Timers{io, {}})) {}

AsioScheduler::~AsioScheduler() = default;

void AsioScheduler::after(Duration wait, std::function<void()> then) {
  const auto timer = timers_->waiting.emplace(timers_->waiting.end(), timers_->io);
  timer->expires_after(
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::max(wait, Duration::zero())));
  timer->async_wait([alive = std::weak_ptr(timers_), timer, then = std::move(then)](boost::system::error_code) {
    const std::shared_ptr<Timers> timers = alive.lock();
    if (!timers) return;
    timers->waiting.erase(timer);
    then();
  });
}

}  // namespace iwakan::delivery

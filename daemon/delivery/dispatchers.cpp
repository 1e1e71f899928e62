#include "delivery/dispatchers.hpp"

#include <utility>

#include "model/assert.hpp"

namespace iwakan::delivery {

Dispatchers::Dispatchers(Params params) : params_(std::move(params)) {}

void Dispatchers::use(const std::map<std::string, Line>& lines) {
  for (const auto& [sink_name, line] : lines) {
    IWAKAN_ASSERT(line.sink != nullptr);
    dispatcher(sink_name).use(line);
  }
  for (const auto& [sink_name, dispatcher] : dispatchers_) {
    if (!lines.contains(sink_name)) dispatcher->use({});
  }
}

void Dispatchers::dispatch(Delivery delivery, std::shared_ptr<const Report> report) {
  Dispatcher& way = dispatcher(delivery.recipient.sink);
  way.dispatch(std::move(delivery), std::move(report));
}

// Made without a sink when nobody gave it one.
Dispatcher& Dispatchers::dispatcher(const std::string& sink_name) {
  std::unique_ptr<Dispatcher>& found = dispatchers_[sink_name];
  if (!found) {
    found = std::make_unique<Dispatcher>(sink_name, Line{}, params_);
    found->when_idle([this] { stopped_if_idle(); });
    if (stopping_) found->stop();
  }
  return *found;
}

void Dispatchers::stop(Duration within, std::function<void()> stopped) {
  IWAKAN_ASSERT(!stopping_);
  stopping_ = true;
  stopped_ = std::move(stopped);
  for (const auto& [sink_name, dispatcher] : dispatchers_) dispatcher->stop();
  const Duration wait = under_way() == 0 ? Duration::zero() : within;
  params_.scheduler.after(wait, [this, alive = std::weak_ptr<const bool>(alive_)] {
    if (!alive.expired() && stopped_) std::exchange(stopped_, nullptr)();
  });
}

void Dispatchers::stopped_if_idle() {
  if (under_way() == 0 && stopped_) std::exchange(stopped_, nullptr)();
}

std::map<std::string, std::size_t> Dispatchers::pending() const {
  std::map<std::string, std::size_t> pending;
  for (const auto& [sink_name, dispatcher] : dispatchers_) pending[sink_name] = dispatcher->pending();
  return pending;
}

std::size_t Dispatchers::under_way() const {
  std::size_t sum = 0;
  for (const auto& [sink_name, dispatcher] : dispatchers_) sum += dispatcher->under_way();
  return sum;
}

}  // namespace iwakan::delivery

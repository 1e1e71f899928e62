// Dispatchers: one Dispatcher a sink, by name, so that a slow sink delays only itself. Routes each
// delivery to the one of its recipient's sink.
//
// Owned by the daemon; runs on the io thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "delivery/dispatcher.hpp"

namespace iwakan::delivery {

class Dispatchers {
 public:
  explicit Dispatchers(Params params);
  Dispatchers(const Dispatchers&) = delete;
  Dispatchers& operator=(const Dispatchers&) = delete;

  // The configured sinks, started. Called again when the configuration was replaced: what is queued
  // stays queued and goes through the new sink of the same name; where there is none any more, it is
  // given up.
  void use(const std::map<std::string, Line>& lines);

  // REQUIRES: its outbox row is on disk. A delivery to a sink that does not exist is answered
  // give_up: a dead letter, never a silent loss.
  void dispatch(Delivery delivery, std::shared_ptr<const Report> report);

  // Starts no further attempt, and calls `stopped` once, on the io thread and never from within this
  // call, when every attempt under way is answered and recorded, or after `within`. Until then
  // events must still be taken and written. What is left is in the outbox for the next start.
  void stop(Duration within, std::function<void()> stopped);

  // Not yet delivered or given up, by sink. For metrics.
  std::map<std::string, std::size_t> pending() const;

  std::size_t under_way() const;

 private:
  Dispatcher& dispatcher(const std::string& sink_name);
  void stopped_if_idle();

  const Params params_;
  std::map<std::string, std::unique_ptr<Dispatcher>> dispatchers_;
  bool stopping_ = false;
  std::function<void()> stopped_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace iwakan::delivery

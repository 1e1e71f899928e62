// Recall: tells the engine of the alerts that fire, with their labels as the store keeps them, when a silence or
// maintenance began or ended (Effects::recall). Of those only for which that changes something.
//
// Runs on the io thread, a bounded number of rows at a time; everything referred to outlives this.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "engine/engine.hpp"
#include "model/event.hpp"
#include "store/store.hpp"

namespace iwakan::runner {

class Recall {
 public:
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<TimePoint()> now;
    std::function<void(Event)> submit;
    std::function<void(std::function<void()>)> post;  // runs it on the io thread, later
    std::function<void(const Failure&)> failed;       // the store cannot be read
    std::size_t rows_at_once = 5'000;
  };

  explicit Recall(Params params) : params_(std::move(params)) {}

  // From the first alert to the last; begins again when it is under way.
  void begin();

 private:
  void go_on();

  Params params_;
  std::string next_key_;
  bool under_way_ = false;
};

}  // namespace iwakan::runner

// Stream: an answer that goes on. Whoever makes it puts text in as it comes; the session sends it until it is ended,
// the peer is gone, or more piles up than a slow reader is granted.
//
// The session owns it from the answer on; whoever makes it holds it weakly. io thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace iwakan::http {

class Stream {
 public:
  explicit Stream(std::size_t waiting_max) : waiting_max_(waiting_max) {}

  // --- whoever makes it

  // Text that would pile up ends the stream: rather cut off, to come again, than left with holes.
  void put(std::string_view text) {
    if (over_) return;
    if (waiting_.size() + text.size() > waiting_max_) {
      waiting_.clear();
      return end();
    }
    waiting_ += text;
    wake();
  }
  void end() {
    over_ = true;
    wake();
  }

  // --- the session

  bool over() const { return over_; }
  std::string take() { return std::exchange(waiting_, {}); }
  bool empty() const { return waiting_.empty(); }
  void call_when_there(std::function<void()> call) { call_ = std::move(call); }

 private:
  void wake() const {
    if (call_) call_();
  }

  const std::size_t waiting_max_;
  std::string waiting_;
  bool over_ = false;
  std::function<void()> call_;
};

}  // namespace iwakan::http

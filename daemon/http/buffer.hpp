// Buffer: bytes that come in at the end and go out at the front, within a fixed capacity. Memory that
// was never written is never touched, so that a large buffer costs what arrived, not what was announced.
//
// One thread. What is required is asserted: the bytes come from strangers.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "model/assert.hpp"

namespace iwakan::http {

class Buffer {
 public:
  explicit Buffer(std::size_t capacity) : bytes_(new char[capacity]), capacity_(capacity) {}

  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }
  std::size_t room() const { return capacity_ - end_; }
  std::string_view view() const { return {bytes_.get() + begin_, size()}; }

  // Where to write up to room() bytes; then say how many it were.
  char* end() { return bytes_.get() + end_; }
  void written(std::size_t count) {
    IWAKAN_ASSERT(count <= room());
    end_ += count;
  }
  void append(std::string_view bytes) {
    IWAKAN_ASSERT(bytes.size() <= room());
    std::memcpy(end(), bytes.data(), bytes.size());
    written(bytes.size());
  }

  // Views of what was dropped stay good until something is written there.
  void drop_front(std::size_t count) {
    IWAKAN_ASSERT(count <= size());
    begin_ += count;
  }

  // Empties it; what comes next is written from `offset` on.
  void restart_at(std::size_t offset) {
    IWAKAN_ASSERT(offset <= capacity_);
    begin_ = end_ = offset;
  }

  // Makes the most room. Invalidates views.
  void move_to_front() {
    const std::size_t count = size();
    if (begin_ != 0) std::memmove(bytes_.get(), bytes_.get() + begin_, count);
    begin_ = 0;
    end_ = count;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace iwakan::http

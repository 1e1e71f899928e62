// Chunks: undoes the chunked transfer coding (RFC 9112 7.1), strictly: sizes of 1 to 8 hexadecimal
// digits, CRLF at every end, no extensions, no trailers. No sender of alerts uses either, and both have
// been ways to smuggle requests and to make servers read without end.
//
// Pure; one per request, fed with whatever bytes have arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "model/result.hpp"

namespace iwakan::http {

class Chunks {
 public:
  // A body longer than `bytes_max` in all is refused as too_large, when its chunk is announced.
  explicit Chunks(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  using Take = std::function<bool(std::string_view data)>;  // false: no room

  // Reads on and gives the data to `take`, piece by piece. Returns how many bytes of `bytes` were used:
  // all of them, or those up to the end of the body. Failures: malformed, too_large, and unavailable
  // when `take` had no room.
  Result<std::size_t> feed(std::string_view bytes, const Take& take);

  bool done() const { return state_ == State::done; }

 private:
  enum class State { size, size_end, data, data_end, data_end_2, last_end, last_end_2, done };

  Result<void> step(char byte);
  Result<void> begin_chunk();

  const std::size_t bytes_max_;
  State state_ = State::size;
  int digits_ = 0;
  std::uint64_t size_ = 0;   // of the chunk, then what is left of it
  std::uint64_t total_ = 0;  // of all chunks announced
};

}  // namespace iwakan::http

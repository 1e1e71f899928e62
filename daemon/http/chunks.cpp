#include "http/chunks.hpp"

#include <algorithm>

namespace iwakan::http {
namespace {

Failure bad(const char* detail) {
  return {Reason::malformed, detail, "Transfer-Encoding"};
}

int hexadecimal(char byte) {  // -1: no digit
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace

Result<std::size_t> Chunks::feed(std::string_view bytes, const Take& take) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ != State::done) {
    if (state_ == State::data) {
      const std::string_view piece = bytes.substr(used, std::min<std::uint64_t>(size_, bytes.size() - used));
      if (!take(piece)) return Failure{Reason::unavailable, "no room for the body: try again later", {}};
      used += piece.size();
      size_ -= piece.size();
      if (size_ == 0) state_ = State::data_end;
      continue;
    }
    const auto stepped = step(bytes[used]);
    if (!stepped) return stepped.error();
    ++used;
  }
  return used;
}

Result<void> Chunks::step(char byte) {
  const auto expect = [&](char wanted, State next) -> Result<void> {
    if (byte != wanted) return bad("a chunk without CRLF at its end, or a trailer");
    state_ = next;
    return {};
  };
  switch (state_) {
    case State::size: {
      const int digit = hexadecimal(byte);
      if (digit < 0) {
        if (digits_ == 0 || byte != '\r') return bad("a chunk size that is not hexadecimal, or a chunk extension");
        state_ = State::size_end;
        return {};
      }
      if (++digits_ > 8) return bad("a chunk size of more than 8 digits");
      size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
      return {};
    }
    case State::size_end: {
      if (byte != '\n') return bad("a chunk size without CRLF at its end");
      return begin_chunk();
    }
    case State::data_end: return expect('\r', State::data_end_2);
    case State::data_end_2: {
      digits_ = 0;
      size_ = 0;
      return expect('\n', State::size);
    }
    case State::last_end: return expect('\r', State::last_end_2);
    case State::last_end_2: return expect('\n', State::done);
    case State::data:
    case State::done: break;
  }
  return {};
}

Result<void> Chunks::begin_chunk() {
  total_ += size_;
  if (total_ > bytes_max_) {
    return Failure{Reason::too_large, "the body is longer than " + std::to_string(bytes_max_) + " bytes", {}};
  }
  state_ = size_ == 0 ? State::last_end : State::data;
  return {};
}

}  // namespace iwakan::http

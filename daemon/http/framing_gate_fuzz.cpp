// Goal: no bytes have one framing here and another elsewhere. Method: whatever the gate and the chunk
// reader accept as one request must be exactly one complete message to Beast, of the same length, with
// the same method, target, header count and body; and cutting it anywhere must not change that.
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>

#include "http/chunks.hpp"
#include "http/framing_gate.hpp"

namespace {

using namespace iwakan::http;
namespace beast = boost::beast;

constexpr std::size_t kBodyBytesMax = 1 << 16;

struct Whole {
  Head head;
  std::string body;
  std::size_t length = 0;  // of the request, as sent
};

// The body by the chunk reader, fed in pieces of `piece` bytes; nothing if it is not complete and good.
bool read_chunks(std::string_view rest, std::size_t piece, Whole& whole) {
  Chunks chunks(kBodyBytesMax);
  std::size_t used = 0;
  while (!chunks.done() && used < rest.size()) {
    const auto fed = chunks.feed(rest.substr(used, piece), [&](std::string_view data) {
      whole.body += data;
      return true;
    });
    if (!fed) return false;
    used += *fed;
  }
  whole.length += used;
  return chunks.done();
}

std::optional<Whole> read_whole(std::string_view bytes, std::size_t piece) {
  const HeadExtent extent = find_head(bytes);
  if (extent.end != HeadEnd::found) return std::nullopt;
  Whole whole;
  if (!read_head(bytes.substr(0, extent.length), whole.head)) return std::nullopt;
  whole.length = extent.length;
  const std::string_view rest = bytes.substr(extent.length);
  if (whole.head.chunked) {
    if (!read_chunks(rest, piece, whole)) return std::nullopt;
    return whole;
  }
  if (whole.head.content_length > std::min(rest.size(), kBodyBytesMax)) return std::nullopt;
  whole.body = rest.substr(0, static_cast<std::size_t>(whole.head.content_length));
  whole.length += whole.body.size();
  return whole;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void compare_with_beast(std::string_view bytes, const Whole& whole) {
  beast::http::request_parser<beast::http::string_body> parser;
  parser.eager(true);
  parser.header_limit(1 << 20);
  parser.body_limit(kBodyBytesMax);
  beast::error_code error;
  std::size_t used = 0;
  while (!error && !parser.is_done() && used < whole.length) {
    const std::size_t taken = parser.put(boost::asio::const_buffer(bytes.data() + used, whole.length - used), error);
    if (!error && taken == 0) break;
    used += taken;
  }
  require(!error);
  require(parser.is_done());
  require(used == whole.length);
  const auto& message = parser.get();
  require(message.method_string() == whole.head.method);
  require(message.target() == whole.head.target);
  require(message.body() == whole.body);
  require(static_cast<std::size_t>(std::distance(message.begin(), message.end())) == whole.head.headers.size());
  // Keep-alive of ours may be stricter, never laxer.
  require(!whole.head.keep_alive || message.keep_alive());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_whole(bytes, bytes.size());
  if (!whole) return 0;
  const auto in_pieces = read_whole(bytes, 1);
  require(in_pieces && in_pieces->body == whole->body && in_pieces->length == whole->length);
  compare_with_beast(bytes, *whole);
  return 0;
}

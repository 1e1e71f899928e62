// The framing gate: decides, on the raw bytes, where a request begins and ends, and refuses every
// spelling on which two readers could disagree. Pure; no input is trusted.
//
// iwakan reads the head of a request itself rather than behind Beast's parser. Beast 1.81 lets through
// several smuggling primitives (Transfer-Encoding other than chunked, a list as Content-Length, a
// second Host, folded lines), so that every byte would have to be looked at before it anyhow; and what
// the gate looked at is then by construction what the server acts on. Beast serves as the second
// opinion: framing_gate_fuzz.cpp holds that whatever passes here is one complete message there, of the
// same length and with the same body.
//
// The rules, beyond RFC 9112's grammar: exactly one Host; at most one Content-Length, of 1 to 10
// digits; Transfer-Encoding absent, or exactly "chunked" in HTTP/1.1; never both; no folded lines; the
// origin form of the target only; no trailers, no chunk extensions; no Content-Encoding but identity;
// no bare CR or LF, no NUL. After any refusal the connection is closed: nobody knows where the next
// request begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "model/result.hpp"

namespace iwakan::http {

inline constexpr std::size_t kHeadersMax = 100;

enum class HeadEnd {
  not_yet,    // more bytes are needed
  found,      // `length` bytes, the empty line included
  malformed,  // never: a line ends without CR
};

struct HeadExtent {
  HeadEnd end = HeadEnd::not_yet;
  std::size_t length = 0;
};

// Where the head that begins at the first byte ends.
HeadExtent find_head(std::string_view bytes);

// A request's head, read. Views into the bytes read; reused from request to request, so that no
// memory is asked for.
struct Head {
  std::string_view method;
  std::string_view target;
  std::string_view path;
  std::string_view query;
  std::string_view host;             // with its port, as sent
  std::vector<Header> headers;       // in the order sent
  bool keep_alive = true;            // HTTP/1.1 without Connection: close
  bool expects_continue = false;     // the sender waits for 100 before it sends the body
  bool chunked = false;              // the body comes in chunks
  std::uint64_t content_length = 0;  // else its length
};

// REQUIRES: `head` is what find_head found. A Failure too_large means too many headers (431); every
// other one is a 400. After a failure `into` is unspecified.
Result<void> read_head(std::string_view head, Head& into);

}  // namespace iwakan::http

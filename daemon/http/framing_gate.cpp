#include "http/framing_gate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "model/ascii.hpp"

namespace iwakan::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

Failure bad(std::string detail, std::string_view header = {}) {
  return {Reason::malformed, std::move(detail), std::string(header)};
}

using CharSet = std::array<bool, 256>;

constexpr CharSet token_chars() {  // RFC 9110 5.6.2
  CharSet set{};
  for (unsigned char c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) set[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) set[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr CharSet value_chars() {  // RFC 9110 5.5: no control but TAB
  CharSet set{};
  for (std::size_t c = 0x20; c < 256; ++c) set[c] = c != 0x7f;
  set['\t'] = true;
  return set;
}

constexpr CharSet target_chars() {  // what is visible, and no fragment
  CharSet set{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) set[c] = c != '#';
  return set;
}

constexpr CharSet host_chars() {  // names, addresses, brackets and port; the parts are looked at below
  CharSet set{};
  for (unsigned char c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) set[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) set[c] = true;
  for (const char c : std::string_view("-._:[]")) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr CharSet kTokenChars = token_chars();
constexpr CharSet kValueChars = value_chars();
constexpr CharSet kTargetChars = target_chars();
constexpr CharSet kHostChars = host_chars();

bool made_of(std::string_view text, const CharSet& set) {
  for (const char c : text) {
    if (!set[static_cast<unsigned char>(c)]) return false;
  }
  return true;
}

bool is_token(std::string_view text) {
  return !text.empty() && made_of(text, kTokenChars);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// The next line of `rest`, without its end, which is taken off.
std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find(kLineEnd));
  rest.remove_prefix(line.size() + kLineEnd.size());
  return line;
}

// What the headers say that must not be said twice or in contradiction.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  bool http_1_1 = true;
};

Result<void> read_request_line(std::string_view line, Head& into, Framing& framing) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the first line is not METHOD TARGET VERSION");
  into.method = line.substr(0, first);
  into.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return bad("speak HTTP/1.1");
  framing.http_1_1 = version == "HTTP/1.1";
  into.keep_alive = framing.http_1_1;
  if (!is_token(into.method)) return bad("the method is not a token");
  if (!into.target.starts_with('/') || !made_of(into.target, kTargetChars)) {
    return bad("the target must be a path in its origin form, like /v1/alertmanager, with other characters encoded");
  }
  const std::size_t mark = into.target.find('?');
  into.path = into.target.substr(0, mark);
  into.query = mark == std::string_view::npos ? std::string_view{} : into.target.substr(mark + 1);
  return {};
}

Result<void> read_host(std::string_view value, Head& into, Framing& framing) {
  if (++framing.hosts > 1) return Failure{Reason::duplicate, "send one Host header", "Host"};
  if (value.empty() || !made_of(value, kHostChars)) return bad("not a host and port", "Host");
  into.host = value;
  return {};
}

Result<void> read_length(std::string_view value, Head& into, Framing& framing) {
  if (++framing.lengths > 1) return Failure{Reason::duplicate, "send one Content-Length header", "Content-Length"};
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, into.content_length);
  if (value.empty() || value.size() > 10 || parsed.ec != std::errc() || parsed.ptr != end) {
    return bad("must be 1 to 10 digits", "Content-Length");
  }
  return {};
}

Result<void> read_encoding(std::string_view value, Head& into, Framing& framing) {
  if (++framing.encodings > 1 || value != "chunked" || !framing.http_1_1) {
    return bad("only one, exactly \"chunked\", and only in HTTP/1.1", "Transfer-Encoding");
  }
  into.chunked = true;
  return {};
}

Result<void> read_connection(const Header& header, Head& into) {
  std::string_view rest = header.second;
  while (!rest.empty()) {
    const std::string_view element = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(element.size() + 1, rest.size()));
    const std::string_view option = trimmed(element);
    if (option.empty()) continue;  // RFC 9110 5.6.1.2: empty elements count for nothing
    if (!is_token(option)) return bad("not a list of options", header.first);
    if (same_in_any_case(option, "close")) into.keep_alive = false;
  }
  return {};
}

// The headers on which the framing, or the way of answering, depends. Told apart by length first:
// most headers of most requests are none of these.
Result<void> read_meaning(const Header& header, Head& into, Framing& framing) {
  const auto& [name, value] = header;
  switch (name.size()) {
    case 4:
      if (same_in_any_case(name, "host")) return read_host(value, into, framing);
      break;
    case 6:
      if (same_in_any_case(name, "expect")) {
        if (!same_in_any_case(value, "100-continue")) return bad("nothing but 100-continue is understood", "Expect");
        into.expects_continue = framing.http_1_1;
      }
      break;
    case 7:
      if (same_in_any_case(name, "trailer")) return bad("trailers are not taken", "Trailer");
      break;
    case 10:
      if (same_in_any_case(name, "connection")) return read_connection(header, into);
      break;
    case 14:
      if (same_in_any_case(name, "content-length")) return read_length(value, into, framing);
      break;
    case 16:
      if (same_in_any_case(name, "proxy-connection")) return read_connection(header, into);
      if (same_in_any_case(name, "content-encoding") && !same_in_any_case(value, "identity")) {
        return bad("send the body without compression", "Content-Encoding");
      }
      break;
    case 17:
      if (same_in_any_case(name, "transfer-encoding")) return read_encoding(value, into, framing);
      break;
    default: break;
  }
  return {};
}

Result<void> read_header(std::string_view line, Head& into, Framing& framing) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("a header line without a colon");
  const Header header{line.substr(0, colon), trimmed(line.substr(colon + 1))};
  // A folded line begins with a blank, which is no token either.
  if (!is_token(header.first)) return bad("a header name that is not a token, or a folded line");
  if (!made_of(header.second, kValueChars)) return bad("a control character in a header", header.first);
  if (into.headers.size() == kHeadersMax) {
    return Failure{Reason::too_large, "more than " + std::to_string(kHeadersMax) + " headers", {}};
  }
  into.headers.push_back(header);
  return read_meaning(header, into, framing);
}

}  // namespace

HeadExtent find_head(std::string_view bytes) {
  const void* found = memmem(bytes.data(), bytes.size(), kHeadEnd.data(), kHeadEnd.size());
  if (found != nullptr) {
    const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + kHeadEnd.size();
    return {HeadEnd::found, length};
  }
  // Whoever ends lines with a bare LF would otherwise wait for an answer until the time is up.
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') return {HeadEnd::malformed, 0};
  }
  return {};
}

Result<void> read_head(std::string_view head, Head& into) {
  std::vector<Header> headers = std::move(into.headers);  // for its memory
  headers.clear();
  into = Head{};
  into.headers = std::move(headers);
  Framing framing;
  std::string_view rest = head.substr(0, head.size() - kLineEnd.size());
  auto line_read = read_request_line(take_line(rest), into, framing);
  if (!line_read) return line_read;
  while (!rest.empty()) {
    auto header_read = read_header(take_line(rest), into, framing);
    if (!header_read) return header_read;
  }
  if (framing.hosts == 0) return Failure{Reason::missing, "send a Host header", "Host"};
  if (framing.lengths != 0 && framing.encodings != 0) {
    return bad("either Content-Length or Transfer-Encoding, not both", "Transfer-Encoding");
  }
  return {};
}

}  // namespace iwakan::http

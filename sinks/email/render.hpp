// A report as a mail: RFC 5322 and MIME, Japanese headers by RFC 2047, threading by Message-ID
// (reference wire-formats D1). Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/time.hpp"

namespace iwakan::sinks {
class Layout;
}

namespace iwakan::sinks::email {

struct Sender {
  std::string address;
  std::string name;  // may be empty, may be Japanese
};

// local@domain of plain characters: what no server or header can misread.
bool is_address(std::string_view text);

// A header's text: as it is when plain ASCII, else encoded words, folded into lines of at most 76 characters
// (RFC 2047, section 2), of which the first begins at `column`. Line breaks and NUL are taken out first.
std::string header_text(std::string_view raw, std::size_t column = 0);

// The whole message, CRLF line ends. The Message-ID is that of the delivery, the same over all retries; all mails
// of an incident refer to one root, by which mail programs show them together.
std::string message_of(const Report& report, const Delivery& delivery, const Layout& layout, const Sender& from,
                       TimePoint now);

}  // namespace iwakan::sinks::email

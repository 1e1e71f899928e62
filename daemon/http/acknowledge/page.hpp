// The pages behind a link: one button, and a thank you. Pure: every text is escaped, nothing runs, nothing is loaded
// but the sheet of styles from this server.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "model/person.hpp"
#include "model/sentence.hpp"

namespace iwakan::http::acknowledge {

inline constexpr std::string_view kStylePath = "/ack.css";

struct Page {
  std::string incident;
  int level = 1;
  Sentence title;                      // untrusted
  Sentence reader;                     // whose reading it is
  std::vector<std::string> languages;  // of the reader, in this order; never empty
  std::string received;                // when it was acknowledged, as the reader's clock shows it; empty: not yet
};

// Asks, with a button that posts to where the page came from; or thanks, once it was received.
Response page_of(const Page& page);

// The link is good for nothing (any more), and what to do instead.
Response apology(int status, const Sentence& why);

Response style();

}  // namespace iwakan::http::acknowledge

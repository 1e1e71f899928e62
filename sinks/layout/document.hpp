// Document: a report in one language as its parts, every text of it escaped: what is laid out as plain text, as
// HTML and as a chat's blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sinks/layout/view.hpp"

namespace iwakan::sinks {

struct Part {
  std::string heading;             // may be empty
  std::vector<std::string> items;  // a list
  std::string line;                // beside the heading, instead of a list
};

struct Document {
  std::string language;
  std::string repeat;               // that it may have come before; may be empty
  std::vector<std::string> ahead;   // a supervisor's edition: who it is for, and when everybody hears
  std::vector<std::string> expect;  // and what their people will meet
  std::string acknowledge;          // the address under which they can say that they read it; may be empty
  std::string follows;              // and that everybody's report comes next
  std::string headline;
  std::string stamp;
  std::vector<Part> parts;
  std::vector<std::string> closing;
  std::string url;  // of the incident; may be empty
};

Document document_of(const View& view);

}  // namespace iwakan::sinks

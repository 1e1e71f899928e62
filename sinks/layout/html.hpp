// A report as an HTML document for mail: one column, system fonts, light and dark, nothing that is loaded from
// elsewhere and nothing that runs.
#pragma once

#include <string>
#include <vector>

#include "sinks/layout/document.hpp"

namespace iwakan::sinks {

// The same report in one language or several. REQUIRES: texts that went through escape_html.
std::string html_of(const std::vector<Document>& documents);

}  // namespace iwakan::sinks

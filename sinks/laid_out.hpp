// A report for whoever asks for it, in the format and the language that they name. Pure but for the time zone database.
#pragma once

#include <string>

#include "model/report.hpp"
#include "model/result.hpp"

namespace iwakan::sinks {

class Layout;

// `format`: "text", "html", "slack" or "json". A Failure names what there is instead; its path is "?format" or
// "?language".
Result<std::string> laid_out(const Report& report, const std::string& format, const std::string& language,
                             const Layout& layout);

}  // namespace iwakan::sinks

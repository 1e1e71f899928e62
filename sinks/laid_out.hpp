// A report for whoever asks for it, in the format and the language that they name. Pure but for the time zone database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.hpp"
#include "model/result.hpp"
#include "model/timeline.hpp"

namespace iwakan::sinks {

class Layout;

// `format`: "text", "html", "slack" or "json". A Failure names what there is instead; its path is "?format" or
// "?language".
Result<std::string> laid_out(const Report& report, const std::string& format, const std::string& language,
                             const Layout& layout);

// As a page of the web, with what is written in the incident's timeline. `language` as a browser asks for it
// (Accept-Language): the first that there is, else Japanese.
std::string page_of(const Report& report, std::string_view language, const std::vector<TimelineEntry>& course,
                    const Layout& layout);

}  // namespace iwakan::sinks

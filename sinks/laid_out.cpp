#include "sinks/laid_out.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "sinks/escape.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/report_json.hpp"
#include "sinks/slack/render.hpp"

namespace iwakan::sinks {

Result<std::string> laid_out(const Report& report, const std::string& format, const std::string& language,
                             const Layout& layout) {
  const std::vector<std::string> languages = layout.languages();
  if (std::find(languages.begin(), languages.end(), language) == languages.end()) {
    std::string all;
    for (const std::string& one : languages) all += (all.empty() ? "" : ", ") + one;
    return Failure{Reason::unknown_name, "must be one of " + all, "?language"};
  }
  Delivery delivery;  // to nobody: it carries no link by which somebody could acknowledge
  delivery.recipient.languages = {language};
  if (format == "text") return layout.text(report, delivery, language, escape_terminal);
  if (format == "html") return layout.html(report, delivery);
  if (format == "slack") return slack::message_of(report, delivery, layout, {}) + "\n";
  if (format == "json") return boost::json::serialize(report_json(report)) + "\n";
  return Failure{Reason::unknown_name, "must be one of text, html, slack, json", "?format"};
}

std::string page_of(const Report& report, std::string_view language, const std::vector<TimelineEntry>& course,
                    const Layout& layout) {
  std::string wanted = "ja";
  std::size_t first = std::string_view::npos;
  for (const std::string& one : layout.languages()) {
    const std::size_t at = language.find(one);
    if (at < first) std::tie(first, wanted) = std::pair(at, one);
  }
  return layout.page(report, wanted, course);
}

}  // namespace iwakan::sinks

#include "sinks/layout/html.hpp"

#include <string_view>

namespace iwakan::sinks {
namespace {

// Colours that stand on white and on black; what a mail program does not understand it leaves out.
constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: #ffffff; color: #1f2328; font: 16px/1.6 system-ui, -apple-system, "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", sans-serif; }
main { max-width: 40em; margin: 0 auto; overflow-wrap: anywhere; }
article + article { margin-top: 32px; padding-top: 24px; border-top: 1px solid #8c959f; }
h1 { font-size: 1.25em; line-height: 1.4; margin: 0 0 4px; }
h2 { font-size: 1em; margin: 20px 0 4px; color: #0a5a8a; }
p { margin: 4px 0; }
ul { margin: 4px 0; padding-left: 1.3em; }
li { margin: 4px 0; }
.stamp { color: #57606a; font-size: .9em; }
.ahead { border: 1px solid #8c959f; border-radius: 6px; padding: 12px 16px; margin: 0 0 20px; }
@media (prefers-color-scheme: dark) {
body { background: #0d1117; color: #e6edf3; }
h2 { color: #79c0ff; }
.stamp { color: #9da7b1; }
article + article, .ahead { border-color: #6e7681; }
a { color: #79c0ff; }
}
</style>
)";

void put(std::string& html, std::string_view element, const std::string& text, std::string_view attributes = {}) {
  if (text.empty()) return;
  html.append("<").append(element).append(attributes).append(">").append(text);
  html.append("</").append(element).append(">\n");
}

void put_list(std::string& html, const std::vector<std::string>& items) {
  if (items.empty()) return;
  html += "<ul>\n";
  for (const std::string& item : items) put(html, "li", item);
  html += "</ul>\n";
}

// What is no address of the web is no link.
void put_link(std::string& html, const std::string& url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return;
  html += "<p><a href=\"" + url + "\">" + url + "</a></p>\n";
}

void put(std::string& html, const Document& document) {
  html += "<article lang=\"" + document.language + "\">\n";
  put(html, "p", document.repeat);
  if (!document.ahead.empty()) {
    html += "<div class=\"ahead\">\n";
    for (const std::string& line : document.ahead) put(html, "p", line);
    put_list(html, document.expect);
    put_link(html, document.acknowledge);
    html += "</div>\n";
  }
  put(html, "p", document.follows);
  put(html, "h1", document.headline);
  put(html, "p", document.stamp, " class=\"stamp\"");
  for (const Part& part : document.parts) {
    put(html, "h2", part.heading);
    put(html, "p", part.line);
    put_list(html, part.items);
  }
  for (const std::string& line : document.closing) put(html, "p", line);
  put_link(html, document.url);
  html += "</article>\n";
}

}  // namespace

std::string html_of(const std::vector<Document>& documents) {
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + (documents.empty() ? "en" : documents.front().language) +
                     "\">\n<head>\n" + std::string(kHead);
  if (!documents.empty()) put(html, "title", documents.front().headline);
  html += "</head>\n<body>\n<main>\n";
  for (const Document& document : documents) put(html, document);
  html += "</main>\n</body>\n</html>\n";
  return html;
}

}  // namespace iwakan::sinks

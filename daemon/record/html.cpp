#include "record/document.hpp"
#include "sinks/escape.hpp"

namespace iwakan::record {
namespace {

// Quiet on the screen, plain on paper.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.5rem 4rem; background: #fff; color: #1d2330;
  font: 15px/1.75 "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", Meiryo, system-ui, sans-serif;
  overflow-wrap: anywhere; }
header { border-bottom: 2px solid #2f5d73; padding-bottom: 1rem; margin-bottom: 1.5rem; }
h1 { font-size: 1.55rem; line-height: 1.4; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; line-height: 1.5; margin: 2rem 0 .6rem; padding-left: .6rem; border-left: 4px solid #2f5d73; }
p { margin: .4rem 0; }
.subtitle { color: #55606f; margin: 0 0 .8rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0; }
dt { color: #55606f; }
dd { margin: 0; }
ul { margin: .4rem 0; padding-left: 1.3rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .93em; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d9dee5; }
th { background: #f2f5f8; font-weight: 600; white-space: nowrap; }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
.prompts { list-style: none; padding: 0; }
.prompts li { padding: .35rem 0 1.6rem 1.7rem; border-bottom: 1px dotted #aab3bf; position: relative; }
.prompts li::before { content: ""; position: absolute; left: .2rem; top: .75rem; width: .8rem; height: .8rem;
  border: 1px solid #55606f; border-radius: 2px; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid #d9dee5; color: #55606f; font-size: .85em; }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.6; }
  h2 { break-after: avoid; }
  tr, .prompts li { break-inside: avoid; }
  thead { display: table-header-group; }
}
)";

std::string element(std::string_view tag, std::string_view text) {
  return "<" + std::string(tag) + ">" + sinks::escape_html(text) + "</" + std::string(tag) + ">";
}

std::string row(const std::vector<std::string>& cells, std::string_view tag) {
  std::string text = "<tr>";
  for (const std::string& cell : cells) text += element(tag, cell.empty() ? "—" : cell);
  return text + "</tr>\n";
}

std::string list(const std::vector<std::string>& items, std::string_view opening) {
  if (items.empty()) return {};
  std::string text(opening);
  for (const std::string& item : items) text += element("li", item) + "\n";
  return text + "</ul>\n";
}

std::string body(const Section& section) {
  std::string text = "<section>\n" + element("h2", section.heading) + "\n";
  for (const std::string& paragraph : section.paragraphs) text += element("p", paragraph) + "\n";
  text += list(section.items, "<ul>\n");
  if (!section.columns.empty()) {
    text += "<table>\n<thead>" + row(section.columns, "th") + "</thead>\n<tbody>\n";
    for (const auto& cells : section.rows) text += row(cells, "td");
    text += "</tbody>\n</table>\n";
  }
  return text + list(section.prompts, "<ul class=\"prompts\">\n") + "</section>\n";
}

}  // namespace

std::string to_html(const Document& document) {
  std::string text = "<!doctype html>\n<html lang=\"" + sinks::escape_html(document.language) +
                     "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                     "'unsafe-inline'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
                     element("title", document.title) + "\n<style>" + std::string(kStyle) +
                     "</style>\n</head>\n<body>\n<header>\n" + element("h1", document.title) + "\n";
  if (!document.subtitle.empty()) text += "<p class=\"subtitle\">" + sinks::escape_html(document.subtitle) + "</p>\n";
  text += "<dl>\n";
  for (const auto& [word, what] : document.facts) text += element("dt", word) + element("dd", what) + "\n";
  text += "</dl>\n</header>\n<main>\n";
  for (const Section& section : document.sections) text += body(section);
  text += "</main>\n<footer>\n";
  for (const std::string& line : document.foot) text += element("p", line) + "\n";
  return text + "</footer>\n</body>\n</html>\n";
}

}  // namespace iwakan::record

#include <algorithm>

#include "record/document.hpp"
#include "sinks/escape.hpp"

namespace iwakan::record {
namespace {

// What begins a block when it stands first: a heading, a list, a quotation, a rule, a numbered item.
bool begins_a_block(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view("#-+=>").find(text.front()) != std::string_view::npos) return true;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits > 0 && digits < text.size() && (text[digits] == '.' || text[digits] == ')');
}

// One line on which every sign of Markdown is a sign and nothing else.
std::string escaped(std::string_view untrusted) {
  const std::string line = sinks::escape_terminal(untrusted);
  std::string text;
  const bool block = begins_a_block(line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool numbered = block && i > 0 && (c == '.' || c == ')') && line.find_first_not_of("0123456789") == i;
    const bool address = c == ':' && line.compare(i, 3, "://") == 0;
    if ((block && i == 0 && (c < '0' || c > '9')) || numbered || address ||
        std::string_view("\\`*_[]<>|~&$").find(c) != std::string_view::npos) {
      text.push_back('\\');
    }
    text.push_back(c);
    if (c == '@') text += "\u2060";  // a mention needs its name right behind it
  }
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + (cell.empty() ? std::string("—") : escaped(cell)) + " |";
  return text + "\n";
}

std::string table(const Section& section) {
  std::string text = row(section.columns) + "|";
  for (std::size_t i = 0; i < section.columns.size(); ++i) text += " --- |";
  text += "\n";
  for (const auto& cells : section.rows) text += row(cells);
  return text + "\n";
}

}  // namespace

std::string to_markdown(const Document& document) {
  std::string text = "# " + escaped(document.title) + "\n\n";
  if (!document.subtitle.empty()) text += escaped(document.subtitle) + "\n\n";
  for (const auto& [word, what] : document.facts) text += "- **" + escaped(word) + "** " + escaped(what) + "\n";
  for (const Section& section : document.sections) {
    text += "\n## " + escaped(section.heading) + "\n\n";
    for (const std::string& paragraph : section.paragraphs) text += escaped(paragraph) + "\n\n";
    for (const std::string& item : section.items) text += "- " + escaped(item) + "\n";
    if (!section.items.empty()) text += "\n";
    if (!section.columns.empty()) text += table(section);
    for (const std::string& prompt : section.prompts) text += "- [ ] " + escaped(prompt) + "\n";
  }
  text += "\n---\n";
  for (const std::string& line : document.foot) text += "\n" + escaped(line) + "\n";
  return text;
}

}  // namespace iwakan::record

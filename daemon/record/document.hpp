// Document: a text of sections in one language, before it has a format. Its texts are raw and untrusted; each format
// escapes all of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace iwakan::record {

struct Section {
  std::string heading;
  std::vector<std::string> paragraphs;
  std::vector<std::string> items;
  std::vector<std::string> columns;            // of the table; empty: there is none
  std::vector<std::vector<std::string>> rows;  // each with as many cells as there are columns
  std::vector<std::string> prompts;            // for people to write on
};

struct Document {
  std::string language;  // "ja" or "en"
  std::string title;
  std::string subtitle;
  std::vector<std::pair<std::string, std::string>> facts;  // a word and what it is, in front
  std::vector<Section> sections;
  std::vector<std::string> foot;
};

// CommonMark with GitHub's tables. No text of the document can form a heading, a link, markup or a mention.
std::string to_markdown(const Document& document);

// One page that needs nothing else: no script, no picture, no address it would fetch; made to be printed on A4.
std::string to_html(const Document& document);

}  // namespace iwakan::record

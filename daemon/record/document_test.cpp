// Goal: no text of a record escapes its place: no markup, heading, link, mention, script or element. Method: a document
// whose every text tries, rendered both ways.
#include "record/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::record {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Document of(const std::string& text) {
  Document document;
  document.language = "en";
  document.title = text;
  document.subtitle = text;
  document.facts = {{text, text}};
  document.sections.push_back({text, {text}, {text}, {text, "x"}, {{text, ""}}, {text}});
  document.foot = {text};
  return document;
}

TEST(Document, HtmlKeepsTextText) {
  const std::string html = to_html(of("<script>alert(1)</script>\"'&<img src=x onerror=y>\n\x1b[2J\xe2\x80\xae"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("://")));  // fetches nothing
}

TEST(Document, MarkdownKeepsTextText) {
  const std::string markdown = to_markdown(of("# head | <b>*x*</b> [a](https://evil.example) `c` @here\n## two"));
  EXPECT_THAT(markdown, Not(HasSubstr("\n## two")));
  EXPECT_THAT(markdown,
              HasSubstr("\\# head \\| \\<b\\>\\*x\\*\\</b\\> \\[a\\](https\\://evil.example) \\`c\\` @\u2060here"));
  EXPECT_THAT(to_markdown(of("1. x")), HasSubstr("- 1\\. x\n"));
  EXPECT_THAT(to_markdown(of("- x")), HasSubstr("- \\- x\n"));
  EXPECT_THAT(to_markdown(of("10:26 restarted v1.2 (twice)")), HasSubstr("- 10:26 restarted v1.2 (twice)\n"));
}

TEST(Document, AnEmptyCellIsSeenToBeEmpty) {
  EXPECT_THAT(to_markdown(of("t")), HasSubstr("| t | — |"));
  EXPECT_THAT(to_html(of("t")), HasSubstr("<td>t</td><td>—</td>"));
}

}  // namespace
}  // namespace iwakan::record

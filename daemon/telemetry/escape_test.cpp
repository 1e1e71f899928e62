// Goal: no text forges a line, a field or a colour. Method: a table of hostile values, and every code
// point of the dangerous kinds.
#include "telemetry/escape.hpp"

#include <gtest/gtest.h>

namespace iwakan::telemetry {
namespace {

std::string escaped(std::string_view text) {
  std::string line;
  append_value(line, text);
  return line;
}

TEST(Escape, LeavesPlainTextReadableAndQuotesTheRest) {
  struct Row {
    std::string_view text;
    std::string_view line;
  };
  for (const Row& row : {
           Row{"INC-1", "INC-1"},
           Row{"", "\"\""},
           Row{"disk full", "\"disk full\""},
           Row{"a=b", "\"a=b\""},
           Row{"違和感", "\"違和感\""},
           Row{"say \"no\"", "\"say \\\"no\\\"\""},
           Row{"C:\\temp", "\"C:\\\\temp\""},
           Row{"up\nlevel=error msg=forged", "\"up\\nlevel=error msg=forged\""},
           Row{"\r\t", "\"\\r\\t\""},
           Row{"\x1b[31mred\x1b[0m", "\"\\u{1b}[31mred\\u{1b}[0m\""},
           Row{"\xc2\x9b"
               "31m",
               "\"\\u{9b}31m\""},
           Row{"\xc2\x85next", "\"\\u{85}next\""},
           Row{"a\xe2\x80\xa8"
               "b",
               "\"a\\u{2028}b\""},
           Row{"\xe2\x80\xaegnp.exe", "\"\\u{202e}gnp.exe\""},
           Row{"\xe2\x81\xa6x\xe2\x81\xa9", "\"\\u{2066}x\\u{2069}\""},
           Row{"\x7f", "\"\\u{7f}\""},
           Row{"\xff\xfe", "\"\\xff\\xfe\""},
           Row{"\xc0\xaf", "\"\\xc0\\xaf\""},                    // overlong slash
           Row{"\xed\xa0\x80", "\"\\xed\\xa0\\x80\""},           // surrogate
           Row{"\xf4\x90\x80\x80", "\"\\xf4\\x90\\x80\\x80\""},  // above U+10FFFF
           Row{"\xe2\x80", "\"\\xe2\\x80\""},                    // cut short
           Row{std::string_view("a\0b", 3), "\"a\\u{0}b\""},
       }) {
    EXPECT_EQ(escaped(row.text), row.line);
  }
}

TEST(Escape, LetsNoControlThrough) {
  for (std::uint32_t code = 0; code < 0xa0; ++code) {
    if (code >= 0x20 && code < 0x7f) continue;
    std::string text;
    if (code < 0x80) {
      text = static_cast<char>(code);
    } else {
      text = {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
    }
    for (const char c : escaped(text)) {
      EXPECT_GE(static_cast<unsigned char>(c), 0x20) << code;
      EXPECT_LT(static_cast<unsigned char>(c), 0x7f) << code;
    }
  }
}

TEST(Escape, CutsWhatIsTooLong) {
  const std::string line = escaped(std::string(kValueBytesMax + 1, 'x'));
  EXPECT_EQ(line, "\"" + std::string(kValueBytesMax, 'x') + "…\"");
  EXPECT_EQ(escaped(std::string(kValueBytesMax, 'x')), std::string(kValueBytesMax, 'x'));
}

}  // namespace
}  // namespace iwakan::telemetry

// Goal: mails that every server takes, in Japanese too, and into which nothing can be injected. Method: the
// vector of reference wire-formats D1, a golden message, hostile texts.
#include "sinks/email/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/base64.hpp"
#include "sinks/testing/stage.hpp"

namespace iwakan::sinks::email {
namespace {

using namespace sinks::testing;
using ::testing::HasSubstr;

const Sender kFrom{"iwakan@books.example", "違和感"};

TEST(Email, EncodesJapaneseHeadersAsTheVectorSays) {
  EXPECT_EQ(header_text("[発生] ディスク残量低下 db1.example (incident inc-1)"),
            "=?utf-8?b?W+eZuueUn10g44OH44Kj44K544Kv5q6L6YeP5L2O5LiLIGRiMS5leGFt?=\r\n "
            "=?utf-8?b?cGxlIChpbmNpZGVudCBpbmMtMSk=?=");
  EXPECT_EQ(header_text("plain"), "plain");
  EXPECT_THAT(header_text("=?utf-8?b?x?="), ::testing::StartsWith("=?utf-8?b?PT91"));
}

TEST(Email, KnowsAnAddress) {
  for (const char* good : {"a@b.example", "first.last+tag@sub.example.co.jp", "o'neil@example.com"})
    EXPECT_TRUE(is_address(good)) << good;
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b>", "a@b,c@d",
                          "a..b@c", ".a@b", "a@.b", "a@b..c", "a@b.", "\"a\"@b", "a@b\n", "名@b.example"}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
}

TEST(Email, ReadsAsTheReport) {
  const std::string message = message_of(specimen_first_report(), specimen_delivery(), plain_layout(), kFrom,
                                         *parse_time("2031-05-14T01:26:00Z"));
  expect_golden("email", "first_report.eml", message);
  EXPECT_THAT(message, HasSubstr("Date: Wed, 14 May 2031 01:26:00 +0000\r\n"));
  EXPECT_THAT(message, HasSubstr("Message-ID: <INC-2031.1.supervisor-cs-hasegawa@books.example>\r\n"));
  EXPECT_THAT(message, HasSubstr("References: <INC-2031@books.example>\r\n"));
  const std::string later = message_of(specimen_first_report(), specimen_delivery(), plain_layout(), kFrom,
                                       *parse_time("2031-05-14T02:26:00Z"));
  EXPECT_THAT(later, HasSubstr("Message-ID: <INC-2031.1.supervisor-cs-hasegawa@books.example>\r\n"));
}

// The text of all encoded words of a header.
std::string decoded(const std::string& message, const std::string& header) {
  std::istringstream lines(message);
  std::string plain;
  bool within = false;
  for (std::string line; std::getline(lines, line) && line != "\r";) {
    within = line.starts_with(header + ": ") || (within && line.starts_with(' '));
    const std::size_t word = line.find("=?utf-8?b?");
    if (!within || word == std::string::npos) continue;
    plain += from_base64(std::string_view(line).substr(word + 10, line.rfind("?=") - word - 10)).value_or("(broken)");
  }
  return plain;
}

TEST(Email, ASubjectTurnsNoTextAround) {
  const std::string message =
      message_of(hostile_report("\xe2\x80\xaegnp.exe\x1b[31m"), specimen_delivery(), plain_layout(), kFrom, {});
  EXPECT_THAT(decoded(message, "Subject"), HasSubstr("gnp.exe"));
  EXPECT_EQ(decoded(message, "Subject").find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(decoded(message, "Subject").find('\x1b'), std::string::npos);
}

TEST(Email, ANameWithMarksIsOneSender) {
  for (const char* name : {"Books, Inc.", "Books <all@evil.example>", "\"", "a@b", "(c)"}) {
    const std::string message =
        message_of(specimen_first_report(), specimen_delivery(), plain_layout(), {"iwakan@books.example", name}, {});
    EXPECT_EQ(decoded(message, "From"), name);
  }
}

TEST(Email, NothingIsInjected) {
  for (const std::string& value : {std::string("x\r\nBcc: all@books.example"), std::string("x\n\nbody"),
                                   std::string("a\0b", 3), std::string(5'000, 'A'), std::string("\r\n.\r\n")}) {
    Sender from = kFrom;
    from.name = value;
    const std::string message = message_of(hostile_report(value), specimen_delivery(), plain_layout(), from, {});
    const std::string head = message.substr(0, message.find("\r\n\r\n"));
    EXPECT_EQ(head.find("\r\nBcc"), std::string::npos);
    EXPECT_EQ(message.find('\0'), std::string::npos);
    std::istringstream lines(message);
    for (std::string line; std::getline(lines, line);) {
      ASSERT_TRUE(line.ends_with('\r')) << line;
      EXPECT_LE(line.size(), 77U) << line;  // RFC 2047, section 2: 76 characters; and the CR
      EXPECT_NE(line, ".\r");
    }
    // The headers are all there, and what follows is a text, then HTML, each base64 to its end.
    EXPECT_THAT(head, HasSubstr("Content-Type: multipart/alternative"));
    std::vector<std::string> parts;
    std::istringstream encoded(message.substr(head.size() + 4));
    bool inside = false;
    for (std::string line; std::getline(encoded, line);) {
      line.pop_back();
      if (line.starts_with("--=_iwakan")) {
        inside = false;
        if (!line.ends_with("--")) parts.emplace_back();
      } else if (line.empty()) {
        inside = true;
      } else if (inside) {
        parts.back() += from_base64(line).value_or("(broken)");
      }
    }
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_TRUE(parts[1].starts_with("<!DOCTYPE html>"));
    EXPECT_TRUE(parts[1].ends_with("</html>\r\n"));
    for (const std::string& part : parts) EXPECT_EQ(part.find("(broken)"), std::string::npos);
  }
}

}  // namespace
}  // namespace iwakan::sinks::email

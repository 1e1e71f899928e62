// Goal: forms of both kinds are read as browsers and libraries send them, and nothing malformed is guessed at.
// Method: tables.
#include "sources/generic/document.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace iwakan::sources::generic {
namespace {

constexpr const char* kForm = "application/x-www-form-urlencoded";
constexpr const char* kMultipart = "multipart/form-data; boundary=\"-x\"";

std::string read(const std::string& body, const char* type) {
  const auto document = read_document(body, type);
  return document ? boost::json::serialize(*document) : "refused";
}

TEST(Document, Forms) {
  EXPECT_EQ(read("a=b+c%26&d=&&e", kForm), R"({"a":"b c&","d":"","e":""})");
  EXPECT_EQ(read("a=%E6%97%A5", "Application/X-WWW-Form-URLEncoded; charset=utf-8"), "{\"a\":\"日\"}");
  for (const char* bad : {"a=%4", "a=%zz", "a=1&a=2", "a=%FF"}) EXPECT_EQ(read(bad, kForm), "refused") << bad;
  std::string many;
  for (int i = 0; i < 300; ++i) many += "f" + std::to_string(i) + "=1&";
  EXPECT_EQ(read(many, kForm), "refused");
}

TEST(Document, MultipartForms) {
  const std::string head = "Content-Disposition: form-data; name=\"data\"\r\n\r\n";
  EXPECT_EQ(read("---x\r\n" + head + "{\"a\":1}\r\n---x--\r\n", kMultipart), R"({"data":"{\"a\":1}"})");
  EXPECT_EQ(read("---x\r\n" + head +
                     "\r\n---x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n---x--",
                 kMultipart),
            R"({"data":""})");
  for (const std::string& bad :
       {std::string(), std::string("x"), "---x\r\n" + head + "never ends", std::string("---x\r\n\r\n\r\n---x--"),
        std::string("---x"), "---xy\r\n" + head + "\r\n---x--"}) {
    EXPECT_EQ(read(bad, kMultipart), "refused") << bad;
  }
  EXPECT_EQ(read("x", "multipart/form-data"), "refused");
}

TEST(Document, Json) {
  EXPECT_EQ(read(R"({"a":[1,-2,18446744073709551615,true,null]})", ""),
            R"({"a":[1,-2,18446744073709551615,true,null]})");
  EXPECT_EQ(read(R"({"a":1,"a":2})", "application/json"), "refused");
  EXPECT_EQ(read(std::string(40, '[') + std::string(40, ']'), "application/json"), "refused");
}

}  // namespace
}  // namespace iwakan::sources::generic

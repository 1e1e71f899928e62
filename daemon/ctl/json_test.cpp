// Goal: reading never trips over what is absent or of another type.
// Method: every reader on every kind of value.

#include "ctl/json.hpp"

#include <gtest/gtest.h>

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

TEST(Json, ReadsWhatIsThereAndNothingElse) {
  const json::value value =
      json::parse(R"({"text":"a","number":7,"real":0.5,"truth":true,"time":"2026-11-23T18:16:12Z","items":[1],)"
                  R"("both":{"ja":"あ","en":"a"},"only":{"ja":"あ","en":""},"null":null})");
  EXPECT_EQ(text_at(value, "text"), "a");
  EXPECT_EQ(integer_at(value, "number"), 7);
  EXPECT_EQ(number_at(value, "number"), 7.0);
  EXPECT_EQ(number_at(value, "real"), 0.5);
  EXPECT_TRUE(true_at(value, "truth"));
  EXPECT_EQ(time_at(value, "time"), *parse_time("2026-11-23T18:16:12Z"));
  EXPECT_EQ(items_at(value, "items").size(), 1U);
  EXPECT_EQ(said(member(value, "both"), "ja"), "あ");
  EXPECT_EQ(said(member(value, "both"), "en"), "a");
  EXPECT_EQ(said(member(value, "only"), "en"), "あ");
  EXPECT_EQ(said(member(value, "text"), "en"), "a");

  for (const json::value& other :
       {json::value(nullptr), json::value(1), json::value("x"), json::value(json::array{1}), value}) {
    for (const char* key : {"null", "absent", "both"}) {
      EXPECT_EQ(text_at(other, key), "");
      EXPECT_EQ(integer_at(other, key), std::nullopt);
      EXPECT_EQ(number_at(other, key), std::nullopt);
      EXPECT_FALSE(true_at(other, key));
      EXPECT_EQ(time_at(other, key), std::nullopt);
      EXPECT_TRUE(items_at(other, key).empty());
    }
  }
  EXPECT_EQ(said(json::value(1), "en"), "");
}

}  // namespace
}  // namespace iwakan::ctl

// Goal: every slip in a configuration is named with its place and a remedy, and all at once.
#include "model/setting.hpp"

#include <gtest/gtest.h>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

Setting scalar(std::string text, int line = 1) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = std::move(text);
  setting.place = {"f.yaml", line, 3};
  return setting;
}

Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting setting;
  setting.kind = Setting::Kind::map;
  setting.fields = std::move(fields);
  setting.place = {"f.yaml", 1, 1};
  setting.path = "sinks.mail";
  return setting;
}

TEST(Fields, CollectsEveryComplaintWithPlaceAndRemedy) {
  const Setting setting =
      map({{"prot", scalar("25", 2)}, {"timeout", scalar("5 minutes", 3)}, {"tls", scalar("yes", 4)}});
  Complaints complaints;
  Fields fields(setting, complaints);
  EXPECT_EQ(fields.integer("port", 587, 1, 65535), 587);
  EXPECT_EQ(fields.duration("timeout", 10s, 1s, 1h), Duration(10s));
  EXPECT_FALSE(fields.boolean("tls", false));
  EXPECT_EQ(fields.required_text("host"), "");
  fields.finish();
  ASSERT_EQ(complaints.size(), 4U);
  EXPECT_EQ(to_string(complaints[3]), "f.yaml:2:3: sinks.mail.prot: unknown key; did you mean \"port\"?");
  EXPECT_EQ(complaints[0].place.line, 3);
  EXPECT_EQ(complaints[1].problem, "\"yes\" is neither true nor false");
  EXPECT_EQ(complaints[2].problem, "the key \"host\" is missing");
}

TEST(Fields, HoldsNumbersToTheirBounds) {
  const Setting setting = map({{"a", scalar("70000")}, {"b", scalar("1.5")}, {"c", scalar("nan")}});
  Complaints complaints;
  Fields fields(setting, complaints);
  EXPECT_EQ(fields.integer("a", 1, 1, 65535), 1);
  EXPECT_EQ(fields.integer("b", 2, 1, 9), 2);
  EXPECT_EQ(fields.number("c", 3, 0, 9), 3);
  EXPECT_EQ(complaints.size(), 3U);
  EXPECT_EQ(complaints[0].problem, "70000 is outside 1 to 65535");
}

TEST(Fields, OneTextServesBothLanguages) {
  const Setting setting =
      map({{"name", scalar("CS")}, {"both", map({{"ja", scalar("開発")}, {"en", scalar("Engineering")}})}});
  Complaints complaints;
  Fields fields(setting, complaints);
  EXPECT_EQ(fields.sentence("name"), (Sentence{"CS", "CS"}));
  EXPECT_EQ(fields.sentence("both"), (Sentence{"開発", "Engineering"}));
  fields.finish();
  EXPECT_TRUE(complaints.empty());
}

TEST(Nearest, OffersOnlyWhatCouldBeASlip) {
  const std::vector<std::string_view> words{"alertmanager", "cloudwatch"};
  EXPECT_EQ(nearest("alertmanger", words), "alertmanager");
  EXPECT_EQ(nearest("zabbix", words), "");
}

}  // namespace
}  // namespace iwakan

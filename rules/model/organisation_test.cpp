// Goal: an organisation without a configuration still reports by the practice, and a slip in one is
// named.
#include "model/organisation.hpp"

#include <gtest/gtest.h>

namespace iwakan {
namespace {

TEST(Organisation, DefaultsCarryThePractice) {
  const Setting empty;
  Complaints complaints;
  Fields fields(empty, complaints);
  const Organisation organisation = parse_organisation(fields, {});
  EXPECT_TRUE(complaints.empty());
  EXPECT_EQ(organisation.questions.size(), 3U);
  EXPECT_EQ(organisation.levels.at(3).within(kEverybody), std::chrono::minutes(15));
}

TEST(Organisation, NamesASinkThatDoesNotExist) {
  const auto text = [](std::string value) {
    Setting setting;
    setting.kind = Setting::Kind::scalar;
    setting.scalar = std::move(value);
    return setting;
  };
  Setting recipient;
  recipient.kind = Setting::Kind::map;
  recipient.fields = {{"sink", text("slak")}};
  Setting list;
  list.kind = Setting::Kind::list;
  list.items = {recipient};
  Setting root;
  root.kind = Setting::Kind::map;
  root.fields = {{"everybody", list}};
  Complaints complaints;
  Fields fields(root, complaints);
  const Organisation organisation = parse_organisation(fields, {.sinks = {"slack", "mail"}, .read_file = {}});
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_EQ(complaints[0].remedy, "did you mean \"slack\"?");
  EXPECT_EQ(organisation.everybody.at(0).languages, (std::vector<std::string>{"ja", "en"}));
}

}  // namespace
}  // namespace iwakan

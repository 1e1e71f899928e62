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

Setting text(std::string value) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = std::move(value);
  return setting;
}

// A configuration of one list, with one item.
Setting with(std::string key, std::vector<std::pair<std::string, Setting>> item) {
  Setting map;
  map.kind = Setting::Kind::map;
  map.fields = std::move(item);
  Setting list;
  list.kind = Setting::Kind::list;
  list.items = {map};
  Setting root;
  root.kind = Setting::Kind::map;
  root.fields = {{std::move(key), list}};
  return root;
}

TEST(Organisation, TheWordOfARoleSaysIt) {
  for (const auto& [does, role] :
       {std::pair("command", RoleKind::command), std::pair("お客さま対応", RoleKind::customers),
        std::pair("reads the logs", RoleKind::hands_on)}) {
    const Setting root = with("responders", {{"who", text("Fujii")}, {"does", text(does)}});
    Complaints complaints;
    Fields fields(root, complaints);
    EXPECT_EQ(parse_organisation(fields, {}).roles.at(0).kind, role) << does;
    EXPECT_TRUE(complaints.empty());
  }
}

TEST(Organisation, NamesASinkThatDoesNotExist) {
  const Setting root = with("everybody", {{"sink", text("slak")}});
  Complaints complaints;
  Fields fields(root, complaints);
  const Organisation organisation = parse_organisation(fields, {.sinks = {"slack", "mail"}, .read_file = {}});
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_EQ(complaints[0].remedy, "did you mean \"slack\"?");
  EXPECT_EQ(organisation.everybody.at(0).languages, (std::vector<std::string>{"ja", "en"}));
}

}  // namespace
}  // namespace iwakan

// Goal: the catalogue is in order, and a slip in the section rules: is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/story.hpp"
#include "kinds/catalog.hpp"

namespace iwakan::engine {
namespace {

using ::testing::HasSubstr;
using testing::map;
using testing::scalar;

TEST(Catalog, IsSortedByName) {
  const auto kinds = kinds::catalog();
  for (std::size_t i = 1; i < kinds.size(); ++i) EXPECT_LT(kinds[i - 1].name, kinds[i].name);
}

TEST(Settings, AMisspeltRuleIsNamed) {
  const Setting root = map({{"rules", map({{"never_sean", map({})}})}, {"budget", scalar("once a week")}});
  Complaints complaints;
  Fields fields(root, complaints);
  parse_settings(fields, {});
  ASSERT_EQ(complaints.size(), 2U);
  EXPECT_THAT(complaints[0].problem, HasSubstr("1 per week"));
  EXPECT_EQ(complaints[1].remedy, "did you mean \"never_seen\"?");
}

}  // namespace
}  // namespace iwakan::engine

// Goal: queries are read as clients of Alertmanager's API write them. Method: tables.
#include "http/api_v2/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::http::api_v2 {
namespace {

using ::testing::ElementsAre;

TEST(Query, ReadsNamesThatStandThereManyTimes) {
  const auto query =
      Query::parse("filter=service%3D%22a+b%22&silenced=false&filter=x%3D~%22%E6%A4%9C.%2A%22&empty=&odd");
  ASSERT_TRUE(query);
  EXPECT_THAT(query->all("filter"), ElementsAre("service=\"a b\"", "x=~\"検.*\""));
  EXPECT_EQ(query->first("silenced"), "false");
  EXPECT_EQ(query->first("empty"), "");
  EXPECT_EQ(query->first("odd"), "");
  EXPECT_THAT(query->all("none"), ElementsAre());
  EXPECT_TRUE(Query::parse(""));
}

TEST(Query, ReadsBooleansAsGoDoes) {
  const auto query = Query::parse("a=true&b=0&c=maybe");
  EXPECT_TRUE(*query->boolean("a", false));
  EXPECT_FALSE(*query->boolean("b", true));
  EXPECT_TRUE(*query->boolean("absent", true));
  EXPECT_EQ(query->boolean("c", true).error().path, "?c");
}

TEST(Query, RefusesWhatIsNotPercentEncoded) {
  EXPECT_FALSE(Query::parse("filter=%zz"));
  EXPECT_FALSE(Query::parse("%=x"));
}

}  // namespace
}  // namespace iwakan::http::api_v2

// Goal: the results are XML that every reader takes, whatever stands in names. Method: hostile text.
#include "ctl/rule_tests.hpp"

#include <gtest/gtest.h>

namespace iwakan::ctl {
namespace {

TEST(JUnit, IsWellFormedWhateverStandsInIt) {
  EXPECT_EQ(junit({{"a.yaml", "good", .25, {}}, {"b.yaml", "<b>\x01&\"", 1, {"came </failure>", "and more"}}}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"iwakanctl test\" tests=\"2\" failures=\"1\">\n"
            "  <testcase classname=\"a.yaml\" name=\"good\" time=\"0.250\"/>\n"
            "  <testcase classname=\"b.yaml\" name=\"&lt;b&gt;\xEF\xBF\xBD&amp;&quot;\" time=\"1.000\">\n"
            "    <failure message=\"came &lt;/failure&gt;\">came &lt;/failure&gt;\nand more\n</failure>\n"
            "  </testcase>\n"
            "</testsuite>\n");
}

}  // namespace
}  // namespace iwakan::ctl

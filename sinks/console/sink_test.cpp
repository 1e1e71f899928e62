// Goal: a person at a terminal reads the report and nothing moves their terminal. Method: stdout captured.
#include "sinks/console/sink.hpp"

#include <gtest/gtest.h>

#include "sinks/testing/stage.hpp"

namespace iwakan::sinks::console {
namespace {

using namespace sinks::testing;

std::string printed(const Report& report) {
  const Setting none;
  Complaints complaints;
  Fields fields(none, complaints);
  RememberingClient client;
  const Layout layout = plain_layout();
  const auto sink = parse(fields)({client, layout, {}});
  ::testing::internal::CaptureStdout();
  EXPECT_TRUE(sink->start());
  const DeliveryAnswer answer = deliver(*sink, report, specimen_delivery());
  EXPECT_EQ(answer.verdict, DeliveryVerdict::delivered);
  return ::testing::internal::GetCapturedStdout();
}

TEST(Console, PrintsTheReportInTheLanguagesOfItsReader) {
  expect_golden("console", "individual.txt", printed(specimen_individual()));
}

TEST(Console, NothingMovesTheTerminal) {
  for (const char* value : {"\x1b[2J", "\x1b]0;x\x07", "\xe2\x80\xae", "\r"}) {
    const std::string text = printed(hostile_report(value));
    EXPECT_EQ(text.find_first_of("\x1b\x07\r"), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  }
}

}  // namespace
}  // namespace iwakan::sinks::console

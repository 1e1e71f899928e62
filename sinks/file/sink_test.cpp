// Goal: a line of JSON a report, for its owner only, and a plain word when it cannot be written. Method: real
// files.
#include "sinks/file/sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing.hpp"

namespace iwakan::sinks::file {
namespace {

using namespace sinks::testing;

std::unique_ptr<Sink> sink_at(const std::string& path, const Layout& layout) {
  static RememberingClient client;
  const Setting setting = map({{"path", scalar(path)}});
  Complaints complaints;
  Fields fields(setting, complaints);
  return parse(fields)({client, layout, {}});
}

TEST(File, AppendsALineAReport) {
  const Folder folder;
  const Layout layout = plain_layout();
  const auto sink = sink_at(folder.path("reports.jsonl"), layout);
  ASSERT_TRUE(sink->start());
  deliver(*sink, specimen_individual(), specimen_delivery());
  deliver(*sink, specimen_first_report(), specimen_delivery());
  deliver(*sink, hostile_report("a\nb"), specimen_delivery());
  const std::string text = read(folder.path("reports.jsonl"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  expect_golden("file", "individual.jsonl", text.substr(0, text.find('\n') + 1));
  EXPECT_EQ(fs::status(folder.path("reports.jsonl")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(File, SaysWhyItCannotBeOpened) {
  const Layout layout = plain_layout();
  const auto started = sink_at("/nowhere/reports.jsonl", layout)->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().path, "/nowhere/reports.jsonl");
  EXPECT_THAT(started.error().detail, ::testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace iwakan::sinks::file

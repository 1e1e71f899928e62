// Goal: a line of JSON a report, for its owner only, and a plain word when it cannot be written. Method: real
// files.
#include "sinks/file/sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/json/parse.hpp>
#include <csignal>

#include "sinks/testing/stage.hpp"

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

// Files of this process hold at most `bytes` while this lives, as on a full disk.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(File, ALineThatWasCutShortSpoilsNoOther) {
  const Folder folder;
  const Layout layout = plain_layout();
  const auto sink = sink_at(folder.path("reports.jsonl"), layout);
  ASSERT_TRUE(sink->start());
  const auto verdict = [&] { return deliver(*sink, specimen_individual(), specimen_delivery()).verdict; };
  {
    const SizeLimit limit(100);
    EXPECT_EQ(verdict(), DeliveryVerdict::retry_later);
    EXPECT_EQ(verdict(), DeliveryVerdict::retry_later);
  }
  EXPECT_EQ(verdict(), DeliveryVerdict::delivered);
  EXPECT_EQ(verdict(), DeliveryVerdict::delivered);
  std::istringstream lines(read(folder.path("reports.jsonl")));
  std::string cut, whole, next, beyond;
  std::getline(lines, cut);
  EXPECT_EQ(cut.size(), 100U);
  ASSERT_TRUE(std::getline(lines, whole) && std::getline(lines, next));
  EXPECT_EQ(whole, next);
  EXPECT_FALSE(std::getline(lines, beyond));
  boost::json::error_code error;
  boost::json::parse(whole, error);
  EXPECT_FALSE(error);
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

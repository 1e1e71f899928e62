// Goal: a line looks as promised in each form, and nothing given as a value breaks out of it. Method:
// lines written to a string; stderr swapped for a file to play the journal.
#include "telemetry/log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>
#include <sstream>
#include <string>

namespace iwakan::telemetry {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Log, WritesOneLineOfFields) {
  std::ostringstream out;
  Log log(Level::info, Log::Form::journal, out);
  const std::string subject = "checkout api";
  log.write(Level::info, "incident opened",
            {{"incident", "INC-1"},
             {"subject", subject},
             {"alerts", 3},
             {"p_value", 0.25},
             {"drill", false},
             {"sequence", std::numeric_limits<std::uint64_t>::max()},
             {"change", -2}});
  EXPECT_EQ(out.str(),
            "<6>level=info msg=\"incident opened\" incident=INC-1 subject=\"checkout api\" alerts=3 p_value=0.25 "
            "drill=false sequence=18446744073709551615 change=-2\n");
}

TEST(Log, HasTheTimeWhereNobodyElseWritesIt) {
  std::ostringstream out;
  Log log(Level::info, Log::Form::plain, out);
  log.write(Level::warning, "slow");
  EXPECT_THAT(out.str(), MatchesRegex("time=[0-9-]+T[0-9:.]+Z level=warning msg=slow\n"));
}

TEST(Log, ColoursTheLevelOnly) {
  std::ostringstream out;
  Log log(Level::debug, Log::Form::coloured, out);
  log.write(Level::error, "broken", {{"why", "\x1b[32mfine"}});
  EXPECT_THAT(out.str(), MatchesRegex("time=.*\n"));
  EXPECT_THAT(out.str(), HasSubstr(" level=\x1b[31merror\x1b[0m msg=broken why=\"\\u{1b}[32mfine\"\n"));
}

TEST(Log, GivesEachLevelItsPriority) {
  struct Row {
    Level level;
    std::string line;
  };
  for (const Row& row :
       {Row{Level::debug, "<7>level=debug msg=x\n"}, Row{Level::info, "<6>level=info msg=x\n"},
        Row{Level::warning, "<4>level=warning msg=x\n"}, Row{Level::error, "<3>level=error msg=x\n"}}) {
    std::ostringstream out;
    Log(Level::debug, Log::Form::journal, out).write(row.level, "x");
    EXPECT_EQ(out.str(), row.line);
  }
}

TEST(Log, LeavesOutWhatIsTooFine) {
  std::ostringstream out;
  Log log(Level::warning, Log::Form::plain, out);
  log.write(Level::info, "not said");
  EXPECT_EQ(out.str(), "");
  EXPECT_FALSE(log.wants(Level::info));
  EXPECT_TRUE(log.wants(Level::error));
}

TEST(Log, TakesBracesAndPercentSignsAsTheyAre) {
  std::ostringstream out;
  Log log(Level::info, Log::Form::journal, out);
  log.write(Level::info, "{} %v %n", {{"text", "{0} %s"}});
  EXPECT_EQ(out.str(), "<6>level=info msg=\"{} %v %n\" text=\"{0} %s\"\n");
}

// Swaps stderr for a temporary file while it lives.
class OtherStderr {
 public:
  OtherStderr() : saved_(dup(STDERR_FILENO)), file_(std::tmpfile()) { dup2(fileno(file_), STDERR_FILENO); }
  ~OtherStderr() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    std::fclose(file_);
    unsetenv("JOURNAL_STREAM");
  }
  OtherStderr(const OtherStderr&) = delete;
  OtherStderr& operator=(const OtherStderr&) = delete;

  std::string stream() const {
    struct stat status {};
    EXPECT_EQ(fstat(STDERR_FILENO, &status), 0);
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  }
  std::string written() const {
    std::string text(4096, '\0');
    std::rewind(file_);
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

 private:
  int saved_;
  std::FILE* file_;
};

TEST(Log, KnowsTheJournalByItsStream) {
  const OtherStderr other;
  EXPECT_EQ(Log::form_of_stderr(), Log::Form::plain);
  setenv("JOURNAL_STREAM", "1:2", 1);  // somebody else's stderr was the journal
  EXPECT_EQ(Log::form_of_stderr(), Log::Form::plain);
  setenv("JOURNAL_STREAM", other.stream().c_str(), 1);
  EXPECT_EQ(Log::form_of_stderr(), Log::Form::journal);
}

TEST(Log, IsWrittenWhenTheCallReturns) {
  const OtherStderr other;
  setenv("JOURNAL_STREAM", other.stream().c_str(), 1);
  Log log(Level::info);
  log.write(Level::info, "here");
  EXPECT_EQ(other.written(), "<6>level=info msg=here\n");
}

}  // namespace
}  // namespace iwakan::telemetry

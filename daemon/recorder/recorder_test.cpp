// Goal: recordings are files that are read again; they never take more room than they may, survive a crash, and a disk
// that takes nothing is told of and holds up nobody. Method: a folder of the test's own, and a full device.
#include "recorder/recorder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ctl/recording.hpp"

namespace iwakan::recorder {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class RecorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "recorder.XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Recorder::Params params() {
    return {.settings = {.folder = (folder_ / "recording").string(),
                         .bytes_max = 40'000,
                         .file_bytes_max = 10'000,
                         .file_for = 24h,
                         .keep_for = 24h * 7},
            .secrets = {},
            .telemetry = telemetry_,
            .clock = clock_};
  }

  Request request(std::string_view body) const {
    return {clock_.now(), "POST", "/v1/alertmanager", {}, body, false, {}};
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_ / "recording")) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }

  static std::string text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> bodies() const {
    std::vector<std::string> all;
    for (const fs::path& path : files()) {
      const auto recorded = ctl::parse_recording(text(path), path.string());
      EXPECT_TRUE(recorded) << to_string(recorded.error());
      if (!recorded) continue;
      for (const auto& one : *recorded) all.push_back(one.body);
    }
    return all;
  }

  fs::path folder_;
  runtime::ManualClock clock_{*parse_time("2031-05-14T01:00:00Z")};
  std::ostringstream log_text_;
  telemetry::Log log_{telemetry::Level::warning, telemetry::Log::Form::plain, log_text_};
  telemetry::Telemetry telemetry_{{.sources = {"http"}, .sinks = {}, .started_at = {}}, log_, clock_};
};

TEST_F(RecorderTest, KeepsRequestsForTheirOwnerOnly) {
  {
    Recorder recorder(params());
    ASSERT_TRUE(recorder.open());
    recorder.record(request("one"));
    recorder.record(request("two"));
  }
  EXPECT_EQ(bodies(), (std::vector<std::string>{"one", "two"}));
  ASSERT_EQ(files().size(), 1U);
  EXPECT_EQ(files()[0].filename(), "20310514T010000Z-001.jsonl");
  EXPECT_EQ(fs::status(files()[0]).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(folder_ / "recording").permissions(), fs::perms::owner_all);
  EXPECT_THAT(telemetry_.metrics(), HasSubstr("iwakan_recorded_requests_total 2\n"));
}

TEST_F(RecorderTest, NeverTakesMoreRoomThanItMay) {
  {
    Recorder recorder(params());
    ASSERT_TRUE(recorder.open());
    for (int i = 0; i < 200; ++i) {
      recorder.record(request(std::to_string(i) + std::string(900, 'x')));
      clock_.advance(1s);
    }
  }
  std::uintmax_t bytes = 0;
  for (const fs::path& path : files()) {
    bytes += fs::file_size(path);
    EXPECT_LE(fs::file_size(path), 10'000U);
  }
  EXPECT_LE(bytes, 40'000U);
  const auto kept = bodies();
  ASSERT_GT(kept.size(), 20U);
  EXPECT_TRUE(kept.back().starts_with("199x"));  // the newest stay
}

TEST_F(RecorderTest, ForgetsWhatIsOldAndNothingOfOthers) {
  fs::create_directories(folder_ / "recording");
  std::ofstream(folder_ / "recording" / "20200101T000000Z-001.jsonl") << "{}\n";
  std::ofstream(folder_ / "recording" / "mine.jsonl") << "{}\n";
  Recorder recorder(params());
  ASSERT_TRUE(recorder.open());
  ASSERT_EQ(files().size(), 1U);
  EXPECT_EQ(files()[0].filename(), "mine.jsonl");
}

TEST_F(RecorderTest, MendsWhatACrashLeft) {
  {
    Recorder recorder(params());
    ASSERT_TRUE(recorder.open());
    recorder.record(request("whole"));
  }
  std::ofstream(files()[0], std::ios::app) << "{\"at\":\"2031-05-14T01:0";
  {
    Recorder recorder(params());
    ASSERT_TRUE(recorder.open());
    recorder.record(request("next"));
  }
  EXPECT_EQ(bodies(), (std::vector<std::string>{"whole", "next"}));
}

TEST_F(RecorderTest, TellsOfADiskThatTakesNothing) {
  {
    Recorder recorder(params());
    ASSERT_TRUE(recorder.open());
    fs::remove(folder_ / "recording");
    recorder.record(request("lost"));
  }
  EXPECT_THAT(telemetry_.metrics(), HasSubstr("iwakan_recording_failures_total 1\n"));
  EXPECT_THAT(log_text_.str(), HasSubstr("a request was not recorded"));
  std::ofstream(folder_ / "recording") << "a file where the folder should be";
  Recorder recorder(params());
  EXPECT_FALSE(recorder.open());
}

}  // namespace
}  // namespace iwakan::recorder

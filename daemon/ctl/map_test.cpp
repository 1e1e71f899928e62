// Goal: who writes a mapping sees what becomes of a sample, and what is wrong with either. Method: the shipped
// mappings, samples on standard input.
#include "ctl/map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace iwakan::ctl {
namespace {

using ::testing::HasSubstr;

class MapSample : public ::testing::Test {
 protected:
  MapSample() {
    const std::string mappings = std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/config/mappings";
    std::filesystem::create_directory_symlink(mappings, folder / "mappings");
    std::ofstream(folder / "c.yaml") << "sources: {generic: {kuma: {mapping: mappings/uptime_kuma.yaml}}}\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  int run(const std::string& sender, const std::string& sample, bool as_json = false) {
    Command command;
    command.language = "en";
    command.json = as_json;
    std::istringstream input(sample);
    output.str("");
    errors.str("");
    return map({(folder / "c.yaml").string(), sender, "-", {}}, command, input, output, errors);
  }

  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "iwakan-map-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  std::filesystem::path folder = make_folder();
  std::ostringstream output;
  std::ostringstream errors;
};

constexpr const char* kDown =
    R"({"heartbeat":{"monitorID":3,"status":0,"time":"2026-09-21 14:13:20"},"monitor":{"id":3,"name":"shop\u001b[31m"}})";

TEST_F(MapSample, ShowsTheAlerts) {
  EXPECT_EQ(run("kuma", kDown), kDone);
  EXPECT_THAT(output.str(), HasSubstr("firing  shop"));
  EXPECT_THAT(output.str(), HasSubstr("since: 2026-09-21T14:13:20Z"));
  EXPECT_THAT(output.str(), HasSubstr("    monitor = 3\n"));
  EXPECT_EQ(output.str().find('\x1b'), std::string::npos);
  EXPECT_EQ(run("kuma", kDown, true), kDone);
  EXPECT_THAT(output.str(), HasSubstr(R"("state":"firing")"));
  EXPECT_EQ(run("kuma", R"({"heartbeat":null,"monitor":null})"), kDone);
  EXPECT_THAT(output.str(), HasSubstr("no news of an alert"));
}

TEST_F(MapSample, SaysWhatIsWrong) {
  EXPECT_EQ(run("kuma", "{"), kRefused);
  EXPECT_THAT(errors.str(), HasSubstr("it would be refused"));
  EXPECT_EQ(run("kumo", "{}"), kUsage);
  EXPECT_THAT(errors.str(), HasSubstr("did you mean \"kuma\"?"));
  std::ofstream(folder / "c.yaml") << "sources: {generic: {kuma: {mapping: mappings/nothing.yaml}}}\n";
  EXPECT_EQ(run("kuma", "{}"), kUsage);
  EXPECT_THAT(errors.str(), HasSubstr("c.yaml:1:37"));
}

}  // namespace
}  // namespace iwakan::ctl

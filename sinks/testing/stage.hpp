// What the tests of the sinks share: a client that only remembers, and settings made by hand. Test code.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/setting.hpp"
#include "sinks/http_client.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/layout/specimen.hpp"
#include "sinks/sink.hpp"

namespace iwakan::sinks::testing {

namespace fs = std::filesystem;

// Remembers what was to be sent, and answers as told.
class RememberingClient : public HttpClient {
 public:
  void send(HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    done(answer);
  }
  void send(MailRequest request, Done done) override {
    mails.push_back(std::move(request));
    done(answer);
  }

  std::vector<HttpRequest> requests;
  std::vector<MailRequest> mails;
  HttpOutcome answer;
};

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "iwakan-sinks-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text, fs::perms perms = fs::perms::owner_read) const {
    std::ofstream(path(name)) << text;
    fs::permissions(path(name), perms);
    return path(name);
  }

 private:
  fs::path path_;
};

inline Setting scalar(std::string text) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = std::move(text);
  return setting;
}
inline Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting setting;
  setting.kind = Setting::Kind::map;
  setting.fields = std::move(fields);
  return setting;
}
inline Setting list(std::vector<Setting> items) {
  Setting setting;
  setting.kind = Setting::Kind::list;
  setting.items = std::move(items);
  return setting;
}

inline Layout plain_layout() {
  auto layout = Layout::make({}, "Asia/Tokyo");
  EXPECT_TRUE(layout.has_value());
  return *std::move(layout);
}

inline std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Golden files stand in testdata/ of the sink; IWAKAN_REWRITE=1 rewrites them.
inline void expect_golden(const std::string& sink, const std::string& name, const std::string& text) {
  const fs::path path = fs::path(std::getenv("IWAKAN_SOURCE_DIR")) / "sinks" / sink / "testdata" / name;
  if (std::getenv("IWAKAN_REWRITE") != nullptr) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_EQ(text, read(path)) << path;
}

// The specimen's report with a hostile text in every field that outside or people fill.
inline Report hostile_report(const std::string& value) {
  Report report = specimen_individual();
  const Sentence said = same_in_all(value);
  report.title = report.contact = said;
  report.known = {
      {.what = said, .kind = FactKind::impact, .since = {}, .at = report.issued_at, .source = said, .fresh = false}};
  report.unknown[0].what = report.unknown[0].checker = said;
  report.asks = {{said, said}};
  report.responders = {{said, said}};
  report.unconfirmed = {said};
  report.individual->addressee = said;
  report.individual->to_expect = {said};
  return report;
}

inline DeliveryAnswer deliver(Sink& sink, const Report& report, const Delivery& delivery) {
  DeliveryAnswer answer;
  int calls = 0;
  sink.deliver({report, delivery, report.issued_at}, [&](DeliveryAnswer given) {
    answer = std::move(given);
    ++calls;
  });
  EXPECT_EQ(calls, 1);
  return answer;
}

}  // namespace iwakan::sinks::testing

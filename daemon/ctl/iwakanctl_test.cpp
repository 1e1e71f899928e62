// Goal: the program as people run it: what goes over the wire, what they see, and the exit code.
// Method: the real binary against a small HTTP server on a free loopback port, which keeps what it was
// asked and answers as it was told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "model/time.hpp"

namespace iwakan::ctl {
namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using testing::HasSubstr;

struct Asked {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::chrono::steady_clock::time_point at{};
};

struct Told {
  unsigned status = 200;
  std::string body = "{}";
};

// Serves one connection after the other, on a thread of its own.
class Server {
 public:
  using Answering = std::function<Told(const Asked&)>;

  explicit Server(Answering answering) : answering_(std::move(answering)), thread_([this] { serve(); }) {}

  ~Server() {
    stopping_ = true;
    tcp::socket last(io_);
    boost::system::error_code ignored;
    last.connect(acceptor_.local_endpoint(), ignored);
    last.close(ignored);
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  int connections() const { return connections_; }

 private:
  void serve() {
    while (!stopping_) {
      boost::system::error_code error;
      tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_) continue;
      ++connections_;
      converse(socket);
    }
  }

  void converse(tcp::socket& socket) {
    beast::flat_buffer buffer;
    while (true) {
      boost::system::error_code error;
      beast::http::request<beast::http::string_body> request;
      beast::http::read(socket, buffer, request, error);
      if (error) return;
      Asked asked{std::string(request.method_string()),
                  std::string(request.target()),
                  {},
                  request.body(),
                  std::chrono::steady_clock::now()};
      for (const auto& field : request) {
        std::string header(field.name_string());
        std::transform(header.begin(), header.end(), header.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        asked.headers[header] = std::string(field.value());
      }
      const Told told = answering_(asked);
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(std::move(asked));
      }
      beast::http::response<beast::http::string_body> response(beast::http::status(told.status), request.version());
      response.body() = told.body;
      response.prepare_payload();
      beast::http::write(socket, response, error);
      if (error) return;
    }
  }

  Answering answering_;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

struct Outcome {
  int code = -1;
  std::string output;
  std::string errors;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// `arguments` as a shell reads them.
Outcome run(const std::string& arguments, const std::string& environment = "LANG=en_GB.UTF-8") {
  std::string folder = testing::TempDir() + "iwakanctl-XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  const std::filesystem::path path = folder;
  const std::string command = "env -i TZ=Asia/Tokyo USER=morita " + environment + " " IWAKANCTL " " + arguments +
                              " >'" + (path / "output").string() + "' 2>'" + (path / "errors").string() +
                              "' </dev/null";
  const int status = std::system(command.c_str());
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(path / "output"), read_file(path / "errors")};
  std::filesystem::remove_all(path);
  return outcome;
}

std::string testdata(const std::string& file) {
  const char* tree = std::getenv("IWAKAN_SOURCE_DIR");
  return std::string(tree ? tree : ".") + "/daemon/ctl/testdata/" + file;
}

Told created(const Asked&) {
  return {201, R"({"incident":"INC-1"})"};
}

TEST(Iwakanctl, ActsInTheNameOfWhoeverIsAtTheTerminal) {
  Server server(created);
  const Outcome outcome = run("incident declare --subject checkout --title 'Orders fail' --url " + server.url());
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "Opened INC-1\n  Look at it: iwakanctl incident show INC-1\n");
  const std::vector<Asked> asked = server.asked();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].method, "POST");
  EXPECT_EQ(asked[0].target, "/api/v1/incidents");
  EXPECT_EQ(asked[0].body, R"({"subject":"checkout","title":"Orders fail","actor":"morita"})");
  EXPECT_EQ(asked[0].headers.at("content-type"), "application/json");
}

TEST(Iwakanctl, ShowsAPageOrJsonAsAsked) {
  Server server([](const Asked& asked) {
    return Told{200, read_file(testdata(asked.target == "/api/v1/suspicions" ? "suspicions.json" : "incident.json"))};
  });
  const std::string environment = "LANG=ja_JP.UTF-8 IWAKAN_URL=" + server.url();
  EXPECT_EQ(run("incident show INC-17", environment).output, read_file(testdata("incident.ja.txt")));
  EXPECT_EQ(run("incident show INC-17 --language en", environment).output, read_file(testdata("incident.en.txt")));
  EXPECT_EQ(run("suspicion list --json", environment).output, read_file(testdata("suspicions.jsonl")));
  EXPECT_EQ(server.asked().front().target, "/api/v1/incidents/INC-17");
  EXPECT_EQ(server.asked().front().method, "GET");
  EXPECT_EQ(server.asked().front().body, "");
}

TEST(Iwakanctl, PassesOnWhatTheDaemonRefused) {
  Server server([](const Asked&) {
    return Told{409, R"({"error":{"reason":"conflict","path":"/status","detail":"INC-1 is closed: open another"}})"};
  });
  const Outcome outcome = run("incident status INC-1 mitigated --url " + server.url());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "iwakanctl: /status: INC-1 is closed: open another (409 conflict)\n");
}

TEST(Iwakanctl, IsNotFooledByAnotherServer) {
  Server server([](const Asked&) { return Told{200, "<html>\x1b[2J"}; });
  const Outcome outcome = run("incident list --url " + server.url());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, HasSubstr("is this iwakand"));
  EXPECT_EQ(outcome.errors.find('\x1b'), std::string::npos);
}

TEST(Iwakanctl, SaysWhereItLookedWhenNobodyIsThere) {
  std::string url;
  {
    Server gone(created);
    url = gone.url();
  }
  for (const std::string& command : {std::string("incident list"), "send " + testdata("two_alarms.jsonl")}) {
    const Outcome outcome = run(command + " --url " + url);
    EXPECT_EQ(outcome.code, 3);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, HasSubstr("no answer from " + url));
    EXPECT_THAT(outcome.errors, HasSubstr("IWAKAN_URL"));
    EXPECT_EQ(outcome.errors.find("secret"), std::string::npos) << outcome.errors;
  }
}

TEST(Iwakanctl, ShowsItsTokenToTheDaemonAndToNobodyElse) {
  std::string folder = "iwakanctl-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string file = folder + "/token";
  std::ofstream(file) << "token-of-sato-0123\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  Server server([](const Asked&) {
    return Told{401, R"({"error":{"reason":"unauthorized","path":"","detail":"no"}})"};
  });
  const Outcome outcome = run("incident list --token-file " + file + " --url " + server.url());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(server.asked().at(0).headers.at("authorization"), "Bearer token-of-sato-0123");
  EXPECT_THAT(outcome.errors, HasSubstr("IWAKAN_TOKEN_FILE"));
  EXPECT_EQ(outcome.errors.find("token-of-sato"), std::string::npos);
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  const Outcome open = run("incident list --token-file " + file + " --url " + server.url());
  EXPECT_EQ(open.code, 2);
  EXPECT_THAT(open.errors, HasSubstr("chmod 600"));
  std::filesystem::remove_all(folder);
}

TEST(Iwakanctl, EndsWithTwoWhenTheCommandLineIsWrong) {
  EXPECT_EQ(run("incident lst").code, 2);
  EXPECT_EQ(run("").code, 2);
  const Outcome missing = run("send /nowhere/x.jsonl");
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.errors, "iwakanctl: /nowhere/x.jsonl: cannot be read: No such file or directory\n");
  EXPECT_EQ(run("send /dev/null").code, 2);
  const Outcome help = run("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.output, HasSubstr("incident"));
}

TEST(Iwakanctl, SendsRecordingsAsTheyWereTogetherInTheOrderOfTime) {
  Server server([](const Asked&) { return Told{200, ""}; });
  const Outcome outcome = run("send " + testdata("two_alarms.jsonl") + " " + testdata("prometheus.jsonl") +
                              " --fast --url " + server.url());
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(outcome.output,
            "03:16:12  /v1/alertmanager  1 firing: QueueGrowing  200\n"
            "03:16:42  /api/v2/alerts  1 resolved: QueueGrowing  200\n"
            "03:17:12  /v1/cloudwatch  ALARM: API \xEF\xBF\xBD[31m5xx  200\n");
  const std::vector<Asked> asked = server.asked();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(asked[0].target, "/v1/alertmanager");
  EXPECT_EQ(asked[0].headers.at("authorization"), "Bearer s3cret");
  EXPECT_EQ(asked[0].headers.at("user-agent"), "Alertmanager/0.25.0");
  EXPECT_EQ(asked[0].headers.at("content-type"), "application/json");
  EXPECT_EQ(asked[0].headers.at("host"), server.url().substr(7));
  EXPECT_EQ(asked[0].headers.at("content-length"), std::to_string(asked[0].body.size()));
  EXPECT_EQ(asked[0].headers.count("expect"), 0U);
  const std::string recorded = read_file(testdata("two_alarms.jsonl"));
  EXPECT_THAT(recorded, HasSubstr("\"body\":" + asked[0].body + "}\n"));
  EXPECT_EQ(asked[2].headers.at("x-amz-sns-message-type"), "Notification");
  EXPECT_EQ(asked[2].headers.at("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(asked[2].body.substr(0, 32), "{\n  \"Type\" : \"Notification\",\n  \"");
}

TEST(Iwakanctl, EndsWithOneWhenAnAnswerIsNoSuccess) {
  Server server([](const Asked& asked) {
    if (asked.target != "/v1/cloudwatch") return Told{202, ""};
    return Told{403, R"({"error":{"reason":"forbidden","path":"/TopicArn","detail":"is not in the allow-list"}})"};
  });
  const Outcome outcome = run("send " + testdata("two_alarms.jsonl") + " --fast --url " + server.url());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.output, HasSubstr("403\n          /TopicArn: is not in the allow-list (403 forbidden)\n"));
  const Outcome as_json = run("send " + testdata("two_alarms.jsonl") + " --fast --json --url " + server.url());
  EXPECT_EQ(as_json.code, 1);
  EXPECT_THAT(as_json.output, HasSubstr(R"({"at":"2026-11-23T18:16:12.201Z","method":"POST","path":"/v1/alertmanager",)"
                                        R"("what":"1 firing: QueueGrowing","status":202})"
                                        "\n"));
  EXPECT_THAT(as_json.output,
              HasSubstr(R"x("status":403,"detail":"/TopicArn: is not in the allow-list (403 forbidden)"})x"));
}

TEST(Iwakanctl, KeepsThePaceOfTheRecording) {
  Server server([](const Asked&) { return Told{}; });
  // A minute lies between the two requests.
  const Outcome outcome = run("send " + testdata("two_alarms.jsonl") + " --speed 120 --url " + server.url());
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<Asked> asked = server.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_GE(asked[1].at - asked[0].at, std::chrono::milliseconds(400));
}

TEST(Iwakanctl, PlaysAsIfItHappenedNow) {
  Server server([](const Asked&) { return Told{}; });
  const TimePoint before = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  EXPECT_EQ(run("send " + testdata("prometheus.jsonl") + " --fast --now --url " + server.url()).code, 0);
  const TimePoint after = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const std::string body = server.asked().at(0).body;
  const auto time_after = [&body](const std::string& key) {
    const std::size_t found = body.find("\"" + key + "\":\"") + key.size() + 4;
    return *parse_time(body.substr(found, body.find('"', found) - found));
  };
  // The request itself is now; it ended a second before, and began 29.811 s earlier still.
  EXPECT_GE(time_after("endsAt"), before - std::chrono::milliseconds(1001));
  EXPECT_LE(time_after("endsAt"), after - std::chrono::milliseconds(999));
  EXPECT_EQ(time_after("endsAt") - time_after("startsAt"), std::chrono::milliseconds(29811));
}

}  // namespace
}  // namespace iwakan::ctl

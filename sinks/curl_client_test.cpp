// Goal: what leaves through libcurl is what was asked for, and what came of it is told as it was, above all
// whether it may have arrived. Method: peers on the loopback: a server that follows a script word by word,
// and Debian's aiosmtpd with and without STARTTLS.
#include "sinks/curl_client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <future>

#include "sinks/testing/stage.hpp"

namespace iwakan::sinks {
namespace {

using namespace std::chrono_literals;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::Not;

// One connection as a peer sees it: reads and writes whole texts, each read within ten seconds.
class Connection {
 public:
  explicit Connection(int descriptor) : descriptor_(descriptor) {
    const timeval limit{10, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Connection() { close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void say(std::string_view text) const { send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL); }

  // Everything up to and with `end`; what came so far when the other side ends before.
  std::string hear(std::string_view end) {
    while (heard_.find(end) == std::string::npos) {
      char bytes[4096];
      const ssize_t count = recv(descriptor_, bytes, sizeof bytes, 0);
      if (count <= 0) return std::exchange(heard_, {});
      heard_.append(bytes, static_cast<std::size_t>(count));
    }
    const std::size_t length = heard_.find(end) + end.size();
    std::string text = heard_.substr(0, length);
    heard_.erase(0, length);
    return text;
  }
  std::string line() { return hear("\r\n"); }
  // Until the other side ends.
  void wait_for_end() {
    char byte = 0;
    while (recv(descriptor_, &byte, 1, 0) > 0) {
    }
  }

 private:
  int descriptor_;
  std::string heard_;
};

// Listens on a free port of 127.0.0.1 and plays `script` on each connection, one after the other.
class Peer {
 public:
  explicit Peer(std::function<void(Connection&)> script) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(descriptor_, 16), 0);
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, script = std::move(script)] {
      for (int accepted = 0; (accepted = accept(descriptor_, nullptr, nullptr)) >= 0;) {
        ++connections_;
        Connection connection(accepted);
        script(connection);
      }
    });
  }
  ~Peer() {
    shutdown(descriptor_, SHUT_RDWR);
    thread_.join();
    close(descriptor_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::string at(const std::string& scheme) const { return scheme + "://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

template <class Request>
HttpOutcome outcome_of(CurlClient& client, Request request) {
  const auto promise = std::make_shared<std::promise<HttpOutcome>>();
  std::future<HttpOutcome> outcome = promise->get_future();
  client.send(std::move(request), [promise](HttpOutcome given) { promise->set_value(std::move(given)); });
  if (outcome.wait_for(30s) != std::future_status::ready) {
    ADD_FAILURE() << "no outcome";
    return {};
  }
  return outcome.get();
}

HttpRequest post_to(const std::string& url, Duration timeout = 10s) {
  HttpRequest request;
  request.url = url;
  request.body = "hello";
  request.timeout = timeout;
  return request;
}

class CurlClientTest : public ::testing::Test {
 protected:
  // A proxy of the machine would stand between the test and its peers.
  CurlClientTest() { setenv("no_proxy", "*", 1); }
  CurlClient client_;
};

TEST_F(CurlClientTest, SendsTheRequestAndTellsTheAnswer) {
  std::string heard;
  const Peer peer([&](Connection& connection) {
    heard = connection.hear("hello");
    connection.say("HTTP/1.1 429 Slow\r\nRetry-After:  7 \r\nContent-Length: 4\r\n\r\nwait");
  });
  HttpRequest request = post_to(peer.at("http") + "/hook?key=1");
  request.headers = {{"webhook-id", "INC-1_1"}};
  const HttpOutcome outcome = outcome_of(client_, std::move(request));
  EXPECT_THAT(heard, ::testing::StartsWith("POST /hook?key=1 HTTP/1.1\r\n"));
  EXPECT_THAT(heard, HasSubstr("webhook-id: INC-1_1\r\n"));
  EXPECT_EQ(outcome.reason, DeliveryReason::accepted);
  EXPECT_EQ(outcome.status, 429);
  EXPECT_EQ(outcome.header("retry-after"), "7");
  EXPECT_EQ(outcome.body, "wait");
}

TEST_F(CurlClientTest, FollowsNoRedirect) {
  std::string location;
  const Peer peer([&](Connection& connection) {
    connection.hear("hello");
    connection.say("HTTP/1.1 302 Found\r\nLocation: " + location +
                   "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  location = peer.at("http") + "/elsewhere";
  EXPECT_EQ(outcome_of(client_, post_to(peer.at("http"))).status, 302);
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(CurlClientTest, CutsALongAnswerOffAndKeepsItsStatus) {
  const struct {
    std::string header, body;
    std::size_t kept;
  } cases[] = {{"", std::string(200'000, 'x'), 1'000}, {"X-Long: " + std::string(50'000, 'x') + "\r\n", "x", 0}};
  for (const auto& one : cases) {
    const Peer peer([&](Connection& connection) {
      connection.hear("hello");
      connection.say("HTTP/1.1 200 OK\r\n" + one.header + "Content-Length: " + std::to_string(one.body.size()) +
                     "\r\n\r\n" + one.body);
    });
    HttpRequest request = post_to(peer.at("http"));
    request.response_bytes_max = 1'000;
    const HttpOutcome outcome = outcome_of(client_, std::move(request));
    EXPECT_EQ(outcome.reason, DeliveryReason::accepted) << outcome.detail;
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body.size(), one.kept);
  }
}

// Each peer hears the whole request first: it may have acted on it.
TEST_F(CurlClientTest, SaysWhenARequestMayHaveArrived) {
  const struct {
    const char* what;
    std::string answer;
    bool waits;
    DeliveryReason reason;
  } cases[] = {{"silence", "", true, DeliveryReason::timed_out},
               {"half a head", "HTTP/1.1 200 O", true, DeliveryReason::timed_out},
               {"an end", "", false, DeliveryReason::unreachable},
               {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", false, DeliveryReason::unreachable}};
  for (const auto& one : cases) {
    const Peer peer([&](Connection& connection) {
      connection.hear("hello");
      connection.say(one.answer);
      if (one.waits) connection.wait_for_end();
    });
    const HttpOutcome outcome = outcome_of(client_, post_to(peer.at("http") + "/hunter2", 300ms));
    EXPECT_EQ(outcome.reason, one.reason) << one.what;
    EXPECT_TRUE(outcome.outcome_unknown) << one.what;
    EXPECT_FALSE(outcome.detail.empty()) << one.what;
    EXPECT_THAT(outcome.detail, Not(HasSubstr("hunter2"))) << one.what;
  }
}

TEST_F(CurlClientTest, SaysWhenARequestCannotHaveArrived) {
  std::string nobody;
  {
    const Peer gone([](Connection&) {});
    nobody = gone.at("http");
  }
  const Peer plain([](Connection& connection) {
    connection.hear("\n");
    connection.say("HTTP/1.1 400 Bad\r\n\r\n");
  });
  HttpRequest no_https = post_to(plain.at("http"));
  no_https.https_only = true;
  HttpRequest forged = post_to(plain.at("http"));
  forged.headers = {{"webhook-id", "1\r\nX-Forged: 1"}};
  const struct {
    HttpRequest request;
    DeliveryReason reason;
  } cases[] = {{post_to(nobody), DeliveryReason::unreachable},
               {post_to(plain.at("https")), DeliveryReason::tls},
               {no_https, DeliveryReason::misconfigured},
               {forged, DeliveryReason::misconfigured},
               {post_to("file:///etc/hostname"), DeliveryReason::misconfigured},
               {post_to("ftp://127.0.0.1/"), DeliveryReason::misconfigured},
               {post_to(""), DeliveryReason::misconfigured}};
  for (const auto& one : cases) {
    const HttpOutcome outcome = outcome_of(client_, one.request);
    EXPECT_EQ(outcome.reason, one.reason) << one.request.url << ": " << outcome.detail;
    EXPECT_FALSE(outcome.outcome_unknown) << one.request.url;
    EXPECT_EQ(outcome.body, "") << one.request.url;
  }
}

TEST_F(CurlClientTest, AnswersEverythingBeforeItEnds) {
  const Peer peer([](Connection& connection) { connection.wait_for_end(); });
  std::atomic<int> answers = 0;
  {
    CurlClient client;
    for (int i = 0; i < 20; ++i) {
      client.send(post_to(peer.at("http")), [&](const HttpOutcome& outcome) {
        EXPECT_NE(outcome.reason, DeliveryReason::accepted);
        ++answers;
      });
    }
  }
  EXPECT_EQ(answers, 20);
}

MailRequest mail_to(const std::string& server) {
  MailRequest request;
  request.server = server;
  request.from = "iwakan@books.example";
  request.to = {"hasegawa@books.example"};
  request.message = "Subject: x\r\n\r\n.first\r\nsecond\r\n";
  request.timeout = 10s;
  return request;
}

// A mail server that says what it is told to, step by step, and keeps the commands that it heard.
struct MailScript {
  std::string ehlo = "250 here\r\n";
  std::string recipient = "250 ok\r\n";
  std::string data = "354 go on\r\n";
  std::string dot = "250 kept\r\n";  // empty: silence, once the whole message has come
  std::string heard;

  void play(
      Connection& connection, const std::function<void()>& mail_has_come = [] {}) {
    connection.say("220 here\r\n");
    for (;;) {
      const std::string command = connection.line();
      heard += command;
      if (command.starts_with("EHLO")) {
        connection.say(ehlo);
      } else if (command.starts_with("MAIL")) {
        connection.say("250 ok\r\n");
      } else if (command.starts_with("RCPT")) {
        connection.say(recipient);
      } else if (command.starts_with("DATA")) {
        connection.say(data);
        if (!data.starts_with("354")) continue;
        heard += connection.hear("\r\n.\r\n");
        mail_has_come();
        if (dot.empty()) return connection.wait_for_end();
        connection.say(dot);
      } else {
        connection.say("221 bye\r\n");
        return;
      }
    }
  }
};

TEST_F(CurlClientTest, TellsWhatTheMailServerReplied) {
  const struct {
    const char* what;
    std::string recipient, dot;
    bool taken;
    int status;
    bool unknown;
  } cases[] = {{"taken", "250 ok\r\n", "250 kept\r\n", true, 250, false},
               {"no such person", "550 no such person\r\n", "", false, 550, false},
               {"greylisted", "451 later\r\n", "", false, 451, false},
               {"refused at the dot", "250 ok\r\n", "552 too large\r\n", false, 552, false},
               {"later at the dot", "250 ok\r\n", "451 disk full\r\n", false, 451, false},
               {"silent after the dot", "250 ok\r\n", "", false, 354, true}};
  for (const auto& one : cases) {
    MailScript script;
    script.recipient = one.recipient;
    script.dot = one.dot;
    const Peer peer([&script](Connection& connection) { script.play(connection); });
    CurlClient client;
    MailRequest request = mail_to(peer.at("smtp"));
    request.timeout = 1s;
    const HttpOutcome outcome = outcome_of(client, std::move(request));
    EXPECT_EQ(outcome.reason == DeliveryReason::accepted, one.taken) << one.what << ": " << outcome.detail;
    EXPECT_EQ(outcome.status, one.status) << one.what;
    EXPECT_EQ(outcome.outcome_unknown, one.unknown) << one.what;
  }
}

// libcurl waits for the reply to the final dot, and for the one to QUIT, without letting go of its thread.
TEST_F(CurlClientTest, ASilentMailServerHoldsUpNeitherOtherSinksNorTheEnd) {
  MailScript script;
  script.dot = "";
  std::promise<void> mail_has_come;
  const Peer silent([&](Connection& connection) { script.play(connection, [&] { mail_has_come.set_value(); }); });
  const Peer web([](Connection& connection) {
    connection.hear("hello");
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  std::atomic<bool> mail_answered = false;
  auto client = std::make_unique<CurlClient>();
  MailRequest request = mail_to(silent.at("smtp"));
  request.timeout = 60s;
  client->send(std::move(request), [&](const HttpOutcome& outcome) {
    EXPECT_TRUE(outcome.outcome_unknown);
    mail_answered = true;
  });
  ASSERT_EQ(mail_has_come.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(outcome_of(*client, post_to(web.at("http"), 5s)).status, 200);
  EXPECT_FALSE(mail_answered);
  const auto ending = std::chrono::steady_clock::now();
  client.reset();
  EXPECT_TRUE(mail_answered);
  EXPECT_LT(std::chrono::steady_clock::now() - ending, 5s);
}

// A late reply to one mail must not be taken for the reply to the next.
TEST_F(CurlClientTest, AMailStartsOnAConnectionOfItsOwn) {
  MailScript script;
  const Peer peer([&](Connection& connection) { script.play(connection); });
  for (int mail = 1; mail <= 2; ++mail) {
    EXPECT_EQ(outcome_of(client_, mail_to(peer.at("smtp"))).status, 250);
    EXPECT_EQ(peer.connections(), mail);
  }
}

TEST_F(CurlClientTest, SendsNothingWhenStarttlsIsTakenAway) {
  MailScript script;
  {
    const Peer peer([&](Connection& connection) { script.play(connection); });
    CurlClient client;
    MailRequest request = mail_to(peer.at("smtp"));
    request.starttls_required = true;
    request.username = "iwakan";
    request.password = "hunter2";
    EXPECT_EQ(outcome_of(client, std::move(request)).reason, DeliveryReason::tls);
  }
  EXPECT_THAT(script.heard, Not(HasSubstr("MAIL")));
  EXPECT_THAT(script.heard, Not(HasSubstr("AUTH")));
}

TEST_F(CurlClientTest, AnEnvelopeHoldsNoSecondCommand) {
  const Peer peer([](Connection& connection) { connection.wait_for_end(); });
  MailRequest request = mail_to(peer.at("smtp"));
  request.to = {"a@b.example>\r\nRCPT TO:<c@d.example"};
  EXPECT_EQ(outcome_of(client_, std::move(request)).reason, DeliveryReason::misconfigured);
  EXPECT_EQ(peer.connections(), 0);
}

// aiosmtpd as a child; its standard input is our end of a socket, and so is its standard output.
class MailServer {
 public:
  explicit MailServer(const std::vector<std::string>& arguments) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const std::string script = std::string(std::getenv("IWAKAN_SOURCE_DIR")) + "/sinks/mail_server.py";
    std::vector<std::string> words{"/usr/bin/python3", script};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    EXPECT_EQ(posix_spawn(&child_, words[0].c_str(), &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    said_ = std::make_unique<Connection>(ends[0]);
    port_ = static_cast<int>(std::strtol(said_->hear("\n").c_str(), nullptr, 10));
    EXPECT_GT(port_, 0) << "aiosmtpd did not start";
  }
  ~MailServer() {
    said_.reset();
    waitpid(child_, nullptr, 0);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  boost::json::value message() { return boost::json::parse(said_->hear("\n")); }

 private:
  pid_t child_ = 0;
  std::unique_ptr<Connection> said_;
  int port_ = 0;
};

struct Certificate {
  explicit Certificate(const Folder& folder) : certificate(folder.path("cert.pem")), key(folder.path("key.pem")) {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 -keyout " +
        key + " -out " + certificate + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  std::string certificate, key;
};

TEST_F(CurlClientTest, ARealMailServerTakesTheMessageAsItIs) {
  MailServer server({});
  const HttpOutcome outcome = outcome_of(client_, mail_to(server.url()));
  ASSERT_EQ(outcome.reason, DeliveryReason::accepted) << outcome.detail;
  EXPECT_EQ(outcome.status, 250);
  const boost::json::value message = server.message();
  EXPECT_FALSE(message.at("tls").as_bool());
  EXPECT_EQ(message.at("from"), "iwakan@books.example");
  EXPECT_EQ(message.at("to").at(0), "hasegawa@books.example");
  EXPECT_EQ(message.at("data"), "Subject: x\r\n\r\n.first\r\nsecond\r\n");
}

TEST_F(CurlClientTest, StarttlsIsUsedWithATrustedCertificateAndRefusedWithAnother) {
  const Folder folder;
  const Certificate own(folder);
  MailServer server({own.certificate, own.key});
  MailRequest trusted = mail_to(server.url());
  trusted.starttls_required = true;
  MailRequest untrusted = trusted;
  trusted.ca_file = own.certificate;
  const HttpOutcome refused = outcome_of(client_, std::move(untrusted));
  EXPECT_EQ(refused.reason, DeliveryReason::tls) << refused.detail;
  const HttpOutcome outcome = outcome_of(client_, std::move(trusted));
  ASSERT_EQ(outcome.reason, DeliveryReason::accepted) << outcome.detail;
  EXPECT_TRUE(server.message().at("tls").as_bool());
  MailRequest never = mail_to(server.url());
  never.starttls_never = true;
  EXPECT_EQ(outcome_of(client_, std::move(never)).reason, DeliveryReason::accepted);
  EXPECT_FALSE(server.message().at("tls").as_bool());
}

TEST_F(CurlClientTest, ARealServerWithoutStarttlsGetsNothingWhenItIsRequired) {
  MailServer server({});
  MailRequest request = mail_to(server.url());
  request.starttls_required = true;
  EXPECT_EQ(outcome_of(client_, std::move(request)).reason, DeliveryReason::tls);
  EXPECT_EQ(outcome_of(client_, mail_to(server.url())).reason, DeliveryReason::accepted);
  EXPECT_EQ(server.message().at("data"), "Subject: x\r\n\r\n.first\r\nsecond\r\n");  // the first that it heard of
}

}  // namespace
}  // namespace iwakan::sinks

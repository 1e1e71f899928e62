// load: sends alerts over HTTP as fast as one connection after the other lets it, to iwakand (webhook v4)
// or to Alertmanager (POST /api/v2/alerts), and prints one JSON line of figures. Both get the same alerts.
//
//   load --to iwakand|alertmanager --port N --alerts K [--distinct N] [--first N] [--seconds S | --requests R]
//        [--connections C] [--starts-at TIME]
//
// Bodies are made once; the number of each alert is written into them in place. With --distinct, the
// numbers go round (known alerts after the first round); without, every alert is new. Those of another load are known
// only when they began at the same time.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kDigits = 10;
constexpr std::string_view kHole = "##########";

struct Options {
  std::string to = "iwakand";
  unsigned short port = 0;
  std::size_t alerts = 64;
  std::size_t distinct = 0;  // 0: every alert is new
  std::size_t first = 0;
  double seconds = 5;
  std::size_t requests = 0;  // 0: until the time is out
  int connections = 2;
  std::string starts_at;  // of every alert, to the second; empty: now
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return text.data();
}

// One alert with the labels and annotations of an ordinary one; holes where its number goes.
std::string alert_json(bool webhook, const std::string& starts_at) {
  const std::string hole(kHole);
  std::string text =
      R"({"labels":{"alertname":"HighErrorRatio","cluster":"tokyo-1","instance":"web-)" + hole +
      R"(:9100","job":"shop","namespace":"production","pod":"shop-6d9f7c5b8-)" + hole +
      R"(","service":"checkout","severity":"warning","team":"shop"},"annotations":{"description":"The share of )"
      R"(failed requests has been above 5% for 5 minutes.","summary":"5xx ratio is 7% on web-)" +
      hole + R"("},"startsAt":")" + starts_at +
      R"(.123Z","generatorURL":"http://prometheus.example:9090/graph?g0.expr=)"
      R"(shop_errors_ratio+%3E+0.05&g0.tab=1")";
  if (webhook) text += R"(,"status":"firing","endsAt":"0001-01-01T00:00:00Z","fingerprint":"0123456789abcdef")";
  return text + "}";
}

std::string body_of(const Options& options) {
  const bool webhook = options.to == "iwakand";
  const std::string starts_at = options.starts_at.empty() ? utc_now() : options.starts_at;
  std::string alerts = "[";
  for (std::size_t i = 0; i < options.alerts; ++i) alerts += (i == 0 ? "" : ",") + alert_json(webhook, starts_at);
  alerts += "]";
  if (!webhook) return alerts;
  return R"({"receiver":"iwakan","status":"firing","alerts":)" + alerts +
         R"(,"groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://alertmanager.example:9093",)"
         R"("version":"4","groupKey":"{}:{}","truncatedAlerts":0})";
}

class Sender {
 public:
  Sender(const Options& options, std::atomic<std::size_t>& next, Clock::time_point until)
      : options_(options), next_(next), until_(until) {
    const std::string body = body_of(options);
    const std::string path = options.to == "iwakand" ? "/v1/alertmanager" : "/api/v2/alerts";
    request_ = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body;
    for (std::size_t at = request_.find(kHole); at != std::string::npos; at = request_.find(kHole, at + kDigits)) {
      holes_.push_back(at);
    }
    connect();
  }
  ~Sender() { close(socket_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void run() {
    while (Clock::now() < until_) {
      const std::size_t number = next_.fetch_add(1);
      if (options_.requests != 0 && number >= options_.requests) return;
      number_alerts(number);
      const auto began = Clock::now();
      send_all();
      if (read_status() == 200) {
        ++good;
      } else {
        ++bad;
      }
      latencies.push_back(std::chrono::duration<double>(Clock::now() - began).count());
    }
  }

  std::size_t good = 0;
  std::size_t bad = 0;
  std::vector<double> latencies;

 private:
  void connect() {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) die("socket");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The sockets interface wants its generic address type.
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
  }

  void number_alerts(std::size_t request) {
    const std::size_t holes_per_alert = holes_.size() / options_.alerts;
    for (std::size_t i = 0; i < options_.alerts; ++i) {
      std::size_t number = request * options_.alerts + i;
      if (options_.distinct != 0) number %= options_.distinct;
      number += options_.first;
      std::array<char, kDigits + 1> digits{};
      std::snprintf(digits.data(), digits.size(), "%010zu", number);
      for (std::size_t h = 0; h < holes_per_alert; ++h) {
        std::memcpy(&request_[holes_[i * holes_per_alert + h]], digits.data(), kDigits);
      }
    }
  }

  void send_all() {
    std::string_view rest = request_;
    while (!rest.empty()) {
      const ssize_t sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) die("send");
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // Reads one answer, whose body must be announced by Content-Length.
  int read_status() {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) receive();
    const int status = std::atoi(input_.c_str() + 9);
    std::size_t length = 0;
    std::string head = input_.substr(0, end);
    std::transform(head.begin(), head.end(), head.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (const std::size_t at = head.find("content-length:"); at != std::string::npos) {
      length = std::strtoul(head.c_str() + at + 15, nullptr, 10);
    }
    while (input_.size() < end + 4 + length) receive();
    input_.erase(0, end + 4 + length);
    return status;
  }

  void receive() {
    std::array<char, 4096> buffer{};
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) die("recv");
    input_.append(buffer.data(), static_cast<std::size_t>(got));
  }

  const Options& options_;
  std::atomic<std::size_t>& next_;
  Clock::time_point until_;
  int socket_ = -1;
  std::string request_;
  std::vector<std::size_t> holes_;
  std::string input_;
};

double quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Sends alerts as fast as they are taken, and prints figures as one JSON line."};
  app.add_option("--to", options.to, "iwakand or alertmanager")->required();
  app.add_option("--port", options.port, "on 127.0.0.1")->required();
  app.add_option("--alerts", options.alerts, "in each request");
  app.add_option("--distinct", options.distinct, "different alerts; 0: every one is new");
  app.add_option("--first", options.first, "number of the first alert");
  app.add_option("--seconds", options.seconds, "how long");
  app.add_option("--requests", options.requests, "how many; 0: until the time is out");
  app.add_option("--connections", options.connections, "at once");
  app.add_option("--starts-at", options.starts_at, "of every alert, as 2031-05-14T01:00:00; now without it");
  CLI11_PARSE(app, argc, argv);

  std::atomic<std::size_t> next{0};
  const auto began = Clock::now();
  const auto until =
      began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
  std::vector<std::unique_ptr<Sender>> senders;
  for (int i = 0; i < options.connections; ++i) senders.push_back(std::make_unique<Sender>(options, next, until));
  std::vector<std::thread> threads;
  for (auto& sender : senders) threads.emplace_back([&sender] { sender->run(); });
  for (std::thread& thread : threads) thread.join();
  const double took = std::chrono::duration<double>(Clock::now() - began).count();

  std::size_t good = 0;
  std::size_t bad = 0;
  std::vector<double> latencies;
  for (auto& sender : senders) {
    good += sender->good;
    bad += sender->bad;
    latencies.insert(latencies.end(), sender->latencies.begin(), sender->latencies.end());
  }
  std::sort(latencies.begin(), latencies.end());
  std::printf(
      "{\"to\":\"%s\",\"alerts_per_request\":%zu,\"requests\":%zu,\"refused\":%zu,\"seconds\":%.3f,"
      "\"alerts_per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
      options.to.c_str(), options.alerts, good, bad, took, static_cast<double>(good * options.alerts) / took,
      quantile(latencies, .5) * 1e3, quantile(latencies, .99) * 1e3);
  return bad == 0 ? 0 : 1;
}

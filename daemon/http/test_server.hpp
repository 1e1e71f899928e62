// TestServer: a server on a free port of 127.0.0.1, run by a thread of its own, on a clock that the
// test moves by hand.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "http/server.hpp"
#include "http/test_client.hpp"
#include "runtime/clock.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::http {

// Routes: POST /echo answers with the body; GET /hello says hello to its query; GET /items/{id}/x
// answers with the id; POST /hold answers when released; GET /drop drops its Respond; GET /remote says
// who asked; GET /busy answers 503; GET /large answers with 1 MiB. GET /read and POST /command (for people of
// that role) and POST /v1/grafana (for senders) answer with the actor.
class TestServer {
 public:
  explicit TestServer(Server::Params params = {}, std::shared_ptr<const access::Register> known = nullptr);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  Client connect() const { return Client(port_); }
  std::uint16_t port() const { return port_; }
  runtime::ManualClock& clock() { return clock_; }

  // Lets time pass until `client` hears something; false if it does not.
  bool advance_until_heard(Client& client, Duration step);

  std::size_t wait_for_held(std::size_t count);  // how many requests are held, once they are as many
  void release(const std::string& body);         // answers the requests held

  void stop(Duration within);
  bool stopped_within(std::chrono::seconds patience);
  std::size_t connections();
  bool wait_for_connections(std::size_t count);
  std::string metrics() const { return telemetry_.metrics(); }
  std::string log() const { return log_text_.str(); }  // once stopped

 private:
  Router routes();

  runtime::ManualClock clock_{*parse_time("2026-09-01T00:05:01Z")};
  std::ostringstream log_text_;
  telemetry::Log log_{telemetry::Level::warning, telemetry::Log::Form::plain, log_text_};
  telemetry::Telemetry telemetry_{{.sources = {"http", "grafana"}, .sinks = {}, .started_at = {}}, log_, clock_};
  access::Gate gate_{clock_};
  std::mutex mutex_;
  std::condition_variable held_changed_;
  std::vector<std::pair<const Request*, Respond>> held_;  // protected by mutex_
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::optional<Server> server_;
  std::uint16_t port_ = 0;
  std::promise<void> stopped_;
  std::future<void> stopped_future_ = stopped_.get_future();
  std::thread thread_;
};

}  // namespace iwakan::http

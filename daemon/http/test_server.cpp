#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <utility>

namespace iwakan::http {
namespace {

Response text(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

}  // namespace

TestServer::TestServer(Server::Params params, std::shared_ptr<const access::Register> known) {
  gate_.use(std::move(known));
  params.port = 0;
  params.limits.look_every = std::chrono::milliseconds(2);
  server_.emplace(io_, params, routes(), gate_, clock_, telemetry_);
  const auto started = server_->start();
  EXPECT_TRUE(started) << started.error().detail;
  port_ = server_->port();
  thread_ = std::thread([this] { io_.run(); });
}

TestServer::~TestServer() {
  io_.stop();
  thread_.join();
  server_.reset();
}

Router TestServer::routes() {
  Router router;
  router.add("POST", "/echo", access::May::anyone(),
             [](const Request& request, Respond respond) { respond(text(200, std::string(request.body))); });
  router.add("GET", "/hello", access::May::anyone(), [](const Request& request, Respond respond) {
    respond(text(200, "hello " + std::string(request.query_value("name"))));
  });
  router.add("GET", "/items/{id}/x", access::May::anyone(),
             [](const Request& request, Respond respond) { respond(text(200, std::string(request.parameter))); });
  router.add("GET", "/drop", access::May::anyone(), [](const Request&, Respond) {});
  router.add("GET", "/remote", access::May::anyone(),
             [](const Request& request, Respond respond) { respond(text(200, std::string(request.remote))); });
  router.add("GET", "/busy", access::May::anyone(), [](const Request&, Respond respond) { respond(text(503, "")); });
  router.add("GET", "/large", access::May::anyone(),
             [](const Request&, Respond respond) { respond(text(200, std::string(1 << 20, 'x'))); });
  const auto say_who = [](const Request& request, const Respond& respond) {
    respond(text(200, std::string(request.actor)));
  };
  router.add("GET", "/read", access::May::person(access::Role::read), say_who);
  router.add("POST", "/command", access::May::person(access::Role::command), say_who);
  router.add("POST", "/v1/grafana", access::May::sender_of("grafana"), say_who);
  router.add("POST", "/hold", access::May::anyone(), [this](const Request& request, Respond respond) {
    const std::lock_guard lock(mutex_);
    held_.emplace_back(&request, std::move(respond));
    held_changed_.notify_all();
  });
  return router;
}

bool TestServer::advance_until_heard(Client& client, Duration step) {
  for (int i = 0; i < 2000; ++i) {
    clock_.advance(step);
    if (client.readable(std::chrono::milliseconds(5))) return true;
  }
  return false;
}

std::size_t TestServer::wait_for_held(std::size_t count) {
  std::unique_lock lock(mutex_);
  held_changed_.wait_for(lock, std::chrono::seconds(10), [&] { return held_.size() >= count; });
  return held_.size();
}

void TestServer::release(const std::string& body) {
  boost::asio::post(io_, [this, body] {
    std::vector<std::pair<const Request*, Respond>> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto& [request, respond] : held) respond(text(200, body + std::string(request->body)));
  });
}

void TestServer::stop(Duration within) {
  boost::asio::post(io_, [this, within] { server_->stop(within, [this] { stopped_.set_value(); }); });
}

bool TestServer::stopped_within(std::chrono::seconds patience) {
  return stopped_future_.wait_for(patience) == std::future_status::ready;
}

std::size_t TestServer::connections() {
  std::promise<std::size_t> counted;
  boost::asio::post(io_, [&] { counted.set_value(server_->connections()); });
  return counted.get_future().get();
}

bool TestServer::wait_for_connections(std::size_t count) {
  const runtime::SystemClock real;
  const runtime::Moment give_up = real.monotonic() + std::chrono::seconds(10);
  while (connections() != count) {
    if (real.monotonic() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace iwakan::http

// Measures the server alone: requests a second over keep-alive connections on the loopback, with a
// handler that does nothing. Server and client have a thread each; the server's own processor time is
// printed beside, since both share the machine.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "http/server.hpp"

namespace {

using namespace iwakan;
using Seconds = std::chrono::duration<double>;

constexpr Seconds kDuration{3};

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) std::abort();
  return socket;
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) std::abort();
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// The handler's answers have no body: an answer ends with its head.
void receive_answer(int socket) {
  std::array<char, 4096> bytes{};
  std::size_t size = 0;
  while (size < 4 || std::string_view(bytes.data() + size - 4, 4) != "\r\n\r\n") {
    const auto count = ::recv(socket, bytes.data() + size, bytes.size() - size, 0);
    if (count <= 0) std::abort();
    size += static_cast<std::size_t>(count);
  }
  if (std::string_view(bytes.data(), 12) != "HTTP/1.1 200") std::abort();
}

double processor_seconds(pthread_t thread) {
  clockid_t clock{};
  timespec time{};
  if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &time) != 0) std::abort();
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void measure(std::uint16_t port, pthread_t server, std::size_t connections, std::size_t body_bytes) {
  const std::string request =
      "POST /v1/alertmanager HTTP/1.1\r\nHost: 127.0.0.1:8119\r\nUser-Agent: Alertmanager/0.34.0\r\n"
      "Content-Length: " +
      std::to_string(body_bytes) + "\r\nContent-Type: application/json\r\n\r\n" + std::string(body_bytes, 'x');
  std::vector<int> sockets;
  for (std::size_t i = 0; i < connections; ++i) sockets.push_back(connect_to(port));
  const auto began = std::chrono::steady_clock::now();
  const double server_began = processor_seconds(server);
  std::size_t requests = 0;
  while (std::chrono::steady_clock::now() - began < kDuration) {
    for (const int socket : sockets) send_all(socket, request);
    for (const int socket : sockets) receive_answer(socket);
    requests += connections;
  }
  const double took = Seconds(std::chrono::steady_clock::now() - began).count();
  const double server_took = processor_seconds(server) - server_began;
  for (const int socket : sockets) ::close(socket);
  const auto count = static_cast<double>(requests);
  std::printf("%3zu connections, %6zu byte bodies: %8.0f requests/s, server busy %3.0f%%, %5.1f us of it a request\n",
              connections, body_bytes, count / took, 100 * server_took / took, 1e6 * server_took / count);
}

}  // namespace

int main() {
  const runtime::SystemClock clock;
  telemetry::Log log(telemetry::Level::warning);
  telemetry::Telemetry telemetry({}, log, clock);
  boost::asio::io_context io(1);
  access::Gate gate(clock);
  http::Router router;
  router.add("POST", "/v1/alertmanager", access::May::anyone(),
             [](const http::Request&, http::Respond respond) { respond({}); });
  http::Server server(io, {.address = "127.0.0.1", .port = 0, .hosts = {}, .limits = {}}, std::move(router), gate,
                      clock, telemetry);
  const auto started = server.start();
  if (!started) {
    std::cerr << to_string(started.error()) << '\n';
    return 1;
  }
  std::thread thread([&] { io.run(); });
  for (const std::size_t connections : {1u, 16u, 128u}) {
    for (const std::size_t body_bytes : {700u, 40'000u}) {
      measure(server.port(), thread.native_handle(), connections, body_bytes);
    }
  }
  io.stop();
  thread.join();
  return 0;
}

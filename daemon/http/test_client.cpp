#include "http/test_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace iwakan::http {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::readable(std::chrono::milliseconds within) {
  pollfd watched{.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, static_cast<int>(within.count())) == 1;
}

bool Client::receive() {
  if (!readable(std::chrono::milliseconds(kPatienceMs))) return false;
  std::array<char, 65536> piece{};
  const auto count = ::recv(socket_, piece.data(), piece.size(), 0);
  if (count <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

Answered Client::answer(bool head) {
  std::size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  Answered answered;
  std::from_chars(received_.data() + 9, received_.data() + 12, answered.status);
  std::size_t at = received_.find("\r\n") + 2;
  while (at < end) {
    const std::size_t line_end = received_.find("\r\n", at);
    const std::size_t colon = received_.find(':', at);
    std::string name = received_.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    answered.headers[name] = received_.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  received_.erase(0, end + 4);
  const auto length = answered.headers.find("content-length");
  if (head || length == answered.headers.end()) return answered;
  const std::size_t body_length = std::stoul(length->second);
  while (received_.size() < body_length) {
    if (!receive()) return {};
  }
  answered.body = received_.substr(0, body_length);
  received_.erase(0, body_length);
  return answered;
}

bool Client::closed() {
  if (!received_.empty() || !readable(std::chrono::milliseconds(kPatienceMs))) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, 0) <= 0;
}

void Client::shut_sending() {
  ::shutdown(socket_, SHUT_WR);
}

}  // namespace iwakan::http

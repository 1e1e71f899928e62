#include "runtime/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace iwakan::runtime {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

Failure senseless(const char* name, std::string detail) {
  return {Reason::malformed, std::move(detail), name};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

// A socket connected to `path`; a leading @ stands for the zero byte of an abstract address.
Result<int> connect_to(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if ((path.front() != '/' && path.front() != '@') || path.size() < 2 || path.size() >= sizeof(address.sun_path)) {
    return senseless("NOTIFY_SOCKET", "neither an absolute path nor an abstract socket (@name) of bearable length");
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  if (path.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return Failure{Reason::io, std::string("no socket: ") + std::strerror(errno), "NOTIFY_SOCKET"};
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    Failure failure{Reason::io, std::string("systemd does not listen there: ") + std::strerror(errno), "NOTIFY_SOCKET"};
    ::close(socket);
    return failure;
  }
  return socket;
}

// Half of what systemd grants, as sd_watchdog_enabled(3) advises.
Result<std::optional<Duration>> watchdog_of_environment() {
  const std::string_view granted = variable("WATCHDOG_USEC");
  if (granted.empty()) return std::optional<Duration>{};
  const auto microseconds = number(granted);
  constexpr std::uint64_t kYear = 366ULL * 86400 * 1000 * 1000;
  if (!microseconds || *microseconds == 0 || *microseconds > kYear) {
    return senseless("WATCHDOG_USEC", "not a number of microseconds");
  }
  const std::string_view whom = variable("WATCHDOG_PID");
  if (!whom.empty()) {
    const auto pid = number(whom);
    if (!pid) return senseless("WATCHDOG_PID", "not the number of a process");
    if (*pid != static_cast<std::uint64_t>(getpid())) return std::optional<Duration>{};
  }
  return std::optional<Duration>(std::chrono::microseconds(*microseconds / 2));
}

}  // namespace

Result<Notify> Notify::from_environment() {
  Notify notify;
  const std::string_view path = variable("NOTIFY_SOCKET");
  if (path.empty()) return notify;
  auto watchdog = watchdog_of_environment();
  if (!watchdog) return watchdog.error();
  notify.watchdog_every_ = *watchdog;
  auto socket = connect_to(path);
  if (!socket) return socket.error();
  notify.socket_ = *socket;
  return notify;
}

Notify::Notify(Notify&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), watchdog_every_(other.watchdog_every_) {}

Notify::~Notify() {
  if (socket_ >= 0) ::close(socket_);
}

void Notify::ready() {
  send("READY=1");
}

void Notify::status(std::string_view line) {
  std::string message = "STATUS=" + std::string(line);
  std::replace_if(
      message.begin(), message.end(), [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
  send(message);
}

void Notify::reloading(Moment now) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void Notify::stopping() {
  send("STOPPING=1");
}

void Notify::watchdog() {
  send("WATCHDOG=1");
}

void Notify::send(std::string_view message) const {
  if (socket_ < 0) return;
  // A lost message is no reason to do anything else: systemd would notice, and say so.
  static_cast<void>(::send(socket_, message.data(), message.size(), MSG_NOSIGNAL));
}

}  // namespace iwakan::runtime

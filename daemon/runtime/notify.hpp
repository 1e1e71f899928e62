// Notify: tells systemd how the daemon is doing, by one datagram each to $NOTIFY_SOCKET
// (sd_notify(3)). Without that variable every call does nothing.
//
// Owned by the app; runs on the io thread. Never blocks: what the socket does not take at once is
// dropped, the watchdog comes round again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/clock.hpp"

namespace iwakan::runtime {

class Notify {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. A Failure: they are set, and make no sense.
  static Result<Notify> from_environment();

  Notify(Notify&& other) noexcept;
  Notify& operator=(Notify&&) = delete;
  ~Notify();

  void ready();
  void status(std::string_view line);  // what `systemctl status` shows; line breaks become spaces
  // A reload begins; call ready() when it is over, however it ended. `now` as SystemClock counts.
  void reloading(Moment now);
  void stopping();

  // To be called at least this often from the loop that does the work; nothing: nobody watches.
  std::optional<Duration> watchdog_every() const { return watchdog_every_; }
  void watchdog();

 private:
  Notify() = default;
  void send(std::string_view message) const;

  int socket_ = -1;
  std::optional<Duration> watchdog_every_;
};

}  // namespace iwakan::runtime

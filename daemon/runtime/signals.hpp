// Signals: SIGTERM and SIGINT ask the daemon to stop, SIGHUP to read its configuration anew; SIGPIPE
// is ignored, since a reader that goes away must not take the daemon with it.
#pragma once

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace iwakan::runtime {

// Owned by the app; the callbacks run on the io thread, as often as the signals come. Destroying it
// gives the signals their default meaning back, except for SIGPIPE.
class Signals {
 public:
  struct Params {
    std::function<void()> stop;
    std::function<void()> reload;
  };

  // `io` must outlive this.
  Signals(boost::asio::io_context& io, Params params);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Watch;
  std::shared_ptr<Watch> watch_;
};

}  // namespace iwakan::runtime

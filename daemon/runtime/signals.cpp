#include "runtime/signals.hpp"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace iwakan::runtime {

struct Signals::Watch : std::enable_shared_from_this<Watch> {
  Watch(boost::asio::io_context& io, Params callbacks)
      : set(io, SIGTERM, SIGINT, SIGHUP), params(std::move(callbacks)) {}

  void wait() {
    set.async_wait([self = weak_from_this()](const boost::system::error_code& error, int signal) {
      const auto watch = self.lock();
      if (watch == nullptr || error) return;
      watch->wait();
      (signal == SIGHUP ? watch->params.reload : watch->params.stop)();
    });
  }

  boost::asio::signal_set set;
  Params params;
};

Signals::Signals(boost::asio::io_context& io, Params params) : watch_(std::make_shared<Watch>(io, std::move(params))) {
  ::signal(SIGPIPE, SIG_IGN);
  watch_->wait();
}

Signals::~Signals() {
  watch_->set.cancel();
}

}  // namespace iwakan::runtime

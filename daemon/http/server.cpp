#include "http/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "http/listener.hpp"
#include "http/service.hpp"
#include "model/assert.hpp"
#include "runtime/spawn.hpp"

namespace iwakan::http {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto kOutcome = net::as_tuple(net::use_awaitable);

HostCheck host_check_of(const Server::Params& params) {
  boost::system::error_code no_address;
  const auto address = net::ip::make_address(params.address, no_address);
  return HostCheck(!no_address && address.is_loopback(), params.hosts);
}

}  // namespace

// Kept by the coroutines, too, so that none of them outlives what it uses.
struct Server::Parts {
  Parts(net::io_context& our_io, const Params& our_params, Router router, access::Gate& gate,
        const runtime::Clock& clock, telemetry::Telemetry& telemetry)
      : io(our_io),
        params(our_params),
        service(
            std::make_shared<Service>(params.limits, std::move(router), gate, host_check_of(params), clock, telemetry)),
        next_look(io) {}

  net::io_context& io;
  const Params params;
  const std::shared_ptr<Service> service;
  std::optional<tcp::acceptor> acceptor;
  net::steady_timer next_look;
  bool deserted = false;  // the server is gone

  static net::awaitable<void> accept(std::shared_ptr<Parts> self) {
    net::io_context& io = self->io;
    tcp::acceptor& acceptor = *self->acceptor;
    co_await accept_connections(io, acceptor, self->service);
  }

  static net::awaitable<void> look(std::shared_ptr<Parts> self) {
    while (!self->deserted) {
      self->next_look.expires_after(self->params.limits.look_every);
      const auto waited = co_await self->next_look.async_wait(kOutcome);
      static_cast<void>(waited);
      self->service->look();
      if (self->service->gone()) co_return;
    }
  }

  void close() {
    boost::system::error_code ignored;
    if (acceptor) acceptor->close(ignored);
  }
};

Server::Server(net::io_context& io, Params params, Router router, access::Gate& gate, const runtime::Clock& clock,
               telemetry::Telemetry& telemetry)
    : parts_(std::make_shared<Parts>(io, params, std::move(router), gate, clock, telemetry)) {}

Server::~Server() {
  parts_->close();
  parts_->deserted = !parts_->service->stopping();
  if (parts_->deserted) parts_->next_look.cancel();
}

Result<void> Server::start() {
  auto acceptor = listen_on(parts_->io, parts_->params.address, parts_->params.port);
  if (!acceptor) return acceptor.error();
  parts_->acceptor.emplace(std::move(*acceptor));
  runtime::spawn(parts_->io, "the listener", Parts::accept(parts_));
  runtime::spawn(parts_->io, "the look after sessions", Parts::look(parts_));
  return {};
}

void Server::stop(Duration within, std::function<void()> stopped) {
  IWAKAN_ASSERT(!parts_->service->stopping());
  parts_->close();
  parts_->service->stop(within, std::move(stopped));
}

void Server::use(std::shared_ptr<boost::asio::ssl::context> tls) {
  parts_->service->tls = std::move(tls);
}

std::uint16_t Server::port() const {
  return parts_->acceptor->local_endpoint().port();
}

std::size_t Server::connections() const {
  return parts_->service->connections();
}

}  // namespace iwakan::http

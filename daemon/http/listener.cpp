#include "http/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "http/session.hpp"
#include "runtime/spawn.hpp"

namespace iwakan::http {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto kOutcome = net::as_tuple(net::use_awaitable);
// Without descriptors accept() fails again at once; sessions that end make room meanwhile.
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{100};

Failure cannot_listen(const std::string& address, std::uint16_t port, const boost::system::error_code& error) {
  std::string detail = "cannot listen there: " + error.message();
  if (error == net::error::address_in_use) detail += "; is another iwakand running?";
  if (error == net::error::access_denied) detail += "; ports below 1024 are for privileged processes";
  return {Reason::io, std::move(detail), address + ":" + std::to_string(port)};
}

// Peers that were gone before they were received are no news.
bool is_ours(const boost::system::error_code& error) {
  return error == net::error::no_descriptors || error == net::error::no_memory ||
         error == net::error::no_buffer_space || error == boost::system::errc::too_many_files_open_in_system;
}

void receive(net::io_context& io, tcp::socket socket, const tcp::endpoint& peer,
             const std::shared_ptr<Service>& service) {
  const Reception reception = service->receive(peer.address());
  if (reception == Reception::shut_out) return;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  runtime::spawn(io, "an HTTP session", serve(std::move(socket), peer.address(), service, reception));
}

}  // namespace

Result<tcp::acceptor> listen_on(net::io_context& io, const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto parsed = net::ip::make_address(address, error);
  if (error) return Failure{Reason::malformed, "not an IP address; write 127.0.0.1, ::1, 0.0.0.0 or ::", address};
  const tcp::endpoint endpoint(parsed, port);
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(address, port, error);
  return acceptor;
}

net::awaitable<void> accept_connections(net::io_context& io, tcp::acceptor& acceptor,
                                        std::shared_ptr<Service> service) {
  net::steady_timer pause(io);
  while (acceptor.is_open()) {
    tcp::endpoint peer;
    auto outcome = co_await acceptor.async_accept(peer, kOutcome);
    if (!std::get<0>(outcome)) {
      receive(io, std::move(std::get<1>(outcome)), peer, service);
      continue;
    }
    if (!is_ours(std::get<0>(outcome))) continue;
    service->telemetry.report(telemetry::ConnectionRefused{telemetry::ConnectionRefusal::out_of_descriptors, {}});
    pause.expires_after(kPauseWithoutDescriptors);
    const auto paused = co_await pause.async_wait(kOutcome);
    static_cast<void>(paused);
  }
}

}  // namespace iwakan::http

// Listener: opens the address, and takes connections until it is closed.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "http/service.hpp"
#include "model/result.hpp"

namespace iwakan::http {

// An acceptor that listens on an IP address ("127.0.0.1", "::") and a port; port 0: any free one.
Result<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& io, const std::string& address,
                                                 std::uint16_t port);

// Spawns a session for each connection. Ends when the acceptor is closed. `io` and `acceptor` outlive
// the coroutine.
boost::asio::awaitable<void> accept_connections(boost::asio::io_context& io, boost::asio::ip::tcp::acceptor& acceptor,
                                                std::shared_ptr<Service> service);

}  // namespace iwakan::http

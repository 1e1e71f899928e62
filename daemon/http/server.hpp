// Server: listens, and serves the routes of a router over HTTP/1.1 until it is stopped.
//
// Owned by the app; everything runs on the io thread.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "access/gate.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/clock.hpp"
#include "telemetry/telemetry.hpp"

namespace boost::asio {
class io_context;
}

namespace iwakan::http {

class Server {
 public:
  struct Params {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8119;       // 0: any free one
    std::vector<std::string> hosts;  // further names this server goes by (host_check.hpp)
    Limits limits;
  };

  // `io` outlives this; `gate`, `clock` and `telemetry` outlive `io`, whose last handlers may still use them.
  Server(boost::asio::io_context& io, Params params, Router router, access::Gate& gate, const runtime::Clock& clock,
         telemetry::Telemetry& telemetry);
  ~Server();  // closes the door. Sessions that are still there go on as long as `io` runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens the address; from then on connections wait, and are served once `io` runs.
  Result<void> start();

  // Closes the door at once, lets requests in flight be answered, and cuts off what is left after
  // `within`. `stopped` is called once, on the io thread, when every connection is gone; never from
  // within this call. REQUIRES: started, not stopped before.
  void stop(Duration within, std::function<void()> stopped);

  // For connections from here on; null: without TLS.
  void use(std::shared_ptr<boost::asio::ssl::context> tls);

  std::uint16_t port() const;  // REQUIRES: started
  std::size_t connections() const;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace iwakan::http

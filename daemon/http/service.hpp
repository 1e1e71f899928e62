// Service: what all sessions of a server share: limits, routes, and the count of who is here. The
// inside of Server.
//
// Owned by the server and by each session; runs on the io thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/gate.hpp"
#include "http/host_check.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::http {

class Session;

// How a connection is received, and that it was made to leave.
enum class Reception {
  admitted,
  turned_away,  // answered with 503
  shut_out,     // closed without a word
  gave_way,     // was admitted; its place is another's now
};

// A connection that does nothing for us now, and how readily it gives its place to a new one: first those that never
// sent a request that counted, of the address that holds most of them, the one that has waited longest; last those
// that did.
struct Waiting {
  bool proved = false;
  bool in_body = false;  // sends a body, which may be a good one
  runtime::Moment since{};
};

class Service {
 public:
  Service(const Limits& limits, Router router, access::Gate& gate, HostCheck host_check, const runtime::Clock& clock,
          telemetry::Telemetry& telemetry);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Counts a connection in, unless it is shut out. Each needs its leave(). A house that is full makes room where it
  // can.
  Reception receive(const boost::asio::ip::address& remote);
  std::list<Session*>::iterator enter(Session& session);
  void leave(std::list<Session*>::iterator place, const boost::asio::ip::address& remote, Reception reception);

  // Memory for bodies. False: there is no room for `bytes` more.
  bool take_room(std::size_t bytes);
  void give_room(std::size_t bytes) { bodies_bytes_ -= bytes; }

  // Looks after every session: whoever is over their time is cut off.
  void look();

  // Sessions end after the request in flight; those still there after `within` are cut off. `stopped`
  // is called once, when all are gone; not from within this call.
  void stop(Duration within, std::function<void()> stopped);
  bool stopping() const { return stopping_; }
  bool gone() const { return stopping_ && sessions_.empty(); }

  // The Date header's value, made anew once a second.
  std::string_view date();

  std::size_t connections() const { return sessions_.size(); }

  const Limits limits;
  const Router router;
  access::Gate& gate;
  const HostCheck host_check;
  const runtime::Clock& clock;
  telemetry::Telemetry& telemetry;
  std::shared_ptr<boost::asio::ssl::context> tls;  // of connections from here on; null: without

 private:
  std::size_t from(const boost::asio::ip::address& neighbours) const;
  bool make_room(const boost::asio::ip::address* neighbours);
  void forget(const boost::asio::ip::address& neighbours);

  std::list<Session*> sessions_;
  std::size_t admitted_ = 0;
  std::size_t turned_away_ = 0;
  std::map<boost::asio::ip::address, std::size_t> by_address_;
  std::size_t bodies_bytes_ = 0;
  bool stopping_ = false;
  runtime::Moment stop_by_{};
  std::function<void()> stopped_;
  std::chrono::sys_seconds date_of_{};
  std::string date_;
};

}  // namespace iwakan::http

// Limits: how much and how long a peer may ask of the server. Every queue, buffer and wait has one.
#pragma once

#include <chrono>
#include <cstddef>

#include "model/time.hpp"

namespace iwakan::http {

struct Limits {
  std::size_t header_bytes_max = std::size_t{16} * 1024;          // of a head; more: 431
  std::size_t body_bytes_max = std::size_t{4} * 1024 * 1024;      // of a body, decoded; more: 413
  std::size_t bodies_bytes_max = std::size_t{256} * 1024 * 1024;  // of all bodies in memory; more: 503
  Duration header_time_max = std::chrono::seconds(5);  // from the first byte of a head to its last; more: 408
  Duration body_time_max = std::chrono::seconds(30);   // from the head to the last byte of the body; more: 408
  std::size_t body_rate_min = 1024;                    // bytes a second, once body_grace is over; less: 408
  Duration body_grace = std::chrono::seconds(5);
  Duration idle_time_max = std::chrono::seconds(15);   // between two requests
  Duration write_time_max = std::chrono::seconds(30);  // of an answer; more: the connection is cut
  Duration linger_time_max = std::chrono::seconds(2);  // for the peer to read the last answer and close
  // Of connections: for more, one that waits gives way (service.hpp); when none does: 503.
  std::size_t connections_max = 1024;
  std::size_t connections_per_address_max = 256;         // an IPv4 address, or an IPv6 /64
  std::size_t turned_away_max = 64;                      // being told so at once; more: just closed
  Duration retry_after = std::chrono::seconds(5);        // said with a 503
  Duration look_every = std::chrono::milliseconds(250);  // how finely times are kept
};

}  // namespace iwakan::http

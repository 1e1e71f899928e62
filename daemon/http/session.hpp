// Session: one connection, from its first byte to its last. Reads a request, has it handled, writes
// the answer, and so on, one after the other; pipelined requests wait in the buffer.
//
// Lives in the frame of serve(); runs on the io thread. Its times are kept by Service::look(), which
// cancels what takes too long: that costs no timer per read, and lets tests move the clock by hand.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "http/chunks.hpp"
#include "http/service.hpp"

namespace iwakan::http {

struct Exchange;

class Session {
 public:
  // Counted in by Service::receive() as `reception`; counts itself out.
  Session(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& remote, std::shared_ptr<Service> service,
          Reception reception);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  boost::asio::awaitable<void> run();

  void look(runtime::Moment now);  // cuts off what is over its time
  void wind_down();                // ends when no request is in flight
  void abandon();                  // ends now

  // Nothing: it works for us, or has left its place already.
  std::optional<Waiting> waiting() const;
  void give_way();  // ends now, and is no longer counted. REQUIRES: it waits
  const boost::asio::ip::address& remote() const { return remote_; }

 private:
  enum class Phase { idle, head, body, answer, stream, write, linger };

  boost::asio::awaitable<bool> shake_hands();    // false: the connection is over
  boost::asio::awaitable<bool> serve_request();  // true: the connection goes on
  boost::asio::awaitable<bool> receive_head();   // true: came, or was refused; false: the connection is over
  boost::asio::awaitable<bool> receive_body();   // likewise
  boost::asio::awaitable<bool> receive_counted();
  boost::asio::awaitable<bool> receive_chunked();
  boost::asio::awaitable<bool> receive_more(char* to, std::size_t room);  // likewise; how much: received_
  boost::asio::awaitable<bool> let_continue();
  boost::asio::awaitable<bool> wait_for_answer();  // false: abandoned
  boost::asio::awaitable<bool> send_answer();      // false: the connection is over
  boost::asio::awaitable<bool> send_out();         // likewise
  boost::asio::awaitable<bool> pour(std::shared_ptr<Stream> stream);
  boost::asio::awaitable<void> linger();

  void begin(Phase phase, Duration time_max);
  bool examine_head();  // true: the head is complete, or refused
  void judge();         // refuses what is refused before its body was read
  void judge_body();    // … and after
  access::Presented presented() const;
  void abide(access::Verdict verdict);
  void handle();
  void refuse(int status, Failure failure);
  void refuse_late();
  void turn_away();
  bool took(const std::tuple<boost::system::error_code, std::size_t>& outcome);  // likewise
  std::array<boost::asio::const_buffer, 2> compose_answer();
  void finish();
  void begin_body(std::size_t capacity);
  bool append_body(std::string_view data);
  bool too_slow(runtime::Moment now) const;

  boost::asio::ip::tcp::socket socket_;
  const std::shared_ptr<boost::asio::ssl::context> tls_context_;  // null: without TLS
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::optional<access::Certificate> certificate_;  // of the client
  const boost::asio::ip::address remote_;
  const std::shared_ptr<Service> service_;
  Reception reception_;
  boost::asio::steady_timer answered_;  // never expires: cancelled when the answer is there
  const std::shared_ptr<Exchange> exchange_;
  const std::list<Session*>::iterator place_;

  Phase phase_ = Phase::idle;
  runtime::Moment began_{};          // of the phase
  runtime::Moment deadline_{};       // of the phase
  runtime::Moment request_began_{};  // its first byte
  bool expired_ = false;             // look() cut the phase off
  std::size_t received_ = 0;         // by the last receive_more()
  std::size_t body_received_ = 0;    // bytes of the body as sent
  std::size_t head_length_ = 0;
  bool body_read_ = false;            // where this request ends is known, and it is in memory
  bool answer_closes_ = false;        // the last answer was one after which the connection ends
  bool proved_ = false;               // it has sent a request that not everybody may send, and that was good
  bool unproved_ = false;             // who asks shows in the body only
  const access::May* may_ = nullptr;  // of the request's route, once it is found
  const Handler* handler_ = nullptr;
  std::string out_;  // head of the answer, or a piece of a stream
};

// One connection, whole. The coroutine to spawn.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, boost::asio::ip::address remote,
                                   std::shared_ptr<Service> service, Reception reception);

}  // namespace iwakan::http

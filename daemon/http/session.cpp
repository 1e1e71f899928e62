#include "http/session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "http/answer_head.hpp"
#include "http/buffer.hpp"
#include "http/framing_gate.hpp"
#include "http/tls.hpp"
#include "model/assert.hpp"
#include "runtime/failpoint.hpp"

namespace iwakan::http {
namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto kOutcome = net::as_tuple(net::use_awaitable);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Behind the largest head there is room for this much of a body as it arrives.
constexpr std::size_t kBodyPieceBytes = std::size_t{16} * 1024;
// A body's memory up to this size is kept for the next request.
constexpr std::size_t kBodyBytesKept = std::size_t{64} * 1024;

}  // namespace

// What a handler may look at until it has answered, even when the connection is gone by then.
struct Exchange {
  Exchange(std::shared_ptr<Service> of, std::string remote_address)
      : service(std::move(of)),
        input(service->limits.header_bytes_max + kBodyPieceBytes),
        remote(std::move(remote_address)) {}
  ~Exchange() { drop_body(); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // An empty body with room for at least `capacity` bytes. False: there is no memory for it.
  bool begin_body(std::size_t capacity) {
    if (body && body->capacity() >= capacity) {
      body->restart_at(0);
      return true;
    }
    drop_body();
    capacity = std::max(capacity, kBodyBytesKept);
    if (!service->take_room(capacity)) return false;
    body.emplace(capacity);
    return true;
  }

  // Makes room for `more` bytes behind those that the body holds. False: there is no memory for it.
  bool grow_body(std::size_t more) {
    if (body->room() >= more) return true;
    const std::size_t capacity = std::max(body->size() + more, body->capacity() * 2);
    if (!service->take_room(capacity)) return false;
    Buffer larger(capacity);
    larger.append(body->view());
    drop_body();
    body.emplace(std::move(larger));
    return true;
  }

  void drop_body() {
    if (body) service->give_room(body->capacity());
    body.reset();
  }

  const std::shared_ptr<Service> service;
  Buffer input;
  Head head;
  std::optional<Buffer> body;  // unless the whole body lies in `input`
  const std::string remote;
  Request request;
  access::CallerPtr caller;  // of the request; null: nobody in particular
  std::optional<Response> response;
  net::steady_timer* answered = nullptr;  // of the session, while it lives
};

namespace {

// The one chance to answer a request. Shared by all copies of its Respond.
class Answer {
 public:
  explicit Answer(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  ~Answer() {
    if (exchange_ == nullptr) return;
    give(refusal(500, {Reason::unavailable, "the request was dropped without an answer", {}}));
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  void give(Response response) {
    IWAKAN_ASSERT(exchange_ != nullptr);  // exactly once
    const auto exchange = std::exchange(exchange_, nullptr);
    exchange->response = std::move(response);
    if (exchange->answered != nullptr) exchange->answered->cancel();
  }

 private:
  std::shared_ptr<Exchange> exchange_;
};

std::string text_of(const net::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

Session::Session(tcp::socket socket, const net::ip::address& remote, std::shared_ptr<Service> service,
                 Reception reception)
    : socket_(std::move(socket)),
      tls_context_(service->tls),
      remote_(remote),
      service_(std::move(service)),
      reception_(reception),
      answered_(socket_.get_executor(), net::steady_timer::time_point::max()),
      exchange_(std::make_shared<Exchange>(service_, text_of(remote_))),
      place_(service_->enter(*this)) {
  exchange_->answered = &answered_;
  began_ = service_->clock.monotonic();
  if (tls_context_) tls_.emplace(socket_, *tls_context_);
}

Session::~Session() {
  exchange_->answered = nullptr;
  service_->leave(place_, remote_, reception_);
}

net::awaitable<void> Session::run() {
  if (tls_) {
    if (reception_ == Reception::turned_away) co_return;  // a handshake is more than there is to spare
    const auto shaken = co_await shake_hands();
    if (!shaken) co_return;
  }
  if (reception_ == Reception::turned_away) {
    turn_away();
    const auto told = co_await send_answer();
    static_cast<void>(told);
  } else {
    bool more = true;
    while (more) {
      const auto served = co_await serve_request();
      more = served;
    }
  }
  if (!answer_closes_) co_return;
  co_await linger();
}

net::awaitable<bool> Session::shake_hands() {
  begin(Phase::head, service_->limits.header_time_max);
  constexpr auto kServer = net::ssl::stream_base::server;
  const auto outcome = co_await tls_->async_handshake(kServer, kOutcome);
  const boost::system::error_code& error = std::get<0>(outcome);
  if (error && reception_ == Reception::gave_way) co_return false;
  if (error) {
    const std::string why = expired_ ? "the handshake took too long" : error.message();
    service_->telemetry.report(
        telemetry::ConnectionRefused{telemetry::ConnectionRefusal::no_tls, exchange_->remote, why});
    co_return false;
  }
  certificate_ = certificate_of(tls_->native_handle());
  co_return true;
}

net::awaitable<bool> Session::serve_request() {
  const auto head_came = co_await receive_head();
  if (!head_came) co_return false;
  if (!exchange_->response) judge();
  if (!exchange_->response) {
    const auto body_came = co_await receive_body();
    if (!body_came) co_return false;
  }
  if (!exchange_->response) judge_body();
  if (!exchange_->response) handle();
  const auto answered = co_await wait_for_answer();
  if (!answered) co_return false;
  const auto sent = co_await send_answer();
  co_return sent;
}

// --- reading ------------------------------------------------------------------------------------

net::awaitable<bool> Session::receive_head() {
  Buffer& input = exchange_->input;
  input.move_to_front();
  exchange_->head.method = {};  // of the request before; a refused head leaves nothing behind
  may_ = nullptr;
  body_read_ = false;
  if (input.size() == 0) {
    if (service_->stopping()) co_return false;
    begin(Phase::idle, service_->limits.idle_time_max);
  } else {
    begin(Phase::head, service_->limits.header_time_max);
    request_began_ = began_;
  }
  while (input.size() == 0 || !examine_head()) {
    char* const end = input.end();
    const std::size_t room = input.room();
    const auto came = co_await receive_more(end, room);
    if (!came || exchange_->response) co_return came;
    input.written(received_);
    if (phase_ != Phase::idle) continue;
    begin(Phase::head, service_->limits.header_time_max);
    request_began_ = began_;
  }
  co_return true;
}

bool Session::examine_head() {
  const std::string_view bytes = exchange_->input.view();
  const HeadExtent extent = find_head(bytes);
  const std::size_t longest = service_->limits.header_bytes_max;
  if (extent.end == HeadEnd::malformed) {
    refuse(400, {Reason::malformed, "every line of the head must end with CRLF", {}});
    return true;
  }
  if (extent.length > longest || (extent.end == HeadEnd::not_yet && bytes.size() >= longest)) {
    refuse(431, {Reason::too_large, "the head is longer than " + std::to_string(longest) + " bytes", {}});
    return true;
  }
  if (extent.end == HeadEnd::not_yet) return false;
  head_length_ = extent.length;
  auto head_read = read_head(bytes.substr(0, head_length_), exchange_->head);
  if (!head_read) refuse(head_read.error().reason == Reason::too_large ? 431 : 400, head_read.error());
  return true;
}

void Session::judge() {
  const Head& head = exchange_->head;
  exchange_->input.drop_front(head_length_);  // it stays where it is until the request is answered
  body_read_ = head.content_length == 0 && !head.chunked;
  if (!service_->host_check.serves(head.host)) {
    return refuse(
        403,
        {Reason::forbidden,
         "this server does not go by that name; use its address, or add the name to the configured hosts", "Host"});
  }
  if (may_change(head.method) && !same_origin(find_header(head.headers, "Origin"), head.host)) {
    return refuse(403, {Reason::forbidden, "a page of another origin may change nothing here", "Origin"});
  }
  auto found = service_->router.find(head.method, head.path);
  if (auto* answer = std::get_if<Response>(&found)) {
    const Reason reason = answer->status == 404 ? Reason::not_found : Reason::unsupported;
    service_->telemetry.report(telemetry::RequestRefused{
        .source = "http", .reason = reason, .detail = {}, .path = head.path, .remote = exchange_->remote});
    exchange_->response = std::move(*answer);
    return;
  }
  const Match& match = std::get<Match>(found);
  may_ = match.may;
  handler_ = match.handler;
  exchange_->request.parameter = match.parameter;
  if (head.content_length > service_->limits.body_bytes_max) {
    return refuse(413, {Reason::too_large,
                        "the body is longer than " + std::to_string(service_->limits.body_bytes_max) + " bytes",
                        {}});
  }
  abide(service_->gate.judge(*may_, presented(), head.content_length));
}

access::Presented Session::presented() const {
  return {exchange_->head.headers, exchange_->remote, certificate_ ? &*certificate_ : nullptr};
}

void Session::abide(access::Verdict verdict) {
  exchange_->caller = std::move(verdict.caller);
  unproved_ = verdict.what == access::Verdict::What::after_body;
  if (verdict.what != access::Verdict::What::refused) return;
  refuse(status_of(verdict.failure.reason), std::move(verdict.failure));
}

// What only the body could tell.
void Session::judge_body() {
  const std::string_view body = exchange_->request.body;
  if (unproved_) return abide(service_->gate.judge_body(*may_, presented(), body));
  if (exchange_->head.chunked) service_->gate.charge(exchange_->caller, body.size());
}

net::awaitable<bool> Session::receive_body() {
  const Head& head = exchange_->head;
  exchange_->request.body = {};
  body_received_ = 0;
  if (body_read_) co_return true;
  begin(Phase::body, service_->limits.body_time_max);
  if (head.expects_continue && exchange_->input.size() == 0) {
    const auto told = co_await let_continue();
    if (!told) co_return false;
  }
  if (head.chunked) {
    const auto came = co_await receive_chunked();
    co_return came;
  }
  const auto came = co_await receive_counted();
  co_return came;
}

net::awaitable<bool> Session::receive_counted() {
  const std::size_t length = exchange_->head.content_length;
  Buffer& input = exchange_->input;
  if (input.size() >= length) {  // it came together with its head
    exchange_->request.body = input.view().substr(0, length);
    input.drop_front(length);
    body_read_ = true;
    co_return true;
  }
  begin_body(length);
  if (exchange_->response) co_return true;
  Buffer& body = *exchange_->body;
  body.append(input.view());
  body_received_ = body.size();
  input.drop_front(input.size());
  while (body.size() < length) {
    char* const end = body.end();
    const std::size_t missing = length - body.size();
    const auto came = co_await receive_more(end, missing);
    if (!came || exchange_->response) co_return came;
    body.written(received_);
    body_received_ += received_;
  }
  exchange_->request.body = body.view();
  body_read_ = true;
  co_return true;
}

net::awaitable<bool> Session::receive_chunked() {
  Buffer& input = exchange_->input;
  begin_body(0);
  if (exchange_->response) co_return true;
  Chunks chunks(service_->limits.body_bytes_max);
  const Chunks::Take take = [this](std::string_view data) { return append_body(data); };
  while (true) {
    const auto used = chunks.feed(input.view(), take);
    if (!used) {
      refuse(status_of(used.error().reason), used.error());
      co_return true;
    }
    input.drop_front(*used);
    if (chunks.done()) break;
    // All of it was used: what comes next goes where it was, behind the head that is still looked at.
    input.restart_at(head_length_);
    char* const end = input.end();
    const std::size_t room = input.room();
    const auto came = co_await receive_more(end, room);
    if (!came || exchange_->response) co_return came;
    input.written(received_);
    body_received_ += received_;
  }
  exchange_->request.body = exchange_->body->view();
  body_read_ = true;
  co_return true;
}

net::awaitable<bool> Session::receive_more(char* to, std::size_t room) {
  expired_ = false;
  const net::mutable_buffer target(to, room);
  if (tls_) {
    const auto outcome = co_await tls_->async_read_some(target, kOutcome);
    co_return took(outcome);
  }
  const auto outcome = co_await socket_.async_read_some(target, kOutcome);
  co_return took(outcome);
}

bool Session::took(const std::tuple<boost::system::error_code, std::size_t>& outcome) {
  received_ = std::get<1>(outcome);
  if (!std::get<0>(outcome)) return true;
  if (!expired_ || phase_ == Phase::idle) return false;
  refuse_late();
  return true;
}

net::awaitable<bool> Session::let_continue() {
  const net::const_buffer words(kContinue.data(), kContinue.size());
  if (tls_) {
    auto& stream = *tls_;
    const auto outcome = co_await net::async_write(stream, words, kOutcome);
    co_return !std::get<0>(outcome);
  }
  const auto outcome = co_await net::async_write(socket_, words, kOutcome);
  co_return !std::get<0>(outcome);
}

void Session::begin_body(std::size_t capacity) {
  if (exchange_->begin_body(capacity)) return;
  refuse(503, {Reason::unavailable, "no room for the body: try again later", {}});
}

bool Session::append_body(std::string_view data) {
  if (!exchange_->grow_body(data.size())) return false;
  exchange_->body->append(data);
  return true;
}

// --- answering ----------------------------------------------------------------------------------

void Session::handle() {
  runtime::failpoint("request_read");
  const Head& head = exchange_->head;
  Request& request = exchange_->request;
  request.method = head.method;
  request.target = head.target;
  request.path = head.path;
  request.query = head.query;
  request.headers = head.headers;
  request.remote = exchange_->remote;
  request.actor = exchange_->caller ? std::string_view(exchange_->caller->name) : std::string_view();
  phase_ = Phase::answer;
  Respond respond = [answer = std::make_shared<Answer>(exchange_)](Response response) {
    answer->give(std::move(response));
  };
  (*handler_)(request, std::move(respond));
}

net::awaitable<bool> Session::wait_for_answer() {
  if (!exchange_->response) {
    const auto outcome = co_await answered_.async_wait(kOutcome);
    static_cast<void>(outcome);
  }
  co_return exchange_->response.has_value();
}

net::awaitable<bool> Session::send_answer() {
  runtime::failpoint("before_answer");
  begin(Phase::write, service_->limits.write_time_max);
  const std::array<net::const_buffer, 2> whole = compose_answer();
  const std::shared_ptr<Stream> stream_after = exchange_->head.method == "HEAD" ? nullptr : exchange_->response->stream;
  bool written = false;
  if (tls_) {
    auto& stream = *tls_;
    const auto outcome = co_await net::async_write(stream, whole, kOutcome);
    written = !std::get<0>(outcome);
  } else {
    const auto outcome = co_await net::async_write(socket_, whole, kOutcome);
    written = !std::get<0>(outcome);
  }
  runtime::failpoint("after_answer");
  finish();
  if (!written) answer_closes_ = false;  // nobody is there to read it
  if (!written || !stream_after) co_return written && !answer_closes_;
  const auto poured = co_await pour(stream_after);
  co_return poured && !answer_closes_;
}

net::awaitable<bool> Session::pour(std::shared_ptr<Stream> stream) {
  stream->call_when_there([this] { answered_.cancel(); });
  bool goes_on = true;
  while (goes_on) {
    phase_ = Phase::stream;
    if (stream->empty() && !stream->over() && !service_->stopping()) {
      const auto outcome = co_await answered_.async_wait(kOutcome);
      static_cast<void>(outcome);
    }
    out_ = stream->take();
    goes_on = !stream->over() && !service_->stopping();
    begin(Phase::write, service_->limits.write_time_max);
    const auto sent = co_await send_out();
    goes_on = goes_on && sent;
  }
  stream->call_when_there({});
  co_return goes_on;
}

net::awaitable<bool> Session::send_out() {
  const net::const_buffer piece = net::buffer(out_);
  if (tls_) {
    auto& stream = *tls_;
    const auto outcome = co_await net::async_write(stream, piece, kOutcome);
    co_return !std::get<0>(outcome);
  }
  const auto outcome = co_await net::async_write(socket_, piece, kOutcome);
  co_return !std::get<0>(outcome);
}

std::array<net::const_buffer, 2> Session::compose_answer() {
  const Response& response = *exchange_->response;
  answer_closes_ = response.close || response.stream != nullptr || !body_read_ || !exchange_->head.keep_alive ||
                   service_->stopping();
  out_.clear();
  append_head(out_, response,
              {.date = service_->date(), .close = answer_closes_, .retry_after = service_->limits.retry_after});
  const bool bodiless = exchange_->head.method == "HEAD" || response.status == 204;
  return {net::buffer(out_), net::const_buffer(response.body.data(), bodiless ? 0 : response.body.size())};
}

void Session::finish() {
  if (may_ != nullptr && may_->who != access::May::Who::anyone && exchange_->response->status < 300) proved_ = true;
  const Duration took = service_->clock.monotonic() - request_began_;
  service_->telemetry.report(telemetry::RequestAnswered{exchange_->response->status, took});
  exchange_->response.reset();
  if (exchange_->body && exchange_->body->capacity() > kBodyBytesKept) exchange_->drop_body();
}

void Session::turn_away() {
  request_began_ = service_->clock.monotonic();
  exchange_->response = refusal(503, {Reason::unavailable, "too many connections: try again later", {}});
}

void Session::refuse(int status, Failure failure) {
  const bool of_source = may_ != nullptr && !may_->source.empty();
  service_->telemetry.report(telemetry::RequestRefused{.source = of_source ? std::string_view(may_->source) : "http",
                                                       .reason = failure.reason,
                                                       .detail = failure.detail,
                                                       .path = failure.path,
                                                       .remote = exchange_->remote});
  exchange_->response = refusal(status, failure);
  exchange_->response->close = true;
  if (status != 401) return;
  for (const char* challenge : {"Bearer realm=\"iwakan\"", "Basic realm=\"iwakan\", charset=\"UTF-8\""}) {
    exchange_->response->headers.emplace_back("WWW-Authenticate", challenge);
  }
}

void Session::refuse_late() {
  const bool in_head = phase_ == Phase::head;
  refuse(408, {Reason::timed_out, in_head ? "the head took too long" : "the body took too long", {}});
}

// Lets the peer read the last answer: closing at once, with bytes of the peer still unread, would
// reset the connection and take the answer away from under it (RFC 9112 9.6).
net::awaitable<void> Session::linger() {
  begin(Phase::linger, service_->limits.linger_time_max);
  if (tls_) {  // says that this was all, and does not wait for the peer to say so, too
    SSL_set_shutdown(tls_->native_handle(), SSL_RECEIVED_SHUTDOWN);
    const auto said = co_await tls_->async_shutdown(kOutcome);
    static_cast<void>(said);
  }
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  exchange_->input.restart_at(0);
  const net::mutable_buffer target(exchange_->input.end(), exchange_->input.room());
  bool open = true;
  while (open) {
    const auto outcome = co_await socket_.async_read_some(target, kOutcome);
    open = !std::get<0>(outcome);
  }
}

// --- time ---------------------------------------------------------------------------------------

void Session::begin(Phase phase, Duration time_max) {
  phase_ = phase;
  began_ = service_->clock.monotonic();
  deadline_ = began_ + time_max;
}

bool Session::too_slow(runtime::Moment now) const {
  if (phase_ != Phase::body || now - began_ < service_->limits.body_grace) return false;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  return static_cast<double>(body_received_) < seconds * static_cast<double>(service_->limits.body_rate_min);
}

void Session::look(runtime::Moment now) {
  if (phase_ == Phase::answer || phase_ == Phase::stream || (now < deadline_ && !too_slow(now))) return;
  expired_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Session::wind_down() {
  if (phase_ == Phase::stream) answered_.cancel();
  if (phase_ != Phase::idle) return;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

std::optional<Waiting> Session::waiting() const {
  const bool works = phase_ == Phase::answer || phase_ == Phase::stream || phase_ == Phase::write;
  if (reception_ != Reception::admitted || works || (phase_ == Phase::body && proved_)) return std::nullopt;
  return Waiting{proved_, phase_ == Phase::body, began_};
}

void Session::give_way() {
  reception_ = Reception::gave_way;
  abandon();
}

void Session::abandon() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  answered_.cancel();
}

net::awaitable<void> serve(tcp::socket socket, net::ip::address remote, std::shared_ptr<Service> service,
                           Reception reception) {
  Session session(std::move(socket), remote, std::move(service), reception);
  co_await session.run();
}

}  // namespace iwakan::http

#include "http/service.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "http/answer_head.hpp"
#include "http/session.hpp"

namespace iwakan::http {
namespace {

using boost::asio::ip::address;

// Who counts as one: an IPv4 address, however written, or an IPv6 /64, which is what one customer gets.
address neighbourhood(const address& remote) {
  if (remote.is_v4()) return remote;
  auto bytes = remote.to_v6().to_bytes();
  if (remote.to_v6().is_v4_mapped()) return make_address_v4(boost::asio::ip::v4_mapped, remote.to_v6());
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes);
}

}  // namespace

Service::Service(const Limits& our_limits, Router our_router, access::Gate& our_gate, HostCheck our_host_check,
                 const runtime::Clock& our_clock, telemetry::Telemetry& our_telemetry)
    : limits(our_limits),
      router(std::move(our_router)),
      gate(our_gate),
      host_check(std::move(our_host_check)),
      clock(our_clock),
      telemetry(our_telemetry) {}

std::size_t Service::from(const address& neighbours) const {
  const auto known = by_address_.find(neighbours);
  return known == by_address_.end() ? 0 : known->second;
}

Reception Service::receive(const address& remote) {
  const address neighbours = neighbourhood(remote);
  std::optional<telemetry::ConnectionRefusal> refusal;
  if (from(neighbours) >= limits.connections_per_address_max && !make_room(&neighbours)) {
    refusal = telemetry::ConnectionRefusal::too_many_from_address;
  } else if (admitted_ >= limits.connections_max && !make_room(nullptr)) {
    refusal = telemetry::ConnectionRefusal::too_many;
  }
  if (!refusal) {
    ++admitted_;
    ++by_address_[neighbours];
    return Reception::admitted;
  }
  telemetry.report(telemetry::ConnectionRefused{*refusal, remote.to_string()});
  if (turned_away_ >= limits.turned_away_max) return Reception::shut_out;
  ++turned_away_;
  return Reception::turned_away;
}

std::list<Session*>::iterator Service::enter(Session& session) {
  const auto place = sessions_.insert(sessions_.end(), &session);
  telemetry.report(telemetry::ConnectionsCounted{sessions_.size()});
  return place;
}

void Service::leave(std::list<Session*>::iterator place, const address& remote, Reception reception) {
  sessions_.erase(place);
  telemetry.report(telemetry::ConnectionsCounted{sessions_.size()});
  if (reception == Reception::turned_away) --turned_away_;
  if (reception == Reception::admitted) forget(neighbourhood(remote));
}

void Service::forget(const address& neighbours) {
  --admitted_;
  const auto known = by_address_.find(neighbours);
  if (--known->second == 0) by_address_.erase(known);
}

// Of all, or of one address. False: none waits.
bool Service::make_room(const address* neighbours) {
  using Reluctance = std::tuple<bool, bool, std::size_t, runtime::Moment>;
  Session* least = nullptr;
  Reluctance least_reluctance;
  for (Session* session : sessions_) {
    const auto waiting = session->waiting();
    if (!waiting) continue;
    const address whose = neighbourhood(session->remote());
    if (neighbours != nullptr && whose != *neighbours) continue;
    const std::size_t others =
        neighbours != nullptr ? 0 : limits.connections_max - std::min(from(whose), limits.connections_max);
    const Reluctance reluctance{waiting->proved, waiting->in_body, others, waiting->since};
    if (least != nullptr && reluctance >= least_reluctance) continue;
    least = session;
    least_reluctance = reluctance;
  }
  if (least == nullptr) return false;
  telemetry.report(
      telemetry::ConnectionRefused{telemetry::ConnectionRefusal::gave_way, least->remote().to_string(), {}});
  forget(neighbourhood(least->remote()));
  least->give_way();
  return true;
}

bool Service::take_room(std::size_t bytes) {
  if (bodies_bytes_ + bytes > limits.bodies_bytes_max) return false;
  bodies_bytes_ += bytes;
  return true;
}

void Service::look() {
  const runtime::Moment now = clock.monotonic();
  const bool patience_is_over = stopping_ && now >= stop_by_;
  for (Session* session : sessions_) {
    if (patience_is_over) {
      session->abandon();
    } else {
      session->look(now);
    }
  }
  if (gone() && stopped_) std::exchange(stopped_, nullptr)();
}

void Service::stop(Duration within, std::function<void()> stopped) {
  stopping_ = true;
  stop_by_ = clock.monotonic() + within;
  stopped_ = std::move(stopped);
  for (Session* session : sessions_) session->wind_down();
}

std::string_view Service::date() {
  const TimePoint now = clock.now();
  if (date_.empty() || std::chrono::floor<std::chrono::seconds>(now) != date_of_) {
    date_of_ = std::chrono::floor<std::chrono::seconds>(now);
    date_ = http_date(now);
  }
  return date_;
}

}  // namespace iwakan::http

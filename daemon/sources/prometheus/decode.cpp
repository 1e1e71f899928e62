#include "sources/prometheus/decode.hpp"

#include <optional>

#include "sources/alert_json.hpp"
#include "sources/json.hpp"

namespace iwakan::sources::prometheus {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kRefusedToldMax = 20;  // lines of one answer

// The JSON itself is broken, so that nobody knows where the next alert begins.
bool is_of_the_whole(const Failure& failure) {
  return failure.reason == Reason::malformed && failure.detail.starts_with("not the JSON");
}

struct Times {
  TimePoint at{};
  Duration resolve_timeout{};
};

// Alertmanager's order of rules; nothing: the times are at odds.
bool settle_times(Alert& alert, TimePoint ends_at, const Times& times) {
  const bool ends = ends_at != kZeroTime;
  if (!ends) ends_at = times.at + times.resolve_timeout;
  if (alert.starts_at != kZeroTime && ends_at < alert.starts_at) return false;
  if (ends_at <= times.at) {
    alert.state = AlertState::resolved;
    alert.ends_at = ends_at;
  } else {
    alert.expires_at = ends_at;
  }
  return true;
}

}  // namespace

struct Decoder::Scratch {
  JsonBody json;
  AlertReader read;

  std::optional<Failure> alert(ondemand::value value, AlertBatch& batch, const AlertPlace& place, const Times& times);
};

Decoder::Decoder() : scratch_(std::make_unique<Scratch>()) {}
Decoder::~Decoder() = default;

std::optional<Failure> Decoder::Scratch::alert(ondemand::value value, AlertBatch& batch, const AlertPlace& place,
                                               const Times& times) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(place.path(), "an object")
                                             : malformed_json(place.path(), error);
  }
  Alert alert;
  alert.starts_at = kZeroTime;
  TimePoint ends_at = kZeroTime;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json(place.path(), error);
    if (const auto error = field.value().get(member)) return malformed_json(place.path(), error);
    if (auto failure = read.member(key, member, place, batch, alert, ends_at)) return failure;
  }
  if (alert.labels.empty()) return missing(place.path("labels"), "at least one label pair required");
  if (alert.labels.front().name.empty())
    return Failure{Reason::out_of_range, "a label without a name", place.path("labels")};
  if (!settle_times(alert, ends_at, times))
    return Failure{Reason::out_of_range, "start time must be before end time", place.path("endsAt")};
  alert.fingerprint = fingerprint_of(alert.labels);
  batch.add(alert);
  return std::nullopt;
}

Result<Posted> Decoder::decode(std::string_view body, TimePoint at, Duration resolve_timeout) {
  Scratch& scratch = *scratch_;
  ondemand::document document;
  if (auto failure = scratch.json.begin(body, document)) return *std::move(failure);
  ondemand::array array;
  if (const auto error = document.get_array().get(array)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type({}, "a JSON list of alerts, as Prometheus posts it")
                                             : malformed_json({}, error);
  }
  Posted posted;
  std::size_t refused = 0;
  const Times times{at, resolve_timeout};
  AlertPlace place;
  for (auto item : array) {
    ondemand::value one;
    if (const auto error = item.get(one)) return malformed_json({}, error);
    if (place.index >= kAlertsMax) return Failure{Reason::too_large, "more than 10000 alerts", {}};
    if (auto failure = scratch.alert(one, posted.batch, place, times)) {
      if (is_of_the_whole(*failure)) return *std::move(failure);
      if (++refused <= kRefusedToldMax) posted.refused += (refused > 1 ? "\n" : "") + to_string(*failure);
    }
    ++place.index;
  }
  if (auto failure = JsonBody::end(document)) return *std::move(failure);
  if (refused > kRefusedToldMax) posted.refused += "\n" + std::to_string(refused - kRefusedToldMax) + " more";
  return posted;
}

}  // namespace iwakan::sources::prometheus

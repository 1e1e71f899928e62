#include "sources/alertmanager/decode.hpp"

#include <optional>
#include <string>

#include "sources/alert_json.hpp"
#include "sources/json.hpp"

namespace iwakan::sources::alertmanager {

namespace ondemand = simdjson::ondemand;

struct Decoder::Scratch {
  explicit Scratch(std::unique_ptr<Dialect> added) : dialect(std::move(added)) {}

  std::unique_ptr<Dialect> dialect;  // null: Alertmanager's own
  JsonBody json;
  AlertReader read;

  std::optional<Failure> alert(ondemand::value value, AlertBatch& batch, const AlertPlace& place, TimePoint at);
  std::optional<Failure> alerts(ondemand::value value, AlertBatch& batch, TimePoint at);
};

Decoder::Decoder(std::unique_ptr<Dialect> dialect) : scratch_(std::make_unique<Scratch>(std::move(dialect))) {}
Decoder::~Decoder() = default;

std::optional<Failure> Decoder::Scratch::alert(ondemand::value value, AlertBatch& batch, const AlertPlace& place,
                                               TimePoint at) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(place.path(), "an object")
                                             : malformed_json(place.path(), error);
  }
  if (dialect) dialect->begin();
  Alert alert;
  alert.starts_at = kZeroTime;
  TimePoint ends_at = kZeroTime;
  bool has_status = false;
  bool has_labels = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json(place.path(), error);
    if (const auto error = field.value().get(member)) return malformed_json(place.path(), error);
    std::optional<Failure> failure;
    if (key == "status") {
      std::string_view status;
      failure = AlertReader::text(member, status, place, "status");
      if (!failure && status != "firing" && status != "resolved") {
        failure = Failure{Reason::out_of_range, "must be \"firing\" or \"resolved\"", place.path("status")};
      }
      alert.state = status == "resolved" ? AlertState::resolved : AlertState::firing;
      has_status = true;
    } else {
      failure = read.member(key, member, place, batch, alert, ends_at);
      has_labels |= key == "labels";
      if (dialect && !failure) failure = dialect->member(key, member, place);
    }
    if (failure) return failure;
  }
  if (!has_status) return missing(place.path("status"), "the status is missing: \"firing\" or \"resolved\"");
  if (!has_labels) return missing(place.path("labels"), "the labels are missing");
  if (alert.labels.empty()) return missing(place.path("labels"), "an alert needs at least one label with a value");
  if (alert.state == AlertState::resolved) alert.ends_at = ends_at == kZeroTime ? at : ends_at;
  alert.fingerprint = fingerprint_of(alert.labels);
  if (dialect) dialect->finish(alert, batch);
  batch.add(alert);
  return std::nullopt;
}

std::optional<Failure> Decoder::Scratch::alerts(ondemand::value value, AlertBatch& batch, TimePoint at) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type("/alerts", "a list") : malformed_json("/alerts", error);
  }
  AlertPlace place{"/alerts", 0};
  for (auto item : array) {
    ondemand::value one;
    if (const auto error = item.get(one)) return malformed_json("/alerts", error);
    if (place.index >= kAlertsMax) return Failure{Reason::too_large, "more than 10000 alerts", "/alerts"};
    if (auto failure = alert(one, batch, place, at)) return failure;
    ++place.index;
  }
  return std::nullopt;
}

Result<Webhook> Decoder::decode(std::string_view body, TimePoint at) {
  Scratch& scratch = *scratch_;
  const std::string sender(scratch.dialect ? scratch.dialect->name() : "Alertmanager's webhook, version 4");
  ondemand::document document;
  if (auto failure = scratch.json.begin(body, document)) return *std::move(failure);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type({}, "a JSON object; is this " + sender + "?")
                                             : malformed_json({}, error);
  }
  Webhook webhook;
  bool has_alerts = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json({}, error);
    if (const auto error = field.value().get(value)) return malformed_json({}, error);
    if (key == "alerts") {
      if (has_alerts) return Failure{Reason::duplicate, "the alerts stand here twice", "/alerts"};
      has_alerts = true;
      if (auto failure = scratch.alerts(value, webhook.batch, at)) return *std::move(failure);
    } else if (key == "truncatedAlerts") {
      std::uint64_t count = 0;
      if (value.get_uint64().get(count)) return wrong_type("/truncatedAlerts", "a count");
      webhook.truncated = count > 0;
    }
  }
  if (!has_alerts) return missing("/alerts", "the alerts are missing; is this " + sender + "?");
  if (auto failure = JsonBody::end(document)) return *std::move(failure);
  return webhook;
}

}  // namespace iwakan::sources::alertmanager

#include "sources/alertmanager/decode.hpp"

#include <optional>
#include <string>

#include "sources/json.hpp"

namespace iwakan::sources::alertmanager {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kParserBytesMax = std::size_t{256} << 20U;

std::string alert_path(std::size_t index, std::string_view member) {
  std::string path = "/alerts/" + std::to_string(index);
  if (!member.empty()) path += "/" + std::string(member);
  return path;
}

std::optional<Failure> text_of(ondemand::value value, std::string_view& text, auto path) {
  if (const auto error = value.get_string().get(text)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(path(), "a string") : malformed_json(path(), error);
  }
  if (const char* problem = problem_of_text(text)) return Failure{Reason::out_of_range, problem, path()};
  return std::nullopt;
}

}  // namespace

struct Decoder::Scratch {
  ondemand::parser parser{kParserBytesMax};
  simdjson::padded_string_view view;
  std::string padded;  // the body, with the room behind it that simdjson wants
  std::vector<Label> labels;

  std::optional<Failure> pairs(ondemand::value value, AlertBatch& batch, std::span<const Label>& kept,
                               std::size_t index, std::string_view member);
  std::optional<Failure> time(ondemand::value value, TimePoint& time, std::size_t index, std::string_view member);
  std::optional<Failure> alert(ondemand::value value, AlertBatch& batch, std::size_t index, TimePoint at);
  std::optional<Failure> alerts(ondemand::value value, AlertBatch& batch, TimePoint at);
};

Decoder::Decoder() : scratch_(std::make_unique<Scratch>()) {}
Decoder::~Decoder() = default;

std::optional<Failure> Decoder::Scratch::pairs(ondemand::value value, AlertBatch& batch, std::span<const Label>& kept,
                                               std::size_t index, std::string_view member) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(alert_path(index, member), "an object of strings")
                                             : malformed_json(alert_path(index, member), error);
  }
  labels.clear();
  for (auto field : object) {
    std::string_view key;
    ondemand::value item;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json(alert_path(index, member), error);
    const std::string_view name = batch.keep(key);
    if (const auto error = field.value().get(item)) return malformed_json(alert_path(index, member), error);
    const auto path = [&] { return alert_path(index, member) + "/" + pointer_part(name); };
    std::string_view text;
    if (auto failure = text_of(item, text, path)) return failure;
    if (problem_of_text(name) != nullptr)
      return Failure{Reason::out_of_range, "a name that holds a control character or is too long", path()};
    if (labels.size() >= kLabelsMax)
      return Failure{Reason::too_large, "more than 256 of them", alert_path(index, member)};
    labels.push_back({name, batch.keep(text)});
  }
  if (batch.keep_sorted(labels, kept)) return std::nullopt;
  return Failure{Reason::duplicate, "a name stands here twice", alert_path(index, member)};
}

std::optional<Failure> Decoder::Scratch::time(ondemand::value value, TimePoint& time, std::size_t index,
                                              std::string_view member) {
  std::string_view text;
  const auto path = [&] { return alert_path(index, member); };
  if (auto failure = text_of(value, text, path)) return failure;
  const auto parsed = parse_time(text);
  if (!parsed) return Failure{parsed.error().reason, parsed.error().detail, path()};
  time = *parsed;
  return std::nullopt;
}

std::optional<Failure> Decoder::Scratch::alert(ondemand::value value, AlertBatch& batch, std::size_t index,
                                               TimePoint at) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(alert_path(index, {}), "an object")
                                             : malformed_json(alert_path(index, {}), error);
  }
  Alert alert;
  alert.starts_at = kZeroTime;
  TimePoint ends_at = kZeroTime;
  bool has_status = false;
  bool has_labels = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json(alert_path(index, {}), error);
    if (const auto error = field.value().get(member)) return malformed_json(alert_path(index, {}), error);
    std::optional<Failure> failure;
    if (key == "status") {
      std::string_view status;
      failure = text_of(member, status, [&] { return alert_path(index, "status"); });
      if (!failure && status != "firing" && status != "resolved") {
        failure = Failure{Reason::out_of_range, "must be \"firing\" or \"resolved\"", alert_path(index, "status")};
      }
      alert.state = status == "resolved" ? AlertState::resolved : AlertState::firing;
      has_status = true;
    } else if (key == "labels") {
      failure = pairs(member, batch, alert.labels, index, "labels");
      has_labels = true;
    } else if (key == "annotations") {
      failure = pairs(member, batch, alert.annotations, index, "annotations");
    } else if (key == "startsAt") {
      failure = time(member, alert.starts_at, index, "startsAt");
    } else if (key == "endsAt") {
      failure = time(member, ends_at, index, "endsAt");
    } else if (key == "generatorURL") {
      std::string_view link;
      failure = text_of(member, link, [&] { return alert_path(index, "generatorURL"); });
      if (!failure) alert.link = batch.keep(safe_link(link));
    }
    if (failure) return failure;
  }
  if (!has_status) return missing(alert_path(index, "status"), "the status is missing: \"firing\" or \"resolved\"");
  if (!has_labels) return missing(alert_path(index, "labels"), "the labels are missing");
  if (alert.labels.empty())
    return missing(alert_path(index, "labels"), "an alert needs at least one label with a value");
  // Alertmanager always says when an alert began; for senders of its format that do not, it began now.
  if (alert.starts_at == kZeroTime && alert.state == AlertState::firing) alert.starts_at = at;
  if (alert.state == AlertState::resolved) alert.ends_at = ends_at == kZeroTime ? at : ends_at;
  alert.fingerprint = fingerprint_of(alert.labels);
  batch.add(alert);
  return std::nullopt;
}

std::optional<Failure> Decoder::Scratch::alerts(ondemand::value value, AlertBatch& batch, TimePoint at) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type("/alerts", "a list") : malformed_json("/alerts", error);
  }
  std::size_t index = 0;
  for (auto item : array) {
    ondemand::value one;
    if (const auto error = item.get(one)) return malformed_json("/alerts", error);
    if (index >= kAlertsMax) return Failure{Reason::too_large, "more than 10000 alerts", "/alerts"};
    if (auto failure = alert(one, batch, index++, at)) return failure;
  }
  return std::nullopt;
}

Result<Webhook> Decoder::decode(std::string_view body, TimePoint at) {
  Scratch& scratch = *scratch_;
  scratch.padded.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  scratch.padded.assign(body);
  if (scratch.parser.max_depth() != kDepthMax || scratch.parser.capacity() < body.size()) {
    if (const auto error = scratch.parser.allocate(std::max(body.size(), std::size_t{64} * 1024), kDepthMax)) {
      return malformed_json({}, error);
    }
  }
  ondemand::document document;
  const simdjson::padded_string_view view(scratch.padded.data(), scratch.padded.size(), scratch.padded.capacity());
  if (const auto error = scratch.parser.iterate(view).get(document)) return malformed_json({}, error);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type({}, "a JSON object, as Alertmanager's webhook sends it")
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
  if (!has_alerts) return missing("/alerts", "the alerts are missing; is this Alertmanager's webhook, version 4?");
  // Where a further token stands; at the end of the text there is none.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
    return Failure{Reason::malformed, "something follows the JSON", {}};
  return webhook;
}

}  // namespace iwakan::sources::alertmanager

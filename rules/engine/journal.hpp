// The records of the journal: what happened, reduced to what counts. First byte: the kind of record.
//
//   started            at
//   transitions        at, source, list of (kind, fingerprint, starts_at, ended_at, subject, alert name,
//                      maybe (labels, annotations, link, alert state, its starts_at, maybe its ends_at))
//   source withdrawn   at, source, detail
//   time reached       at
//   person acted       at, actor, act
//   delivery started   at, delivery
//   delivery answered  at, delivery, answer
//   configuration      at, digest
//   source spoke       at, source
//
// Refreshes leave no record. Encodings: codec.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/transition.hpp"
#include "model/event.hpp"

namespace iwakan::engine {

// Transitions as they were concluded, with the text of their alerts.
struct TransitionsSeen {
  TimePoint at{};
  std::string source;
  std::vector<Transition> transitions;  // look into `batch`
  AlertBatch batch;
};

// `event` must not be AlertsReceived or AlertsRecalled: their transitions are what is recorded.
std::string encode_record(const Event& event);
std::string encode_record(TimePoint at, std::string_view source, std::span<const Transition> transitions);

using Record = std::variant<Event, TransitionsSeen>;

// Nothing: not a record, or damaged.
std::optional<Record> decode_record(std::string_view bytes);

// When the record was made; every kind begins with it. Nothing: not a record.
std::optional<TimePoint> record_time(std::string_view bytes);

// A row of the table alerts: where one alert stands.
struct AlertRow {
  std::string source;
  std::string subject;
  std::string alert_name;
  Fingerprint fingerprint = 0;
  TimePoint starts_at{};
  TimePoint changed_at{};
  TimePoint ended_at{};
  MemberState state = MemberState::firing;
  std::string held_by;   // only when silenced
  bool watched = false;  // written only where it is so
};

// The key of an alert's rows.
std::string alert_key(std::string_view source, Fingerprint fingerprint);

std::string encode_alert_row(const AlertTable& table, const AlertEntry& entry);
std::optional<AlertRow> decode_alert_row(std::string_view bytes);

// The labels, annotations and link of an alert, as the table alert_texts keeps them.
std::string encode_alert_text(const Alert& alert);
// `key`: of the row; its end is the fingerprint, which its source may have made of some labels only.
bool decode_alert_text(std::string_view key, std::string_view bytes, AlertBatch& batch);

}  // namespace iwakan::engine

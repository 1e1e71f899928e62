#include "engine/journal.hpp"

#include "engine/fields.hpp"
#include "model/codec.hpp"

namespace iwakan::act {

template <class Archive, class Value>
requires Of<AssignRole, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.role, v.person, v.does);
}
template <class Archive, class Value>
requires Of<ReleaseRole, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.role, v.person);
}
template <class Archive, class Value>
requires Of<HandOver, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.to);
}
template <class Archive, class Value>
requires Of<Acknowledge, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.person);
}
template <class Archive, class Value>
requires Of<Note, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.text, v.occurred_at);
}
template <class Archive, class Value>
requires Of<SetStatus, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.status, v.why);
}
template <class Archive, class Value>
requires Of<SetImpact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.impact, v.what);
}
template <class Archive, class Value>
requires Of<Declare, Value>
void fields(Archive& archive, Value& v) {
  archive(v.subject, v.title, v.impact, v.level);
}
template <class Archive, class Value>
requires Of<Redeliver, Value>
void fields(Archive& archive, Value& v) {
  archive(v.delivery);
}

template <class Archive, class Value>
requires Of<Judge, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.judgement, v.why);
}
template <class Archive, class Value>
requires Of<Hunch, Value>
void fields(Archive& archive, Value& v) {
  archive(v.subject, v.text);
}
template <class Archive, class Value>
requires Of<SetLevel, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.level, v.why);
}
template <class Archive, class Value>
requires Of<SetOrigin, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.origin, v.why);
}
template <class Archive, class Value>
requires Of<Merge, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.into, v.why);
}
template <class Archive, class Value>
requires Of<Split, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.subjects, v.title, v.why);
}
template <class Archive, class Value>
requires Of<Reopen, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.why);
}
template <class Archive, class Value>
requires Of<DeclareRecovery, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.although);
}
template <class Archive, class Value>
requires Of<IssueReport, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.kind, v.corrects);
}
template <class Archive, class Value>
requires Of<ApproveReport, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident);
}

template <class Archive, class Value>
requires Of<AddFact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.kind, v.what, v.source, v.since, v.at);
}
template <class Archive, class Value>
requires Of<CorrectFact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.fact, v.what, v.source, v.at, v.why);
}
template <class Archive, class Value>
requires Of<WithdrawFact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.fact, v.why);
}
template <class Archive, class Value>
requires Of<AddUnknown, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.what, v.checker, v.due);
}
template <class Archive, class Value>
requires Of<AnswerUnknown, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.unknown, v.answer, v.source, v.at);
}
template <class Archive, class Value>
requires Of<MoveUnknown, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.unknown, v.due, v.why);
}
template <class Archive, class Value>
requires Of<AddFollowUp, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.what, v.owner, v.due);
}
template <class Archive, class Value>
requires Of<FinishFollowUp, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.follow_up, v.note);
}
template <class Archive, class Value>
requires Of<State, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.field, v.text);
}
template <class Archive, class Value>
requires Of<AskDepartment, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.department, v.what);
}
template <class Archive, class Value>
requires Of<CorrectEntry, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.entry, v.text, v.occurred_at);
}
template <class Archive, class Value>
requires Of<ChatLine, Value>
void fields(Archive& archive, Value& v) {
  archive(v.source_id, v.occurred_at, v.author, v.text);
}
template <class Archive, class Value>
requires Of<ImportChat, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.lines);
}
template <class Archive, class Value>
requires Of<AskQuestion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.person, v.text, v.of_a_person);
}
template <class Archive, class Value>
requires Of<AnswerQuestion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.question, v.text);
}
template <class Archive, class Value>
requires Of<AssignQuestion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.question, v.person);
}
template <class Archive, class Value>
requires Of<MergeQuestion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.question, v.into);
}

template <class Archive, class Value>
requires Of<SetSilence, Value>
void fields(Archive& archive, Value& v) {
  archive(v.silence, v.fresh_id);
}
template <class Archive, class Value>
requires Of<ExpireSilence, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id);
}

}  // namespace iwakan::act

namespace iwakan {

template <class Archive, class Value>
requires Of<SourceSpoke, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.source);
}

template <class Archive, class Value>
requires Of<Started, Value> || Of<TimeReached, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at);
}
template <class Archive, class Value>
requires Of<SourceWithdrawn, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.source, v.detail);
}
template <class Archive, class Value>
requires Of<DeliveryStarted, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.delivery);
}
template <class Archive, class Value>
requires Of<DeliveryAnswered, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.delivery, v.answer);
}
template <class Archive, class Value>
requires Of<ConfigurationReplaced, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.digest);
}

}  // namespace iwakan

namespace iwakan::engine {
namespace {

enum class RecordKind : std::uint8_t {
  started = 1,
  transitions,
  source_withdrawn,
  time_reached,
  person_acted,
  delivery_started,
  delivery_answered,
  configuration_replaced,
  source_spoke,
};

void put_labels(Encoder& encoder, std::span<const Label> labels) {
  encoder(labels.size());
  for (const Label& label : labels) encoder(label.name, label.value);
}

std::span<const Label> get_labels(Decoder& decoder, AlertBatch& batch) {
  std::vector<Label> labels;
  for (std::uint64_t count = decoder.counted(); count > 0 && decoder.ok(); --count) {
    const std::string_view label_name = batch.keep(decoder.text_view());
    labels.push_back({label_name, batch.keep(decoder.text_view())});
  }
  std::span<const Label> kept;
  if (!batch.keep_sorted(labels, kept)) decoder.fail();
  return kept;
}

void put_alert_text(Encoder& encoder, const Alert& alert) {
  put_labels(encoder, alert.labels);
  put_labels(encoder, alert.annotations);
  encoder(alert.link);
}

void get_alert_text(Decoder& decoder, AlertBatch& batch, Alert& alert) {
  alert.labels = get_labels(decoder, batch);
  alert.annotations = get_labels(decoder, batch);
  alert.link = batch.keep(decoder.text_view());
  alert.fingerprint = fingerprint_of(alert.labels);
}

void put_act(Encoder& encoder, const Act& act) {
  encoder(act.index());
  std::visit([&encoder](const auto& what) { encoder(what); }, act);
}

template <std::size_t Index = 0>
Act get_act(Decoder& decoder, std::size_t index) {
  if constexpr (Index < std::variant_size_v<Act>) {
    if (index != Index) return get_act<Index + 1>(decoder, index);
    std::variant_alternative_t<Index, Act> what;
    decoder(what);
    return what;
  } else {
    decoder.fail();
    return {};
  }
}

// The kind of record of each event. AlertsReceived and AlertsRecalled have none: their transitions are recorded.
template <class EventType>
constexpr RecordKind kKindOf = RecordKind::transitions;
template <>
constexpr RecordKind kKindOf<Started> = RecordKind::started;
template <>
constexpr RecordKind kKindOf<SourceWithdrawn> = RecordKind::source_withdrawn;
template <>
constexpr RecordKind kKindOf<TimeReached> = RecordKind::time_reached;
template <>
constexpr RecordKind kKindOf<PersonActed> = RecordKind::person_acted;
template <>
constexpr RecordKind kKindOf<DeliveryStarted> = RecordKind::delivery_started;
template <>
constexpr RecordKind kKindOf<DeliveryAnswered> = RecordKind::delivery_answered;
template <>
constexpr RecordKind kKindOf<ConfigurationReplaced> = RecordKind::configuration_replaced;
template <>
constexpr RecordKind kKindOf<SourceSpoke> = RecordKind::source_spoke;

template <class EventType>
void members(Encoder& encoder, const EventType& event) {
  encoder(event);
}
void members(Encoder& encoder, const PersonActed& event) {
  encoder(event.at, event.actor);
  put_act(encoder, event.act);
}

template <class EventType>
Event read_event(Decoder& decoder) {
  EventType event;
  if constexpr (std::same_as<EventType, PersonActed>) {
    std::size_t index = 0;
    decoder(event.at, event.actor, index);
    event.act = get_act(decoder, index);
  } else {
    decoder(event);
  }
  return event;
}

TransitionsSeen get_transitions(Decoder& decoder) {
  TransitionsSeen seen;
  decoder(seen.at, seen.source);
  const std::uint64_t count = decoder.counted();
  std::vector<std::optional<std::size_t>> alerts;
  for (std::uint64_t i = 0; i < count && decoder.ok(); ++i) {
    Transition transition;
    bool has_alert = false;
    transition.at = seen.at;
    decoder(transition.kind, transition.fingerprint, transition.starts_at, transition.ended_at);
    transition.subject = seen.batch.keep(decoder.text_view());
    transition.alert_name = seen.batch.keep(decoder.text_view());
    decoder(has_alert);
    alerts.emplace_back();
    if (has_alert) {
      Alert alert;
      get_alert_text(decoder, seen.batch, alert);
      decoder(alert.state, alert.starts_at, alert.ends_at);
      alert.fingerprint = transition.fingerprint;
      alerts.back() = seen.batch.size();
      seen.batch.add(alert);
    }
    seen.transitions.push_back(transition);
  }
  // Only now do the alerts and the source stay where they are.
  const std::string_view source = seen.batch.keep(seen.source);
  for (std::size_t i = 0; i < seen.transitions.size(); ++i) {
    seen.transitions[i].source = source;
    if (alerts[i]) seen.transitions[i].alert = &seen.batch.alerts()[*alerts[i]];
  }
  return seen;
}

}  // namespace

std::string encode_record(const Event& event) {
  Encoder encoder;
  std::visit(
      [&encoder]<class EventType>(const EventType& what) {
        if constexpr (!std::same_as<EventType, AlertsReceived> && !std::same_as<EventType, AlertsRecalled>) {
          encoder(kKindOf<EventType>);
          members(encoder, what);
        }
      },
      event);
  return encoder.take();
}

std::string encode_record(TimePoint at, std::string_view source, std::span<const Transition> transitions) {
  Encoder encoder;
  encoder(RecordKind::transitions, at, source, transitions.size());
  for (const Transition& transition : transitions) {
    encoder(transition.kind, transition.fingerprint, transition.starts_at, transition.ended_at, transition.subject,
            transition.alert_name, transition.alert != nullptr);
    if (transition.alert == nullptr) continue;
    put_alert_text(encoder, *transition.alert);
    encoder(transition.alert->state, transition.alert->starts_at, transition.alert->ends_at);
  }
  return encoder.take();
}

std::optional<Record> decode_record(std::string_view bytes) {
  Decoder decoder(bytes);
  RecordKind kind{};
  decoder(kind);
  std::optional<Record> record;
  switch (kind) {
    case RecordKind::started: record = read_event<Started>(decoder); break;
    case RecordKind::transitions: record.emplace(get_transitions(decoder)); break;
    case RecordKind::source_withdrawn: record = read_event<SourceWithdrawn>(decoder); break;
    case RecordKind::time_reached: record = read_event<TimeReached>(decoder); break;
    case RecordKind::person_acted: record = read_event<PersonActed>(decoder); break;
    case RecordKind::delivery_started: record = read_event<DeliveryStarted>(decoder); break;
    case RecordKind::delivery_answered: record = read_event<DeliveryAnswered>(decoder); break;
    case RecordKind::configuration_replaced: record = read_event<ConfigurationReplaced>(decoder); break;
    case RecordKind::source_spoke: record = read_event<SourceSpoke>(decoder); break;
  }
  if (!decoder.done()) return std::nullopt;
  return record;
}

template <class Archive, class Value>
requires Of<AlertRow, Value>
void fields(Archive& archive, Value& v) {
  archive(v.source, v.subject, v.alert_name, v.fingerprint, v.starts_at, v.changed_at, v.ended_at, v.state);
  if (v.state == MemberState::silenced) archive(v.held_by);
  if constexpr (Archive::kReads) {
    if (archive.ok() && !archive.done()) archive(v.watched);
  } else if (v.watched) {
    archive(v.watched);
  }
}

std::optional<TimePoint> record_time(std::string_view bytes) {
  Decoder decoder(bytes);
  RecordKind kind{};
  TimePoint at{};
  decoder(kind, at);
  if (!decoder.ok()) return std::nullopt;
  return at;
}

std::string alert_key(std::string_view source, Fingerprint fingerprint) {
  std::string key(source);
  key.push_back('\0');
  return key + ordered_key(fingerprint);
}

std::string encode_alert_row(const AlertTable& table, const AlertEntry& entry) {
  return encode(AlertRow{std::string(table.source_name(entry.source)), std::string(table.subject(entry)),
                         std::string(table.alert_name(entry)), entry.fingerprint, entry.starts_at, entry.changed_at,
                         entry.ended_at, entry.state, std::string(table.held_by(entry)), entry.watched});
}

std::optional<AlertRow> decode_alert_row(std::string_view bytes) {
  return decode<AlertRow>(bytes);
}

std::string encode_alert_text(const Alert& alert) {
  Encoder encoder;
  put_alert_text(encoder, alert);
  return encoder.take();
}

bool decode_alert_text(std::string_view key, std::string_view bytes, AlertBatch& batch) {
  Decoder decoder(bytes);
  Alert alert;
  get_alert_text(decoder, batch, alert);
  if (!decoder.done()) return false;
  alert.fingerprint = number_of(key);
  batch.add(alert);
  return true;
}

}  // namespace iwakan::engine

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "sources/alert_builder.hpp"
#include "sources/generic/document.hpp"
#include "sources/generic/mapping.hpp"
#include "sources/json.hpp"
#include "sources/times.hpp"

namespace iwakan::sources::generic {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using Says = Mapping::Says;

Failure absent(const Pick& pick, const std::string& what) {
  return missing(pick.place(), "is where the mapping looks for " + what + ", and nothing is there");
}

// --- the document

Result<json::value> document_of(const Mapping& mapping, const Request& request) {
  auto document = read_document(request.body, request.header("content-type"));
  if (!document) return document;
  for (const Pointer& pointer : mapping.json_in) {
    json::value* text = pointer.find(*document);
    if (text == nullptr || !text->is_string() || text->get_string().empty()) continue;
    auto inner = read_json(text->get_string(), pointer.text());
    if (!inner) return inner;
    *text = *std::move(inner);
  }
  for (const Pointer& pointer : mapping.roots) {
    if (const json::value* root = pointer.find(*document)) return json::value(*root);
  }
  if (!mapping.roots.empty()) return missing(mapping.roots.front().text(), "is missing");
  return document;
}

// --- pairs

using Add = std::function<void(const std::string&, const std::string&)>;

void add_pair(std::string_view text, const Mapping::Pairs& pairs, const Add& add) {
  const std::size_t at = text.find(pairs.pair);
  if (pairs.pair.empty() || at == std::string_view::npos) return;
  const auto trimmed = [](std::string_view part) {
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    return part.substr(0, part.find_last_not_of(' ') + 1);
  };
  add(pairs.prefix + std::string(trimmed(text.substr(0, at))),
      std::string(trimmed(text.substr(at + pairs.pair.size()))));
}

void add_pairs(const Mapping::Pairs& pairs, const json::value& alert, const Add& add) {
  const json::value* found = pairs.at.find(alert);
  if (found == nullptr) return;
  if (const auto* object = found->if_object()) {
    for (const auto& one : *object) add(pairs.prefix + std::string(one.key()), text_of(one.value()));
  } else if (const auto* array = found->if_array()) {
    for (const json::value& item : *array) {
      if (item.is_string()) add_pair(item.get_string(), pairs, add);
      if (!item.is_object() || pairs.name.text().empty()) continue;
      const json::value* name = pairs.name.find(item);
      const json::value* value = pairs.value.find(item);
      if (name != nullptr && value != nullptr) add(pairs.prefix + text_of(*name), text_of(*value));
    }
  } else if (found->is_string() && !pairs.split.empty()) {
    std::string_view rest = found->get_string();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(pairs.split), rest.size());
      add_pair(rest.substr(0, end), pairs, add);
      rest.remove_prefix(std::min(end + pairs.split.size(), rest.size()));
    }
  }
}

// --- times

Result<TimePoint> read_time(std::string_view text, TimeFormat format, const std::string& zone) {
  switch (format) {
    case TimeFormat::rfc3339: return parse_time(text);
    case TimeFormat::rfc1123: return parse_rfc1123(text);
    case TimeFormat::epoch_s: return parse_epoch(text, 1s);
    case TimeFormat::epoch_ms: return parse_epoch(text, 1ms);
    case TimeFormat::epoch_us: return parse_epoch(text, 1us);
    case TimeFormat::epoch_ns: return parse_epoch(text, 1ns);
    case TimeFormat::local: return parse_time(std::string(text) + zone);
  }
  return parse_time(text);
}

// kZeroTime: the sender says none.
Result<TimePoint> time_of(const std::optional<Mapping::Time>& time, const Sight& sight) {
  if (!time) return kZeroTime;
  const std::string text = time->pick.text(sight);
  if (text.empty()) return kZeroTime;
  Failure first;
  for (const TimeFormat format : time->formats) {
    const auto read = read_time(text, format, time->zone);
    if (read) return *read;
    if (first.detail.empty()) first = read.error();
  }
  first.path = time->pick.place();
  return first;
}

// --- an alert

bool is_of(const std::string& pattern, const std::string& name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

struct Labels {
  std::vector<std::pair<std::string, std::string>> all;

  void add(const std::string& name, const std::string& value) {
    if (!value.empty()) all.emplace_back(name, value);
  }
};

Labels labels_of(const Mapping::Texts& texts, const std::vector<Mapping::Pairs>& from, const Sight& sight) {
  Labels labels;
  for (const auto& [name, pick] : texts) labels.add(name, pick.text(sight));
  for (const Mapping::Pairs& pairs : from) {
    add_pairs(pairs, sight.alert, [&labels, &sight](const std::string& name, const std::string& value) {
      if (!sight.empty.contains(value)) labels.add(name, value);
    });
  }
  return labels;
}

// Labels that the identity names first, then who the alert is, then the rest.
bool label(AlertBuilder& builder, const Mapping& mapping, const Labels& labels) {
  bool identified = false;
  const auto of_identity = [&mapping](const std::string& name) {
    return mapping.identity.empty() || std::any_of(mapping.identity.begin(), mapping.identity.end(),
                                                   [&name](const std::string& one) { return is_of(one, name); });
  };
  for (const auto& [name, value] : labels.all) {
    if (!of_identity(name)) continue;
    builder.label(name, value);
    identified = true;
  }
  builder.identify();
  for (const auto& [name, value] : labels.all) {
    if (!of_identity(name)) builder.label(name, value);
  }
  return identified;
}

Result<void> add_alert(const Mapping& mapping, const Sight& sight, AlertBatch& batch) {
  const std::string state = mapping.state.text(sight);
  const auto named = mapping.states.find(state);
  if (named == mapping.states.end() && !mapping.otherwise) {
    if (state.empty()) return absent(mapping.state, "the state");
    return Failure{Reason::out_of_range, "\"" + cleaned(state.substr(0, 64)) + "\" is no state that the mapping knows",
                   mapping.state.place()};
  }
  const Says says = named == mapping.states.end() ? *mapping.otherwise : named->second;
  if (says == Says::nothing) return {};

  const Labels labels = labels_of(mapping.labels, mapping.labels_from, sight);
  const bool has_name =
      std::any_of(labels.all.begin(), labels.all.end(), [](const auto& one) { return one.first == "alertname"; });
  if (!has_name) {
    for (const auto& [name, pick] : mapping.labels) {
      if (name == "alertname") return absent(pick, "the alert's name");
    }
  }
  const auto starts_at = time_of(mapping.starts_at, sight);
  if (!starts_at) return starts_at.error();
  const auto ends_at = time_of(mapping.ends_at, sight);
  if (!ends_at) return ends_at.error();

  AlertBuilder builder(batch);
  if (!label(builder, mapping, labels)) {
    return missing({}, "nothing is there of the labels by which the mapping knows an alert");
  }
  for (const auto& [name, value] : labels_of(mapping.annotations, mapping.annotations_from, sight).all) {
    if (name == "summary") {
      builder.summary(value);
    } else {
      builder.annotation(name, value);
    }
  }
  if (mapping.link) builder.link(mapping.link->text(sight));
  builder.alert.state = says == Says::firing     ? AlertState::firing
                        : says == Says::resolved ? AlertState::resolved
                                                 : AlertState::no_data;
  // Without one, the engine knows whether an episode goes on.
  if (says == Says::firing) builder.alert.starts_at = *starts_at;
  if (says == Says::resolved) builder.alert.starts_at = kZeroTime;
  if (says == Says::resolved) builder.alert.ends_at = *ends_at == kZeroTime ? sight.request.at : *ends_at;
  if (says == Says::no_data) builder.alert.starts_at = *starts_at == kZeroTime ? sight.request.at : *starts_at;
  builder.finish();
  return {};
}

std::string answer_of(const Mapping& mapping, const Sight& sight) {
  if (mapping.answer.empty()) return {};
  json::object answer;
  for (const auto& [name, pick] : mapping.answer) answer[name] = pick.text(sight);
  return json::serialize(answer);
}

}  // namespace

Result<Received> apply(const Mapping& mapping, const Request& request) {
  const auto document = document_of(mapping, request);
  if (!document) return document.error();
  Received received;
  received.status = mapping.answer_status;
  const Sight whole{*document, *document, request, mapping.empty};
  received.answer = answer_of(mapping, whole);
  const json::value* alerts = &*document;
  if (mapping.alerts) alerts = mapping.alerts->find(*document);
  if (alerts == nullptr) return missing(mapping.alerts->text(), "is where the mapping looks for alerts");
  if (!mapping.alerts || !alerts->is_array()) {
    const Sight one{*alerts, *document, request, mapping.empty};
    if (const auto added = add_alert(mapping, one, received.batch); !added) return added.error();
    return received;
  }
  const json::array& list = alerts->get_array();
  if (list.size() > kAlertsMax) return Failure{Reason::too_large, "more than 10000 alerts", mapping.alerts->text()};
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Sight one{list[i], *document, request, mapping.empty};
    const auto added = add_alert(mapping, one, received.batch);
    if (added) continue;
    Failure failure = added.error();
    failure.path = mapping.alerts->text() + "/" + std::to_string(i) + failure.path;
    return failure;
  }
  return received;
}

}  // namespace iwakan::sources::generic

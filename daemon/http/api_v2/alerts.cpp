// The alerts that fire, as Alertmanager's API tells of them.
#include <algorithm>
#include <map>

#include "engine/journal.hpp"
#include "http/api_v2/answers.hpp"
#include "http/api_v2/api_v2.hpp"
#include "model/codec.hpp"

namespace iwakan::http::api_v2 {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kAlertsMax = 50'000;  // of one answer
constexpr Duration kNoExpiry = 5min;        // told of alerts whose sender speaks on change only
constexpr std::string_view kReceiver = "iwakan";

json::object pairs_json(std::span<const Label> labels) {
  json::object object;
  for (const Label& label : labels) object[label.name] = label.value;
  return object;
}

// The key of a row of alert_texts: the source, a zero, the fingerprint.
std::optional<std::pair<std::string_view, Fingerprint>> alert_of(std::string_view key) {
  const std::size_t zero = key.find('\0');
  if (zero == std::string_view::npos || key.size() != zero + 9) return std::nullopt;
  Fingerprint fingerprint = 0;
  for (const char byte : key.substr(zero + 1)) fingerprint = fingerprint << 8U | static_cast<unsigned char>(byte);
  return std::pair{key.substr(0, zero), fingerprint};
}

}  // namespace

Result<ApiV2::Wanted> ApiV2::wanted(const Query& query) const {
  Wanted wanted;
  for (const std::string_view text : query.all("filter")) {
    Result<engine::Matcher> matcher = engine::Matcher::parse(text);
    if (!matcher) return Failure{matcher.error().reason, "bad matcher format: " + matcher.error().detail, {}};
    wanted.matchers.push_back(*std::move(matcher));
  }
  const auto read = [&query](std::string_view name, bool& value) -> Result<void> {
    const Result<bool> told = query.boolean(name, value);
    if (!told) return told.error();
    value = *told;
    return {};
  };
  bool unused = true;  // nothing is inhibited or unprocessed here, so that no answer hangs on it
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, bool*>>{{"active", &wanted.active},
                                                                 {"silenced", &wanted.silenced},
                                                                 {"inhibited", &unused},
                                                                 {"muted", &wanted.muted},
                                                                 {"unprocessed", &unused}}) {
    if (const auto told = read(name, *value); !told) return told.error();
  }
  const std::string_view receiver = query.first("receiver");
  if (!receiver.empty()) {
    const auto matcher = engine::Matcher::make({"receiver", std::string(receiver), true, false});
    if (!matcher) return Failure{Reason::malformed, "failed to parse receiver param: " + matcher.error().detail, {}};
    wanted.receiver = matcher->matches(kReceiver);
  }
  return wanted;
}

json::object ApiV2::alert_json(const engine::AlertEntry& entry, const Alert& alert) const {
  TimePoint ends_at = entry.expires_at;
  if (ends_at == TimePoint{}) {
    const auto& expire_after = params_.engine.settings().expire_after;
    const auto found = expire_after.find(std::string(params_.engine.alerts().source_name(entry.source)));
    ends_at = found == expire_after.end() ? params_.now() + kNoExpiry : entry.heard_at + found->second;
  }
  return {{"labels", pairs_json(alert.labels)},
          {"annotations", pairs_json(alert.annotations)},
          {"startsAt", format_time(entry.starts_at)},
          {"endsAt", format_time(ends_at)},
          {"updatedAt", format_time(entry.heard_at)},
          {"generatorURL", alert.link},
          {"fingerprint", format_fingerprint(entry.fingerprint)},
          {"receivers", json::array{json::object{{"name", kReceiver}}}},
          {"status", status_json(entry)}};
}

// The key of the hold says what holds the alert back: a silence, by its id, or maintenance, by its name.
json::object ApiV2::status_json(const engine::AlertEntry& entry) const {
  const std::string_view held_by = params_.engine.alerts().held_by(entry);
  const std::size_t slash = held_by.find('/');
  json::array silenced;
  json::array muted;
  if (held_by.starts_with("silence/")) silenced.emplace_back(held_by.substr(slash + 1));
  if (held_by.starts_with("maintenance/")) muted.emplace_back(held_by.substr(slash + 1));
  return {{"state", held_by.empty() ? "active" : "suppressed"},
          {"silencedBy", std::move(silenced)},
          {"inhibitedBy", json::array{}},
          {"mutedBy", std::move(muted)}};
}

std::pair<std::string, std::string> ApiV2::group_of(const Alert& alert) const {
  for (const std::string& label : params_.engine.settings().subject_labels) {
    if (const std::string_view value = alert.label(label); !value.empty()) return {label, std::string(value)};
  }
  return {};
}

Result<std::vector<ApiV2::Listed>> ApiV2::alerts(const Wanted& wanted) const {
  std::vector<Listed> listed;
  if (!wanted.receiver) return listed;
  const TimePoint now = params_.now();
  bool too_many = false;
  const auto read = params_.store.read(Table::alert_texts, {}, [&](std::string_view key, std::string_view value) {
    const auto identity = alert_of(key);
    if (!identity) return true;
    const engine::AlertEntry* entry = params_.engine.alerts().find(identity->first, identity->second);
    if (entry == nullptr || !is_firing(entry->state)) return true;
    const std::string_view held_by = params_.engine.alerts().held_by(*entry);
    if (!wanted.active && held_by.empty()) return true;
    if (!wanted.silenced && held_by.starts_with("silence/")) return true;
    if (!wanted.muted && held_by.starts_with("maintenance/")) return true;
    // What has just expired fires no longer, whether it was looked at yet or not.
    if (entry->expires_at != TimePoint{} && entry->expires_at <= now) return true;
    AlertBatch batch;
    if (!engine::decode_alert_text(key, value, batch)) return true;
    const Alert& alert = batch.alerts()[0];
    if (!engine::all_match(wanted.matchers, alert)) return true;
    too_many = listed.size() >= kAlertsMax;
    if (!too_many) listed.push_back({entry->fingerprint, group_of(alert), alert_json(*entry, alert)});
    return !too_many;
  });
  if (!read) return read.error();
  if (too_many) return Failure{Reason::too_large, "more than 50000 alerts match; ask for fewer with filter=", {}};
  std::stable_sort(listed.begin(), listed.end(),
                   [](const Listed& a, const Listed& b) { return a.fingerprint < b.fingerprint; });
  return listed;
}

void ApiV2::list_alerts(const Query& query, const Respond& respond) const {
  const Result<Wanted> asked = wanted(query);
  if (!asked) return respond(refused(asked.error()));
  Result<std::vector<Listed>> listed = alerts(*asked);
  if (!listed) return respond(refused(listed.error()));
  json::array list;
  for (Listed& one : *listed) list.emplace_back(std::move(one.alert));
  respond(answer(list));
}

// By what may be broken, as iwakan looks at alerts.
void ApiV2::list_groups(const Query& query, const Respond& respond) const {
  const Result<Wanted> asked = wanted(query);
  if (!asked) return respond(refused(asked.error()));
  Result<std::vector<Listed>> listed = alerts(*asked);
  if (!listed) return respond(refused(listed.error()));
  std::map<std::pair<std::string, std::string>, json::array> groups;
  for (Listed& one : *listed) groups[one.group].emplace_back(std::move(one.alert));
  json::array list;
  for (auto& [group, alerts] : groups) {
    json::object labels;
    if (!group.first.empty()) labels[group.first] = group.second;
    list.emplace_back(json::object{{"labels", std::move(labels)},
                                   {"routeLabels", json::object{}},
                                   {"receiver", {{"name", kReceiver}}},
                                   {"alerts", std::move(alerts)}});
  }
  respond(answer(list));
}

}  // namespace iwakan::http::api_v2

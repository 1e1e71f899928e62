#include "http/api/api.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/pct_string_view.hpp>
#include <deque>

#include "engine/fields.hpp"
#include "engine/journal.hpp"
#include "http/api/incident_json.hpp"
#include "http/api/rows.hpp"
#include "model/codec.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kListMax = 10'000;  // rows in one answer

Response respond_json(int status, const json::object& object) {
  return json_response(status, json::serialize(object));
}

Failure wrong(Reason reason, std::string path, std::string detail) {
  return {reason, std::move(detail), std::move(path)};
}

template <class Names>
bool one_of(std::string_view word, const Names& names) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

constexpr Duration kAround = std::chrono::hours(12);  // decisions near a time that was asked for
constexpr std::size_t kDecisionsTold = 20;

// A value of the query that may hold anything; nothing: its percent-encoding is wrong.
std::optional<std::string> decoded(std::string_view value) {
  const auto encoded = boost::urls::make_pct_string_view(value);
  return encoded ? std::optional(encoded->decode()) : std::nullopt;
}

}  // namespace

void Api::add_routes(Router& router) {
  const auto get = [&](const char* path, auto method) {
    router.add("GET", path, access::May::person(access::Role::read),
               [this, method](const Request& request, const Respond& respond) {
                 params_.when_settled([this, method, &request, respond] { (this->*method)(request, respond); });
               });
  };
  reports_.add_routes(router);
  get("/api/v1/incidents", &Api::list_incidents);
  get("/api/v1/incidents/{id}", &Api::show_incident);
  get("/api/v1/deliveries", &Api::list_deliveries);
  get("/api/v1/load", &Api::list_load);
  get("/api/v1/alerts", &Api::list_alerts);
  get("/api/v1/suspicions", &Api::list_suspicions);
  get("/api/v1/maintenance", &Api::list_maintenance);
  get("/api/v1/why", &Api::explain);
}

// --- reading

void Api::list_incidents(const Request& request, Respond respond) const {
  const std::string_view status = request.query_value("status");
  if (!status.empty() && status != "live" && status != "all") {
    return respond(refusal(400, wrong(Reason::unknown_name, "?status", "must be live or all")));
  }
  json::array list;
  const auto& incidents = params_.engine.desk().incidents();
  for (auto found = incidents.rbegin(); found != incidents.rend() && list.size() < kListMax; ++found) {
    if (status == "all" || is_live(found->second.status)) list.emplace_back(summary_json(found->second));
  }
  respond(respond_json(200, {{"incidents", std::move(list)}}));
}

void Api::show_incident(const Request& request, Respond respond) const {
  const Incident* incident = params_.engine.desk().find(request.parameter);
  if (incident == nullptr) {
    return respond(refusal(404, wrong(Reason::not_found, {},
                                      "there is no incident of this id; GET /api/v1/incidents?status=all lists all")));
  }
  json::object object = summary_json(*incident);
  for (auto& member : knowledge_json(*incident)) object[member.key()] = std::move(member.value());
  for (auto& member : life_json(*incident)) object[member.key()] = std::move(member.value());
  for (auto& member : members_and_why_json(*incident)) object[member.key()] = std::move(member.value());

  const auto entries = rows_of<TimelineEntry>(params_.store, Table::timeline, *incident);
  if (!entries) return respond(refusal(503, entries.error()));
  const auto issued = rows_of<Report>(params_.store, Table::reports, *incident);
  if (!issued) return respond(refusal(503, issued.error()));
  json::array timeline;
  json::array reports;
  json::array deliveries;
  for (const TimelineEntry& entry : *entries) timeline.emplace_back(timeline_json(entry));
  for (const Report& report : *issued) {
    if (!report.notice) reports.emplace_back(params_.report_json(report));
  }
  const auto add = [&](std::string_view, std::string_view value) {
    const auto delivery = decode<Delivery>(value);
    if (!delivery || delivery->incident != incident->id) return false;
    deliveries.emplace_back(delivery_json(*delivery));
    return true;
  };
  for (const Table table : {Table::outbox, Table::ledger}) {
    const auto read = params_.store.read(table, incident->id + ".", add);
    if (!read) return respond(refusal(503, read.error()));
  }
  object["timeline"] = std::move(timeline);
  object["reports"] = std::move(reports);
  object["deliveries"] = std::move(deliveries);
  respond(respond_json(200, object));
}

// By id: people are never put in an order by their load.
void Api::list_load(const Request&, Respond respond) const {
  const Organisation& organisation = params_.engine.settings().organisation;
  json::array list;
  for (const auto& [id, person] : organisation.people) {
    list.emplace_back(load_json(person, desk::load_of(person, params_.engine.desk().incidents(), params_.now())));
  }
  respond(respond_json(200, {{"people", std::move(list)}}));
}

void Api::list_deliveries(const Request& request, Respond respond) const {
  const std::string_view wanted = request.query_value("state");
  constexpr std::array<std::string_view, 4> kStates{"", "pending", "delivered", "dead"};
  if (!one_of(wanted, kStates)) {
    return respond(refusal(400, wrong(Reason::unknown_name, "?state", "must be pending, delivered or dead")));
  }
  json::array list;
  const auto add = [&](std::string_view, std::string_view value) {
    const auto delivery = decode<Delivery>(value);
    if (delivery && (wanted.empty() || name(delivery->state) == wanted)) list.emplace_back(delivery_json(*delivery));
    return list.size() < kListMax;
  };
  for (const Table table : {Table::outbox, Table::ledger}) {
    const auto read = params_.store.read(table, {}, add);
    if (!read) return respond(refusal(503, read.error()));
  }
  respond(respond_json(200, {{"deliveries", std::move(list)}}));
}

void Api::list_alerts(const Request& request, Respond respond) const {
  const std::string_view wanted = request.query_value("state");
  constexpr std::array<std::string_view, 3> kStates{"", "firing", "all"};
  if (!one_of(wanted, kStates)) {
    return respond(refusal(400, wrong(Reason::unknown_name, "?state", "must be firing or all")));
  }
  json::array list;
  std::optional<Failure> failure;
  const auto read = params_.store.read(Table::alerts, {}, [&](std::string_view key, std::string_view value) {
    const auto entry = engine::decode_alert_row(value);
    if (!entry || (wanted != "all" && !is_firing(entry->state))) return true;
    json::object alert{{"source", entry->source},
                       {"fingerprint", format_fingerprint(entry->fingerprint)},
                       {"alert_name", entry->alert_name},
                       {"subject", entry->subject},
                       {"state", name(entry->state)},
                       {"starts_at", format_time(entry->starts_at)},
                       {"changed_at", format_time(entry->changed_at)}};
    const auto text = params_.store.get(Table::alert_texts, key);
    AlertBatch batch;
    if (text && *text && engine::decode_alert_text(key, **text, batch)) {
      const auto pairs = [](std::span<const Label> labels) {
        json::object object;
        for (const Label& label : labels) object[label.name] = label.value;
        return object;
      };
      alert["labels"] = pairs(batch.alerts()[0].labels);
      alert["annotations"] = pairs(batch.alerts()[0].annotations);
    }
    list.emplace_back(std::move(alert));
    return list.size() < kListMax;
  });
  if (!read) return respond(refusal(503, read.error()));
  respond(respond_json(200, {{"alerts", std::move(list)}}));
}

void Api::list_suspicions(const Request&, Respond respond) const {
  json::array list;
  for (const auto& [subject, suspicion] : params_.engine.suspicions()) list.emplace_back(suspicion_json(suspicion));
  respond(respond_json(200, {{"suspicions", std::move(list)}}));
}

void Api::list_maintenance(const Request&, Respond respond) const {
  const TimePoint now = params_.now();
  json::array list;
  for (const engine::MaintenanceWindow& window : params_.engine.settings().maintenance) {
    list.emplace_back(maintenance_json(window, now));
  }
  respond(respond_json(200, {{"maintenance", std::move(list)}}));
}

// Of an incident or a subject: what was decided, and how that would be weighed now.
void Api::explain(const Request& request, Respond respond) const {
  const std::string of = decoded(request.query_value("of")).value_or("");
  if (of.empty()) {
    return respond(refusal(
        400, wrong(Reason::missing, "?of", "name an incident (INC-17) or a subject (checkout), percent-encoded")));
  }
  const std::string at_text = decoded(request.query_value("at")).value_or("?");
  std::optional<TimePoint> at;
  if (!at_text.empty()) {
    const auto parsed = parse_time(at_text);
    if (!parsed) return respond(refusal(400, wrong(parsed.error().reason, "?at", parsed.error().detail)));
    at = *parsed;
  }
  json::object answer{{"of", of}, {"incident", nullptr}};
  json::array decisions;
  if (const Incident* incident = params_.engine.desk().find(of)) {
    answer["incident"] = summary_json(*incident);
    decisions.emplace_back(explained(incident->decision));
    Decision later;
    later.reason = DecisionReason::joined;
    later.subject = incident->decision.subject;
    later.incident = incident->id;
    later.at = incident->changed_at;
    later.evidence = incident->evidence;
    if (!later.evidence.empty()) decisions.emplace_back(explained(later));
  } else if (const auto failure = add_decisions(of, at, decisions)) {
    return respond(refusal(503, *failure));
  }
  if (const Incident* live = params_.engine.desk().live_incident(of)) answer["incident"] = summary_json(*live);
  answer["decisions"] = std::move(decisions);
  respond(respond_json(200, answer));
}

// The decision, and beside the budget of its time that of today.
json::object Api::explained(const Decision& decision) const {
  json::object object = decision_json(decision);
  object["incident"] = decision.incident;
  json::array& evidence = object["evidence"].as_array();
  for (std::size_t i = 0; i < decision.evidence.size(); ++i) {
    const auto now = params_.engine.decider().weight_now(decision.evidence[i], params_.now());
    if (now) evidence[i].as_object()["budget_now"] = weight_json(*now);
  }
  return object;
}

// The latest of the subject, or those around a time; oldest first.
std::optional<Failure> Api::add_decisions(const std::string& subject, std::optional<TimePoint> at,
                                          json::array& decisions) const {
  const std::string prefix = engine::Decider::decision_prefix(subject);
  std::deque<Decision> found;
  const auto read = params_.store.read(Table::decisions, prefix, [&](std::string_view key, std::string_view value) {
    if (!key.starts_with(prefix)) return false;
    auto decision = decode<Decision>(value);
    if (!decision) return true;
    const bool wanted = !at || (decision->at >= *at - kAround && decision->at <= *at + kAround);
    if (wanted) found.push_back(*std::move(decision));
    if (found.size() > kDecisionsTold) found.pop_front();
    return true;
  });
  if (!read) return read.error();
  for (const Decision& decision : found) decisions.emplace_back(explained(decision));
  return std::nullopt;
}

}  // namespace iwakan::http::api

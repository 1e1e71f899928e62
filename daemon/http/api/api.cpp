#include "http/api/api.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/pct_string_view.hpp>
#include <deque>

#include "engine/fields.hpp"
#include "engine/journal.hpp"
#include "http/api/incident_json.hpp"
#include "model/codec.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kListMax = 10'000;  // rows in one answer
constexpr std::size_t kDepthMax = 8;      // of a body

Response respond_json(int status, const json::object& object) {
  return json_response(status, json::serialize(object));
}

Failure wrong(Reason reason, std::string path, std::string detail) {
  return {reason, std::move(detail), std::move(path)};
}

// Reads members of a body strictly: wrong types and unknown members are refused, the first of them told.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}

  std::string text(std::string_view key) {
    known_.push_back(key);
    const json::value* value = object_.if_contains(key);
    if (value == nullptr || value->is_null()) return {};
    if (const auto* string = value->if_string()) return std::string(*string);
    fail(Reason::wrong_type, key, "must be a string");
    return {};
  }

  std::string required_text(std::string_view key) {
    std::string found = text(key);
    if (found.empty()) fail(Reason::missing, key, "is needed here, and must not be empty");
    return found;
  }

  int integer(std::string_view key, int fallback, int least, int most) {
    known_.push_back(key);
    const json::value* value = object_.if_contains(key);
    if (value == nullptr || value->is_null()) return fallback;
    const auto* number = value->if_int64();
    if (number != nullptr && *number >= least && *number <= most) return static_cast<int>(*number);
    fail(Reason::out_of_range, key,
         "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }

  std::optional<TimePoint> time(std::string_view key) {
    const std::string found = text(key);
    if (found.empty()) return std::nullopt;
    const auto parsed = parse_time(found);
    if (parsed) return *parsed;
    fail(parsed.error().reason, key, parsed.error().detail);
    return std::nullopt;
  }

  template <class Value, class Named>
  Value named(std::string_view key, Value fallback, Named value_of, std::string_view choices) {
    const std::string found = text(key);
    if (found.empty()) return fallback;
    if (const auto value = value_of(found)) return *value;
    fail(Reason::unknown_name, key, "must be one of " + std::string(choices));
    return fallback;
  }

  std::optional<Failure> finish() {
    for (const auto& member : object_) {
      if (std::find(known_.begin(), known_.end(), std::string_view(member.key())) != known_.end()) continue;
      const std::string near = nearest(member.key(), known_);
      fail(Reason::unknown_name, member.key(),
           near.empty() ? "is not known here" : "is not known here; did you mean \"" + near + "\"?");
    }
    return failure_;
  }

 private:
  void fail(Reason reason, std::string_view key, std::string detail) {
    if (!failure_) failure_ = wrong(reason, "/" + std::string(key), std::move(detail));
  }

  const json::object& object_;
  std::vector<std::string_view> known_{"actor"};
  std::optional<Failure> failure_;
};

template <class Names>
bool one_of(std::string_view word, const Names& names) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

constexpr std::string_view kStatuses = "open, identified, mitigated, recovered, closed, false_alarm";
constexpr std::string_view kJudgements = "confirmed, dismissed, none";
constexpr Duration kAround = std::chrono::hours(12);  // decisions near a time that was asked for
constexpr std::size_t kDecisionsTold = 20;

// A value of the query that may hold anything; nothing: its percent-encoding is wrong.
std::optional<std::string> decoded(std::string_view value) {
  const auto encoded = boost::urls::make_pct_string_view(value);
  return encoded ? std::optional(encoded->decode()) : std::nullopt;
}

// People say what it was; that they acted on it shows by itself.
std::optional<Judgement> judgement_by_people(std::string_view text) {
  const auto judgement = judgement_named(text);
  return judgement == Judgement::acted_on ? std::nullopt : judgement;
}

constexpr std::string_view kImpacts = "unknown, none_confirmed, possible, confirmed";

}  // namespace

void Api::add_routes(Router& router) {
  const auto get = [&](const char* path, auto method) {
    router.add("GET", path, [this, method](const Request& request, const Respond& respond) {
      params_.when_settled([this, method, &request, respond] { (this->*method)(request, respond); });
    });
  };
  get("/api/v1/incidents", &Api::list_incidents);
  get("/api/v1/incidents/{id}", &Api::show_incident);
  get("/api/v1/deliveries", &Api::list_deliveries);
  get("/api/v1/alerts", &Api::list_alerts);
  get("/api/v1/suspicions", &Api::list_suspicions);
  get("/api/v1/why", &Api::explain);

  // An act: the body's members make it, from the id in the path.
  const auto post = [&](const char* path, int status, auto make) {
    router.add("POST", path, [this, status, make](const Request& request, const Respond& respond) {
      const auto body = body_of(request, respond);
      if (!body) return;
      Members members(*body);
      Act what = make(members, std::string(request.parameter));
      if (const auto failure = members.finish()) return respond(refusal(400, *failure));
      act(*body, std::move(what), status, respond);
    });
  };
  post("/api/v1/incidents", 201, [](Members& members, const std::string&) -> Act {
    return act::Declare{members.required_text("subject"), members.required_text("title"),
                        members.named("impact", Impact::possible, impact_named, kImpacts),
                        members.integer("level", 0, 0, 9)};
  });
  post("/api/v1/incidents/{id}/acknowledge", 200, [](Members& members, const std::string& id) -> Act {
    return act::Acknowledge{id, members.required_text("person")};
  });
  post("/api/v1/incidents/{id}/notes", 200, [](Members& members, const std::string& id) -> Act {
    return act::Note{id, members.required_text("text"), members.time("occurred_at")};
  });
  post("/api/v1/incidents/{id}/status", 200, [](Members& members, const std::string& id) -> Act {
    members.required_text("status");
    return act::SetStatus{id, members.named("status", IncidentStatus::open, incident_status, kStatuses),
                          members.text("why")};
  });
  post("/api/v1/incidents/{id}/impact", 200, [](Members& members, const std::string& id) -> Act {
    members.required_text("impact");
    return act::SetImpact{id, members.named("impact", Impact::unknown, impact_named, kImpacts), members.text("what")};
  });
  post("/api/v1/incidents/{id}/judgement", 200, [](Members& members, const std::string& id) -> Act {
    members.required_text("judgement");
    return act::Judge{id, members.named("judgement", Judgement::none, judgement_by_people, kJudgements),
                      members.text("why")};
  });
  post("/api/v1/deliveries/{id}/redeliver", 200,
       [](Members&, const std::string& id) -> Act { return act::Redeliver{id}; });
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
  for (auto& member : members_and_why_json(*incident)) object[member.key()] = std::move(member.value());

  const std::string prefix = ordered_key(incident->number);
  json::array timeline;
  json::array reports;
  json::array deliveries;
  const auto rows = [&](Table table, auto visit) {
    return params_.store.read(table, prefix, [&](std::string_view key, std::string_view value) {
      if (!key.starts_with(prefix)) return false;
      visit(value);
      return true;
    });
  };
  const auto read_timeline = rows(Table::timeline, [&](std::string_view value) {
    if (const auto entry = decode<TimelineEntry>(value)) timeline.emplace_back(timeline_json(*entry));
  });
  const auto read_reports = rows(Table::reports, [&](std::string_view value) {
    if (const auto report = decode<Report>(value)) reports.emplace_back(params_.report_json(*report));
  });
  if (!read_timeline) return respond(refusal(503, read_timeline.error()));
  if (!read_reports) return respond(refusal(503, read_reports.error()));
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
    if (!entry || (wanted != "all" && entry->state != MemberState::firing)) return true;
    json::object alert{{"source", entry->source},
                       {"fingerprint", format_fingerprint(entry->fingerprint)},
                       {"alert_name", entry->alert_name},
                       {"subject", entry->subject},
                       {"state", name(entry->state)},
                       {"starts_at", format_time(entry->starts_at)},
                       {"changed_at", format_time(entry->changed_at)}};
    const auto text = params_.store.get(Table::alert_texts, key);
    AlertBatch batch;
    if (text && *text && engine::decode_alert_text(**text, batch)) {
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

// --- acting

std::optional<json::object> Api::body_of(const Request& request, const Respond& respond) const {
  const std::string_view type = request.header("content-type");
  if (!type.starts_with("application/json")) {
    respond(refusal(415, wrong(Reason::unsupported, {}, "send the body as Content-Type: application/json")));
    return std::nullopt;
  }
  if (request.body.empty()) return json::object{};
  json::error_code error;
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::value value = json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    respond(refusal(400,
                    wrong(Reason::malformed, {}, "the body is not a JSON object; send for example {\"text\": \"…\"}")));
    return std::nullopt;
  }
  return std::move(value.as_object());
}

void Api::act(const json::object& body, Act what, int status, Respond respond) const {
  const json::value* actor = body.if_contains("actor");
  const bool named = actor != nullptr && actor->is_string() && !actor->as_string().empty();
  PersonActed event{params_.now(), named ? std::string(actor->as_string().subview(0, 64)) : "api", std::move(what)};
  params_.submit(std::move(event), [status, respond = std::move(respond)](const engine::Effects& effects) {
    if (effects.refusal) return respond(refusal(status_of(effects.refusal->reason), *effects.refusal));
    respond(respond_json(status, {{"incident", effects.incident}}));
  });
}

}  // namespace iwakan::http::api

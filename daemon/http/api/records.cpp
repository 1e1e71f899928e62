#include "http/api/records.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "http/api/incident_json.hpp"
#include "http/api/rows.hpp"
#include "model/digest.hpp"
#include "record/drill_case.hpp"
#include "record/score.hpp"
#include "record/verify.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

struct Format {
  std::string_view name;
  std::string_view content_type;
  std::string_view ending;
};

constexpr Format kFormats[] = {{"markdown", "text/markdown; charset=utf-8", "md"},
                               {"html", "text/html; charset=utf-8", "html"},
                               {"json", "application/json", "json"},
                               {"case", "application/x-ndjson", "case.jsonl"}};

json::array strings(const std::vector<std::string>& items) {
  return json::array(items.begin(), items.end());
}

json::object document_json(const record::Document& document) {
  json::object facts;
  for (const auto& [word, what] : document.facts) facts[word] = what;
  json::array sections;
  for (const record::Section& section : document.sections) {
    json::array rows;
    for (const auto& row : section.rows) rows.emplace_back(strings(row));
    sections.emplace_back(json::object{{"heading", section.heading},
                                       {"paragraphs", strings(section.paragraphs)},
                                       {"items", strings(section.items)},
                                       {"columns", strings(section.columns)},
                                       {"rows", std::move(rows)},
                                       {"prompts", strings(section.prompts)}});
  }
  return {{"title", document.title},
          {"subtitle", document.subtitle},
          {"facts", std::move(facts)},
          {"sections", std::move(sections)}};
}

// The timeline in both languages, the document in one, and the head by which the record is known again.
std::string export_json(const record::Record& record, const record::Names& names, const record::Document& document) {
  json::array timeline;
  for (TimelineEntry entry : record.timeline) {
    if (entry.kind != "alert") entry.actor = names.person(entry.actor).in(document.language);
    entry.text = names.in_sentence(entry.text);
    timeline.emplace_back(timeline_json(entry));
  }
  return json::serialize(json::object{{"incident", record.incident.id},
                                      {"language", document.language},
                                      {"chain", json::object{{"entries", record.incident.timeline_length},
                                                             {"head", hex(record.incident.timeline_head)}}},
                                      {"document", document_json(document)},
                                      {"timeline", std::move(timeline)}}) +
         "\n";
}

}  // namespace

void Records::add_routes(Router& router) {
  const auto get = [&](const char* path, auto method) {
    router.add("GET", path, access::May::person(access::Role::read),
               [this, method](const Request& request, const Respond& respond) {
                 params_.when_settled([this, method, &request, respond] { (this->*method)(request, respond); });
               });
  };
  get("/api/v1/verify", &Records::verify);
  get("/api/v1/incidents/{id}/export", &Records::export_one);
  get("/api/v1/drill", &Records::drill);
  get("/api/v1/incidents/{id}/score", &Records::score);
}

void Records::verify(const Request& request, const Respond& respond) const {
  const std::string_view of = request.query_value("of");
  const std::string_view at_text = request.query_value("at");
  std::uint32_t at = 0;
  const auto [end, error] = std::from_chars(at_text.data(), at_text.data() + at_text.size(), at);
  if (!at_text.empty() && (error != std::errc{} || end != at_text.data() + at_text.size())) {
    return respond(refusal(400, {Reason::malformed, "must be the number of an entry", "?at"}));
  }
  const auto verdicts = record::verify_timelines(params_.store, of, at);
  if (!verdicts) return respond(refusal(status_of(verdicts.error().reason), verdicts.error()));
  if (!of.empty() && verdicts->empty()) {
    return respond(refusal(404, {Reason::not_found, "there is no incident of this id", "?of"}));
  }
  respond(json_response(
      200, json::serialize(record::verdict_json(params_.store.head(), params_.first_record(), *verdicts))));
}

Result<record::Record> Records::read(const Incident& incident) const {
  auto timeline = rows_of<TimelineEntry>(params_.store, Table::timeline, incident);
  if (!timeline) return timeline.error();
  auto reports = rows_of<Report>(params_.store, Table::reports, incident);
  if (!reports) return reports.error();
  std::erase_if(*reports, [](const Report& report) { return report.notice.has_value(); });
  return record::Record{incident, *std::move(timeline), *std::move(reports)};
}

// Without names, whatever the policy: a case is made to be passed on.
std::string Records::drill_case_of(const Incident& incident) const {
  record::Names names(record::Names::Policy::by_role);
  names.know(incident, params_.engine.settings().organisation);
  const auto& labels = params_.engine.settings().subject_labels;
  return record::drill_case(incident, names, labels.empty() ? "alertname" : labels.front());
}

void Records::drill(const Request&, const Respond& respond) const {
  respond(json_response(200, json::serialize(json::object{{"drill", params_.engine.settings().organisation.drill}})));
}

// Made for the talk after a drill; nobody's day is scored.
void Records::score(const Request& request, const Respond& respond) const {
  const Organisation& organisation = params_.engine.settings().organisation;
  if (!organisation.drill) {
    return respond(refusal(404, {Reason::not_found, "this is no drill: only drills are scored (docs/drills.md)", {}}));
  }
  const Incident* incident = params_.engine.desk().find(request.parameter);
  if (incident == nullptr) return respond(refusal(404, {Reason::not_found, "there is no incident of this id", {}}));
  const auto record = read(*incident);
  if (!record) return respond(refusal(503, record.error()));
  json::array points;
  for (const record::Point& point : record::score_of(*record, organisation)) {
    points.emplace_back(json::object{{"what", {{"ja", point.what.ja}, {"en", point.what.en}}},
                                     {"found", {{"ja", point.found.ja}, {"en", point.found.en}}},
                                     {"met", point.met}});
  }
  respond(json_response(200, json::serialize(json::object{{"incident", incident->id}, {"points", std::move(points)}})));
}

void Records::export_one(const Request& request, const Respond& respond) const {
  const Incident* incident = params_.engine.desk().find(request.parameter);
  if (incident == nullptr) return respond(refusal(404, {Reason::not_found, "there is no incident of this id", {}}));
  const std::string_view wanted = request.query_value("format");
  const auto* format = std::find_if(std::begin(kFormats), std::end(kFormats), [wanted](const Format& known) {
    return known.name == (wanted.empty() ? "markdown" : wanted);
  });
  if (format == std::end(kFormats)) {
    return respond(refusal(400, {Reason::unknown_name, "must be markdown, html, json or case", "?format"}));
  }
  const std::string_view language = request.query_value("language");
  if (!language.empty() && language != "ja" && language != "en") {
    return respond(refusal(400, {Reason::unknown_name, "must be ja or en", "?language"}));
  }
  const auto send = [&](std::string body) {
    respond({.status = 200,
             .content_type = std::string(format->content_type),
             .body = std::move(body),
             .headers = {{"Content-Disposition",
                          "attachment; filename=\"" + incident->id + "." + std::string(format->ending) + "\""}}});
  };
  if (format->name == "case") return send(drill_case_of(*incident));
  const auto record = read(*incident);
  if (!record) return respond(refusal(503, record.error()));
  const Policy policy = params_.policy();
  const auto zone = sinks::Zone::named(policy.time_zone);
  if (!zone) return respond(refusal(503, zone.error()));
  record::Names names(policy.name_people ? record::Names::Policy::named : record::Names::Policy::by_role);
  know(names, *record, params_.engine.settings().organisation);
  record::Document document = review_of(*record, names, *zone, language.empty() ? "ja" : language, params_.now());
  if (params_.engine.settings().organisation.drill) {
    document.title = (document.language == "ja" ? "【訓練】" : "[DRILL] ") + document.title;
  }
  if (format->name == "markdown") return send(to_markdown(document));
  if (format->name == "html") return send(to_html(document));
  send(export_json(*record, names, document));
}

}  // namespace iwakan::http::api

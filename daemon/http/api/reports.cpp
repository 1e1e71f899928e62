#include "http/api/reports.hpp"

#include <charconv>

#include "desk/reporter.hpp"
#include "http/api/rows.hpp"

namespace iwakan::http::api {
namespace {

constexpr std::string_view kEditions = "everybody, management, customers, or department.ID and supervisor.ID";
std::string_view content_type(std::string_view format) {
  if (format == "html") return "text/html; charset=utf-8";
  return format == "slack" || format == "json" ? "application/json" : "text/plain; charset=utf-8";
}

Failure no_such(std::string where, std::string detail) {
  return {Reason::not_found, std::move(detail), std::move(where)};
}

}  // namespace

void Reports::add_routes(Router& router) {
  router.add("GET", "/api/v1/incidents/{id}/report", access::May::person(access::Role::read),
             [this](const Request& request, const Respond& respond) {
               params_.when_settled([this, &request, respond] { show(request, respond); });
             });
  router.add("GET", std::string(desk::kPagePath) + "{id}", access::May::person(access::Role::read),
             [this](const Request& request, const Respond& respond) {
               params_.when_settled([this, &request, respond] { show_page(request, respond); });
             });
}

// The latest version of the report of that number; without one, of the last report; "next": as it would be now.
Result<Report> Reports::everybodys(const Incident& incident, std::string_view number) const {
  if (number == "next") {
    const ReportKind kind = !incident.reported  ? ReportKind::first
                            : incident.recovery ? ReportKind::second
                                                : ReportKind::update;
    return desk::write_report(incident, params_.engine.settings().organisation, kind, params_.now());
  }
  std::uint32_t wanted = 0;
  if (!number.empty()) {
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), wanted);
    if (error != std::errc{} || end != number.data() + number.size())
      return Failure{Reason::malformed, "must be the number of a report, or next", "?number"};
  }
  auto reports = rows_of<Report>(params_.store, Table::reports, incident);
  if (!reports) return reports.error();
  const Report* found = nullptr;
  for (const Report& report : *reports) {
    const bool fits = report.audience == Audience::everybody && (wanted == 0 || report.number == wanted);
    if (fits &&
        (found == nullptr || std::pair(report.number, report.version) > std::pair(found->number, found->version)))
      found = &report;
  }
  if (found != nullptr) return *found;
  return no_such("?number", "everybody has not been sent this report of " + incident.id +
                                "; ?number=next shows what would be said now");
}

Result<Report> Reports::in_edition(const Incident& incident, Report report, std::string_view edition) const {
  const Organisation& organisation = params_.engine.settings().organisation;
  for (const Department& department : organisation.departments) {
    if (edition == "supervisor." + department.id) {
      const TimePoint everybody_at = incident.everybody_told_at.value_or(report.issued_at);
      return desk::individual_edition(std::move(report), department, everybody_at);
    }
  }
  if (auto named = desk::edition_named(std::move(report), edition, organisation)) return *std::move(named);
  return Failure{Reason::unknown_name, "must be one of " + std::string(kEditions), "?edition"};
}

void Reports::show(const Request& request, Respond respond) const {
  const Incident* incident = params_.engine.desk().find(request.parameter);
  if (incident == nullptr) return respond(refusal(404, no_such({}, "there is no such incident")));
  const std::string_view language = request.query_value("language");
  const std::string_view format = request.query_value("format");
  Result<Report> report = everybodys(*incident, request.query_value("number"));
  if (report) report = in_edition(*incident, *std::move(report), request.query_value("edition"));
  if (!report) return respond(refusal(status_of(report.error().reason), report.error()));
  const Result<std::string> text = params_.laid_out(*report, format.empty() ? "text" : std::string(format),
                                                    language.empty() ? "en" : std::string(language));
  if (!text) return respond(refusal(400, text.error()));
  respond({.status = 200, .content_type = std::string(content_type(format)), .body = *text, .headers = {}});
}

// What everybody was told last; before that, what they would be told now.
void Reports::show_page(const Request& request, Respond respond) const {
  const Incident* incident = params_.engine.desk().find(request.parameter);
  if (incident == nullptr) return respond(refusal(404, no_such({}, "there is no such incident")));
  const auto report = everybodys(*incident, incident->everybody_told_at ? "" : "next");
  if (!report) return respond(refusal(status_of(report.error().reason), report.error()));
  const auto timeline = rows_of<TimelineEntry>(params_.store, Table::timeline, *incident);
  if (!timeline) return respond(refusal(503, timeline.error()));
  respond({.status = 200,
           .content_type = std::string(content_type("html")),
           .body = params_.page_of(*report, request.header("accept-language"), *timeline),
           .headers = {{"Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                        "frame-ancestors 'none'"},
                       {"Referrer-Policy", "same-origin"}}});
}

}  // namespace iwakan::http::api

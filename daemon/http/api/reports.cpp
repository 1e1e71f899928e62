#include "http/api/reports.hpp"

#include <charconv>

#include "desk/reporter.hpp"
#include "engine/fields.hpp"
#include "model/codec.hpp"

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
  std::optional<Report> found;
  const std::string prefix = ordered_key(incident.number);
  const auto read = params_.store.read(Table::reports, prefix, [&](std::string_view key, std::string_view value) {
    if (!key.starts_with(prefix)) return false;
    auto report = decode<Report>(value);
    const bool fits = report && report->audience == Audience::everybody && (wanted == 0 || report->number == wanted);
    if (fits && (!found || std::pair(report->number, report->version) >= std::pair(found->number, found->version)))
      found = *std::move(report);
    return true;
  });
  if (!read) return read.error();
  if (found) return *std::move(found);
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

}  // namespace iwakan::http::api

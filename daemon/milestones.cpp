#include "milestones.hpp"

namespace iwakan::app {
namespace {

using telemetry::QuestionWay;

// When somebody or something first took it for odd: what a first report is counted from.
TimePoint noticed_at(const Incident& incident) {
  const auto watched = incident.reached.find(IncidentStatus::watch);
  return watched == incident.reached.end() ? incident.opened_at : watched->second;
}

std::set<QuestionWay> ways_of(const Question& question) {
  std::set<QuestionWay> ways;
  if (question.relayed_at) ways.insert(QuestionWay::responders);
  for (const Answer& answer : question.answers) {
    ways.insert(answer.ground == Ground::person ? QuestionWay::person : QuestionWay::known);
  }
  return ways;
}

}  // namespace

Milestones::Milestones(const engine::Engine& engine, telemetry::Telemetry& telemetry)
    : engine_(engine), telemetry_(telemetry) {
  for (const auto& [number, incident] : engine_.desk().incidents()) passed_[number] = passed(incident);
}

Milestones::Passed Milestones::passed(const Incident& incident) {
  Passed now;
  now.opened = incident.status != IncidentStatus::watch && !incident.reached.empty() &&
               (incident.reached.contains(IncidentStatus::open) || incident.status == IncidentStatus::merged);
  now.supervisors_told = incident.supervisors_told_at.has_value();
  now.everybody_told = incident.everybody_told_at.has_value();
  for (const auto& [person, acknowledgement] : incident.acknowledged) now.acknowledged.insert(person);
  now.promises_kept = incident.promises_kept;
  now.promises_missed = incident.promises_missed;
  for (const Question& question : incident.questions) now.questions[question.number] = ways_of(question);
  return now;
}

void Milestones::look(const engine::Effects& effects) {
  for (const std::string& id : effects.touched()) {
    if (const Incident* incident = engine_.desk().find(id)) look(*incident);
  }
}

void Milestones::look(const Incident& incident) {
  Passed& before = passed_[incident.number];
  Passed now = passed(incident);
  if (now.opened && !before.opened) {
    telemetry_.report(telemetry::IncidentDetected{incident.opened_at - incident.began_at});
  }
  if (now.supervisors_told && !before.supervisors_told) {
    telemetry_.report(
        telemetry::FirstReportSent{Audience::supervisor, *incident.supervisors_told_at - noticed_at(incident)});
  }
  if (now.everybody_told && !before.everybody_told) {
    telemetry_.report(
        telemetry::FirstReportSent{Audience::everybody, *incident.everybody_told_at - noticed_at(incident)});
  }
  for (const auto& [person, acknowledgement] : incident.acknowledged) {
    if (before.acknowledged.contains(person) || !incident.supervisors_told_at) continue;
    telemetry_.report(telemetry::ReportAcknowledged{acknowledgement.at - *incident.supervisors_told_at});
  }
  for (std::uint32_t i = before.promises_kept; i < now.promises_kept; ++i) {
    telemetry_.report(telemetry::PromiseSettled{true});
  }
  for (std::uint32_t i = before.promises_missed; i < now.promises_missed; ++i) {
    telemetry_.report(telemetry::PromiseSettled{false});
  }
  for (const auto& [number, ways] : now.questions) {
    for (const QuestionWay way : ways) {
      if (!before.questions[number].contains(way)) telemetry_.report(telemetry::QuestionWent{way});
    }
  }
  before = std::move(now);
}

}  // namespace iwakan::app

#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/report.hpp"
#include "model/row.hpp"

namespace iwakan {

std::string_view name(ReportKind kind) {
  switch (kind) {
    case ReportKind::first: return "first";
    case ReportKind::update: return "update";
    case ReportKind::second: return "second";
    case ReportKind::correction: return "correction";
  }
  return "first";
}

std::string_view name(DeliveryReason reason) {
  switch (reason) {
    case DeliveryReason::accepted: return "accepted";
    case DeliveryReason::timed_out: return "timed_out";
    case DeliveryReason::unreachable: return "unreachable";
    case DeliveryReason::rate_limited: return "rate_limited";
    case DeliveryReason::server_error: return "server_error";
    case DeliveryReason::unauthorized: return "unauthorized";
    case DeliveryReason::rejected: return "rejected";
    case DeliveryReason::tls: return "tls";
    case DeliveryReason::misconfigured: return "misconfigured";
    case DeliveryReason::gone: return "gone";
  }
  return "rejected";
}

std::string_view name(DeliveryVerdict verdict) {
  switch (verdict) {
    case DeliveryVerdict::delivered: return "delivered";
    case DeliveryVerdict::retry_later: return "retry_later";
    case DeliveryVerdict::give_up: return "give_up";
  }
  return "give_up";
}

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "pending";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::dead: return "dead";
  }
  return "pending";
}

std::string_view name(DecisionReason reason) {
  switch (reason) {
    case DecisionReason::opened_by_statement: return "opened_by_statement";
    case DecisionReason::opened_by_impact: return "opened_by_impact";
    case DecisionReason::opened_by_evidence: return "opened_by_evidence";
    case DecisionReason::opened_by_person: return "opened_by_person";
    case DecisionReason::joined: return "joined";
    case DecisionReason::within_budget: return "within_budget";
    case DecisionReason::withheld: return "withheld";
    case DecisionReason::learning: return "learning";
  }
  return "within_budget";
}

std::string_view name(IncidentStatus status) {
  switch (status) {
    case IncidentStatus::open: return "open";
    case IncidentStatus::identified: return "identified";
    case IncidentStatus::mitigated: return "mitigated";
    case IncidentStatus::recovered: return "recovered";
    case IncidentStatus::closed: return "closed";
    case IncidentStatus::false_alarm: return "false_alarm";
  }
  return "open";
}

std::optional<IncidentStatus> incident_status(std::string_view text) {
  for (const auto status : {IncidentStatus::open, IncidentStatus::identified, IncidentStatus::mitigated,
                            IncidentStatus::recovered, IncidentStatus::closed, IncidentStatus::false_alarm}) {
    if (name(status) == text) return status;
  }
  return std::nullopt;
}

bool is_live(IncidentStatus status) {
  return status == IncidentStatus::open || status == IncidentStatus::identified || status == IncidentStatus::mitigated;
}

std::string_view name(Impact impact) {
  switch (impact) {
    case Impact::unknown: return "unknown";
    case Impact::none_confirmed: return "none_confirmed";
    case Impact::possible: return "possible";
    case Impact::confirmed: return "confirmed";
  }
  return "unknown";
}

std::optional<Impact> impact_named(std::string_view text) {
  for (const auto impact : {Impact::unknown, Impact::none_confirmed, Impact::possible, Impact::confirmed}) {
    if (name(impact) == text) return impact;
  }
  return std::nullopt;
}

std::string_view name(Judgement judgement) {
  switch (judgement) {
    case Judgement::none: return "none";
    case Judgement::acted_on: return "acted_on";
    case Judgement::confirmed: return "confirmed";
    case Judgement::dismissed: return "dismissed";
  }
  return "none";
}

std::optional<Judgement> judgement_named(std::string_view text) {
  for (const Judgement judgement : {Judgement::none, Judgement::acted_on, Judgement::confirmed, Judgement::dismissed}) {
    if (name(judgement) == text) return judgement;
  }
  return std::nullopt;
}

std::string_view name(MemberState state) {
  switch (state) {
    case MemberState::firing: return "firing";
    case MemberState::resolved: return "resolved";
    case MemberState::expired: return "expired";
    case MemberState::source_lost: return "source_lost";
    case MemberState::superseded: return "superseded";
  }
  return "firing";
}

std::string_view name(Table table) {
  switch (table) {
    case Table::meta: return "meta";
    case Table::alerts: return "alerts";
    case Table::alert_texts: return "alert_texts";
    case Table::rules: return "rules";
    case Table::suspicions: return "suspicions";
    case Table::incidents: return "incidents";
    case Table::timeline: return "timeline";
    case Table::reports: return "reports";
    case Table::outbox: return "outbox";
    case Table::ledger: return "ledger";
    case Table::decisions: return "decisions";
  }
  return "meta";
}

}  // namespace iwakan

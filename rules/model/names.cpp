#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/question.hpp"
#include "model/report.hpp"
#include "model/role.hpp"
#include "model/row.hpp"
#include "model/silence.hpp"
#include "model/suggestion.hpp"

namespace iwakan {
namespace {

// The first of the values, which begin at zero and end with `last`, that has this name.
template <class Enum>
std::optional<Enum> value_named(std::string_view text, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

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
    case DecisionReason::silenced: return "silenced";
    case DecisionReason::maintenance: return "maintenance";
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
    case IncidentStatus::watch: return "watch";
    case IncidentStatus::merged: return "merged";
  }
  return "open";
}

std::optional<IncidentStatus> incident_status(std::string_view text) {
  return value_named(text, IncidentStatus::merged);
}

bool is_live(IncidentStatus status) {
  return status == IncidentStatus::open || status == IncidentStatus::identified ||
         status == IncidentStatus::mitigated || status == IncidentStatus::watch;
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
  return value_named(text, Impact::confirmed);
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
  return value_named(text, Judgement::dismissed);
}

std::string_view name(Origin origin) {
  switch (origin) {
    case Origin::unknown: return "unknown";
    case Origin::system: return "system";
    case Origin::human: return "human";
    case Origin::own: return "own";
    case Origin::third_party: return "third_party";
    case Origin::unforeseen: return "unforeseen";
  }
  return "unknown";
}

std::optional<Origin> origin_named(std::string_view text) {
  return value_named(text, Origin::unforeseen);
}

std::string_view name(SummaryField field) {
  switch (field) {
    case SummaryField::title: return "title";
    case SummaryField::what_happened: return "what_happened";
    case SummaryField::impact: return "impact";
    case SummaryField::scope: return "scope";
    case SummaryField::recurrence: return "recurrence";
    case SummaryField::conditions: return "conditions";
    case SummaryField::left: return "left";
    case SummaryField::follow_up: return "follow_up";
  }
  return "what_happened";
}

std::optional<SummaryField> summary_field_named(std::string_view text) {
  return value_named(text, SummaryField::follow_up);
}

Sentence word(SummaryField field) {
  switch (field) {
    case SummaryField::title: return {"題名", "Title"};
    case SummaryField::what_happened: return {"起きたこと", "What happened"};
    case SummaryField::impact: return {"お客さまへの影響", "Customer impact"};
    case SummaryField::scope: return {"対象範囲", "Scope"};
    case SummaryField::recurrence: return {"再発の可能性", "Chance of recurrence"};
    case SummaryField::conditions: return {"復旧宣言の条件", "Conditions of recovery"};
    case SummaryField::left: return {"残っていること", "Still open"};
    case SummaryField::follow_up: return {"今後", "Next"};
  }
  return {};
}

std::string_view name(WordingFlaw flaw) {
  switch (flaw) {
    case WordingFlaw::blame: return "blame";
    case WordingFlaw::certainty: return "certainty";
    case WordingFlaw::estimate: return "estimate";
    case WordingFlaw::urgency: return "urgency";
    case WordingFlaw::shouting: return "shouting";
    case WordingFlaw::jargon: return "jargon";
    case WordingFlaw::long_text: return "long_text";
    case WordingFlaw::no_unit: return "no_unit";
  }
  return "blame";
}

std::string_view name(FactKind kind) {
  switch (kind) {
    case FactKind::observation: return "observation";
    case FactKind::impact: return "impact";
    case FactKind::workaround: return "workaround";
    case FactKind::action: return "action";
  }
  return "observation";
}

std::optional<FactKind> fact_kind_named(std::string_view text) {
  return value_named(text, FactKind::action);
}

std::string_view name(Audience audience) {
  switch (audience) {
    case Audience::everybody: return "everybody";
    case Audience::supervisor: return "supervisor";
    case Audience::department: return "department";
    case Audience::management: return "management";
    case Audience::customers: return "customers";
    case Audience::responder: return "responder";
  }
  return "everybody";
}

std::string_view name(Due due) {
  switch (due) {
    case Due::wave: return "wave";
    case Due::approval: return "approval";
    case Due::answer: return "answer";
    case Due::reminder: return "reminder";
    case Due::promise: return "promise";
    case Due::settled: return "settled";
    case Due::questions: return "questions";
    case Due::deputy: return "deputy";
    case Due::load: return "load";
  }
  return "wave";
}

std::string_view name(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::report_due: return "report_due";
    case NoticeKind::approval: return "approval";
    case NoticeKind::promise_missed: return "promise_missed";
    case NoticeKind::watch: return "watch";
    case NoticeKind::watch_due: return "watch_due";
    case NoticeKind::questions: return "questions";
    case NoticeKind::answer: return "answer";
    case NoticeKind::hand_over: return "hand_over";
  }
  return "report_due";
}

std::string_view name(RoleKind kind) {
  switch (kind) {
    case RoleKind::command: return "command";
    case RoleKind::deputy: return "deputy";
    case RoleKind::scribe: return "scribe";
    case RoleKind::hands_on: return "hands_on";
    case RoleKind::contact: return "contact";
    case RoleKind::customers: return "customers";
    case RoleKind::public_word: return "public_word";
  }
  return "hands_on";
}

std::optional<RoleKind> role_named(std::string_view text) {
  return value_named(text, RoleKind::public_word);
}

Sentence word(RoleKind kind) {
  switch (kind) {
    case RoleKind::command: return {"指揮", "command"};
    case RoleKind::deputy: return {"副指揮", "deputy"};
    case RoleKind::scribe: return {"記録", "record"};
    case RoleKind::hands_on: return {"調査・復旧", "investigation and repair"};
    case RoleKind::contact: return {"窓口", "contact"};
    case RoleKind::customers: return {"お客さま対応", "customers"};
    case RoleKind::public_word: return {"広報", "public relations"};
  }
  return {};
}

std::string_view name(Ground ground) {
  switch (ground) {
    case Ground::person: return "person";
    case Ground::fact: return "fact";
    case Ground::unknown: return "unknown";
    case Ground::next_report: return "next_report";
  }
  return "person";
}

std::string_view name(QuestionState state) {
  switch (state) {
    case QuestionState::waiting: return "waiting";
    case QuestionState::relayed: return "relayed";
    case QuestionState::answered: return "answered";
    case QuestionState::merged: return "merged";
  }
  return "waiting";
}

std::string_view name(MemberState state) {
  switch (state) {
    case MemberState::firing: return "firing";
    case MemberState::resolved: return "resolved";
    case MemberState::expired: return "expired";
    case MemberState::source_lost: return "source_lost";
    case MemberState::superseded: return "superseded";
    case MemberState::silenced: return "silenced";
  }
  return "firing";
}

std::string_view name(SilenceState state) {
  switch (state) {
    case SilenceState::pending: return "pending";
    case SilenceState::active: return "active";
    case SilenceState::expired: return "expired";
  }
  return "pending";
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
    case Table::imported: return "imported";
    case Table::decisions: return "decisions";
    case Table::silences: return "silences";
  }
  return "meta";
}

}  // namespace iwakan

// What people do at the desk: acknowledge, note, say how it stands, judge, declare, try again.
#include "desk/acting.hpp"
#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "engine/fields.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

}  // namespace

Incident* Desk::incident_or_refuse(const std::string& id, Effects& effects) {
  Incident* incident = find_mutable(id);
  if (incident == nullptr) {
    effects.refusal = no_such("incident", id);
  } else {
    effects.incident = incident->id;
  }
  return incident;
}

void Desk::person_acted(const PersonActed& acted, Effects& effects) {
  std::visit([&](const auto& what) { act_on(acted, what, effects); }, acted.act);
}

void Desk::act_on(const PersonActed& acted, const act::Acknowledge& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const std::string person = cut(what.person.empty() ? acted.actor : what.person, 64);
  if (!incident->acknowledged.emplace(person, Acknowledgement{acted.at, acted.actor}).second) return;
  act_upon(*incident);
  say(*incident, acted.at, "acknowledged", {person + " が受け取りました", person + " has acknowledged"}, effects,
      acted.actor);
  if (waiting_.contains(incident->number) && all_acknowledged(*incident)) tell_everybody(*incident, acted.at, effects);
}

void Desk::act_on(const PersonActed& acted, const act::Note& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  act_upon(*incident);
  say(*incident, acted.at, "note", same_in_all(cut(what.text, kNoteBytesMax)), effects, acted.actor, what.occurred_at);
}

// False when another incident holds one of its subjects by now; then nothing has changed.
bool Desk::set_status(Incident& incident, IncidentStatus status, Effects& effects) {
  if (!is_live(incident.status) && is_live(status)) {
    for (const std::string& subject : incident.subjects) {
      const auto other = live_.find(subject);
      if (other == live_.end() || other->second == incident.number) continue;
      effects.refusal = Failure{Reason::conflict,
                                "the subject \"" + cut(subject, 64) + "\" has a newer open incident, " +
                                    incidents_.at(other->second).id + "; work on that one",
                                {}};
      return false;
    }
  }
  incident.status = status;
  for (const std::string& subject : incident.subjects) {
    const auto holder = live_.find(subject);
    if (is_live(status)) {
      live_[subject] = incident.number;
    } else if (holder != live_.end() && holder->second == incident.number) {
      live_.erase(holder);
    }
  }
  mind_the_wave(incident);
  return true;
}

void Desk::act_on(const PersonActed& acted, const act::SetStatus& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->status == what.status) return;
  if (!set_status(*incident, what.status, effects)) return;
  if (what.status == IncidentStatus::false_alarm) {
    incident->judgement = Judgement::dismissed;
  } else if (incident->judgement == Judgement::none || incident->judgement == Judgement::dismissed) {
    incident->judgement = what.status == IncidentStatus::open ? Judgement::none : Judgement::acted_on;
  }
  const std::string status(name(what.status));
  say(*incident, acted.at, "status", with_reason({"状態：" + status, "Status: " + status}, what.why), effects,
      acted.actor);
}

// Confirming, dismissing, and taking either back. A dismissed incident is over; taking that back opens it.
void Desk::act_on(const PersonActed& acted, const act::Judge& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || incident->judgement == what.judgement) return;
  const bool over = incident->status == IncidentStatus::false_alarm;
  if (what.judgement == Judgement::dismissed && !set_status(*incident, IncidentStatus::false_alarm, effects)) return;
  if (what.judgement != Judgement::dismissed && over && !set_status(*incident, IncidentStatus::open, effects)) return;
  incident->judgement = what.judgement;
  Sentence said{"判断を取り消しました", "The judgement was taken back"};
  if (what.judgement == Judgement::confirmed) said = {"インシデントと確認しました", "Confirmed to be an incident"};
  if (what.judgement == Judgement::dismissed) said = {"インシデントではないと判断しました", "Dismissed: no incident"};
  say(*incident, acted.at, "judged", with_reason(std::move(said), what.why), effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::SetImpact& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  act_upon(*incident);
  incident->impact = what.impact;
  const std::string detail = what.what.empty() ? "" : ": " + cut(what.what, kNoteBytesMax);
  const std::string impact(name(what.impact));
  say(*incident, acted.at, "impact", {"お客さまへの影響：" + impact + detail, "Customer impact: " + impact + detail},
      effects, acted.actor);
}

void Desk::act_on(const PersonActed& acted, const act::Declare& what, Effects& effects) {
  if (const Incident* open = live_incident(what.subject)) {
    effects.refusal =
        Failure{Reason::conflict,
                "\"" + cut(what.subject, 64) + "\" has an open incident already: " + open->id + "; add a note there",
                {}};
    return;
  }
  Decision decision;
  decision.reason = DecisionReason::opened_by_person;
  decision.subject = cut(what.subject, kSummaryBytesMax);
  decision.at = acted.at;
  Evidence word;
  word.rule = "person";
  word.subject = decision.subject;
  word.at = acted.at;
  word.statement = Statement{what.impact, what.level};
  word.sentence = same_in_all(cut(what.title, kSummaryBytesMax));
  decision.evidence.push_back(word);
  Incident& incident = create(decision, what.impact, what.level, acted.at, word.sentence);
  effects.incident = incident.id;
  say(incident, acted.at, "opened",
      {"インシデントを宣言しました：" + incident.title.ja, "Incident declared: " + incident.title.en}, effects,
      acted.actor);
  start_first_report(incident, acted.at, effects);
  effects.decisions.push_back(decision);
}

void Desk::act_on(const PersonActed& acted, const act::Redeliver& what, Effects& effects) {
  const auto found = dead_.find(what.delivery);
  if (found == dead_.end()) {
    effects.refusal = no_such("dead letter", what.delivery);
    return;
  }
  Delivery delivery = found->second;
  Incident* incident = find_mutable(delivery.incident);
  IWAKAN_ASSERT(incident != nullptr);
  delivery.state = DeliveryState::pending;
  delivery.queued_at = acted.at;
  delivery.answered_at.reset();
  delivery.attempts = 0;
  const auto report = reports_.find(report_key_of(delivery));
  IWAKAN_ASSERT(report != reports_.end());
  rows_.push_back({Table::ledger, delivery.id, std::nullopt});
  rows_.push_back({Table::outbox, delivery.id, encode(delivery)});
  dead_.erase(found);
  effects.intents.push_back({delivery, report->second});
  effects.incident = incident->id;
  const std::string to = delivery.recipient.id;
  outbox_[delivery.id] = std::move(delivery);
  say(*incident, acted.at, "delivery", {"もう一度送ります：" + to, "Trying again: " + to}, effects, acted.actor);
}

}  // namespace iwakan::desk

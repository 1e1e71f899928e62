// What people do at the desk that does not move the incident: acknowledge, note, try a delivery again.
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

// The one that everybody means while only one is being worked on.
Incident* Desk::only_live_or_refuse(Effects& effects) {
  std::vector<Incident*> live;
  for (auto& [number, incident] : incidents_) {
    if (is_live(incident.status)) live.push_back(&incident);
  }
  if (live.size() == 1) {
    effects.incident = live.front()->id;
    return live.front();
  }
  std::string which;
  for (const Incident* incident : live) which += "\n  " + incident->id + "  " + incident->title.en;
  effects.refusal = live.empty()
                        ? Failure{Reason::not_found, "no incident is being worked on: name the one you mean", {}}
                        : Failure{Reason::conflict, "several incidents are being worked on; name one:" + which, {}};
  return nullptr;
}

// Without an id: the only one.
Incident* Desk::incident_or_refuse(const std::string& id, Effects& effects) {
  if (id.empty()) return only_live_or_refuse(effects);
  Incident* incident = find_mutable(id);
  if (incident == nullptr) {
    effects.refusal = no_such("incident", id);
  } else {
    effects.incident = incident->id;
  }
  return incident;
}

void Desk::person_acted(const PersonActed& acted, const Around& around, Effects& effects) {
  std::visit(
      [&]<class What>(const What& what) {
        if constexpr (std::same_as<What, act::Hunch> || std::same_as<What, act::Declare>) {
          act_on(acted, what, around, effects);
        } else {
          act_on(acted, what, effects);
        }
      },
      acted.act);
  const bool works_on_it = !std::holds_alternative<act::Acknowledge>(acted.act) &&
                           !std::holds_alternative<act::Redeliver>(acted.act) &&
                           !std::holds_alternative<act::AskQuestion>(acted.act);
  Incident* incident = find_mutable(effects.incident);
  if (effects.refusal || !works_on_it || incident == nullptr) return;
  incident->touched_at = acted.at;
  change(*incident, acted.at);
}

void Desk::act_on(const PersonActed& acted, const act::Acknowledge& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const std::string person = cut(what.person.empty() ? acted.actor : what.person, 64);
  if (!incident->acknowledged.emplace(person, Acknowledgement{acted.at, acted.actor}).second) return;
  act_upon(*incident);
  say(*incident, acted.at, "acknowledged", {person + " が受け取りました", person + " has acknowledged"}, effects,
      acted.actor);
  if (incident->supervisors_told_at) send_waves(*incident, acted.at, effects);
}

void Desk::act_on(const PersonActed& acted, const act::Note& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  act_upon(*incident);
  say(*incident, acted.at, "note", same_in_all(cut(what.text, kNoteBytesMax)), effects, acted.actor, what.occurred_at);
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

#include "desk/deputies.hpp"

#include <algorithm>

#include "desk/desk.hpp"
#include "desk/reporter.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

Sentence not_on_duty(const Sentence& name) {
  return {name.in("ja") + "さんは今は当番ではありません", name.in("en") + " is not on duty now"};
}

Sentence not_reached(const Sentence& name) {
  return {name.in("ja") + "さんへは届けられませんでした", name.in("en") + " could not be reached"};
}

Sentence not_acknowledged(const Sentence& name) {
  return {name.in("ja") + "さんの受け取りが、まだ確認できていません", name.in("en") + " has not acknowledged yet"};
}

// When it was clear that no way to the supervisor works.
std::optional<TimePoint> lost_at(const Incident& incident, const std::vector<Recipient>& recipients) {
  std::optional<TimePoint> last;
  for (const Recipient& recipient : recipients) {
    const auto found = incident.not_reached.find(recipient.id);
    if (found == incident.not_reached.end()) return std::nullopt;
    last = std::max(last.value_or(found->second), found->second);
  }
  return last;
}

bool was_told(const Incident& incident, const Deputy& deputy) {
  return std::any_of(deputy.recipients.begin(), deputy.recipients.end(),
                     [&](const Recipient& recipient) { return incident.told.contains(recipient.id); });
}

// The first time at which somebody hears who is not told individually.
TimePoint gate_of(const Incident& incident) {
  TimePoint gate = incident.waves.back().deadline;
  for (const Wave& wave : incident.waves) {
    if (wave.audience != kSupervisors) gate = std::min(gate, wave.deadline);
  }
  return gate;
}

// Those on duty first.
std::vector<const Deputy*> in_order(const Department& department, const Organisation& organisation, TimePoint at) {
  std::vector<const Deputy*> deputies;
  for (const Deputy& deputy : department.deputies) deputies.push_back(&deputy);
  std::stable_partition(deputies.begin(), deputies.end(),
                        [&](const Deputy* deputy) { return is_on_duty(organisation, department, deputy->person, at); });
  return deputies;
}

}  // namespace

bool has_acknowledged(const Incident& incident, const Department& department) {
  return incident.acknowledged.contains(department.supervisor) ||
         std::any_of(department.deputies.begin(), department.deputies.end(),
                     [&](const Deputy& deputy) { return incident.acknowledged.contains(deputy.person); });
}

std::vector<StandIn> stand_ins(const Incident& incident, const Organisation& organisation) {
  std::vector<StandIn> all;
  const bool goes_on = incident.status != IncidentStatus::false_alarm && incident.status != IncidentStatus::merged;
  if (!goes_on || !incident.supervisors_told_at || incident.waves.back().state == WaveState::sent) return all;
  const TimePoint told = *incident.supervisors_told_at;
  const Duration until_gate = std::max(Duration{}, gate_of(incident) - told);
  for (const Department& department : organisation.departments) {
    if (department.deputies.empty() || has_acknowledged(incident, department)) continue;
    const Duration step =
        std::min(department.deputies_after, until_gate / static_cast<int>(department.deputies.size() + 1));
    TimePoint at = told + step;
    Sentence why = not_acknowledged(department.supervisor_name);
    if (!is_on_duty(organisation, department, department.supervisor, told)) {
      at = told;
      why = not_on_duty(department.supervisor_name);
    } else if (const auto lost = lost_at(incident, department.recipients); lost && *lost < at) {
      at = *lost;
      why = not_reached(department.supervisor_name);
    }
    for (const Deputy* deputy : in_order(department, organisation, told)) {
      if (!was_told(incident, *deputy)) all.push_back({&department, deputy, at, why});
      at += step;
      why = not_acknowledged(deputy->name);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const StandIn& a, const StandIn& b) { return a.at < b.at; });
  return all;
}

// Tells those whose time has come, and sees to the next.
void Desk::tell_deputies(Incident& incident, TimePoint now, Effects& effects) {
  incident.due.erase(Due::deputy);
  for (const StandIn& one : stand_ins(incident, *organisation_)) {
    if (one.at > now) {
      incident.due[Due::deputy] = one.at;
      return change(incident, now);
    }
    const bool summed_up = incident.reported && incident.reported->kind == ReportKind::second;
    const ReportKind kind = summed_up ? ReportKind::second : ReportKind::first;
    promise_ahead(incident, now);
    Report written = individual_edition(write(incident, kind, now, {}), *one.department,
                                        std::max(now, incident.waves.back().deadline));
    written.individual->person = one.deputy->person;
    written.individual->addressee = addressee(*one.department, one.deputy->name);
    written.individual->stands_in = one.why;
    const std::string edition = one.department->id + "." + one.deputy->person;
    send(incident, {edition, keep_report(incident, std::move(written), edition), 0, one.why}, one.deputy->recipients,
         effects);
    say(incident, now, "deputy",
        {one.why.ja + "。" + one.department->name.in("ja") + "のことを、代わりに " + one.deputy->name.in("ja") +
             " へ個別に送ります",
         one.why.en + ": it goes to " + one.deputy->name.in("en") + " for " + one.department->name.in("en")},
        effects);
  }
}

}  // namespace iwakan::desk

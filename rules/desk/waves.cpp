// What is told, to whom and when: the one way by which reports go, and the waves by which people who are new
// to the incident hear of it.
#include <algorithm>

#include "desk/desk.hpp"
#include "desk/recovery.hpp"
#include "desk/reporter.hpp"
#include "model/assert.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

Sentence word(ReportKind kind) {
  switch (kind) {
    case ReportKind::first: return {"第一報", "First report"};
    case ReportKind::update: return {"続報", "Update"};
    case ReportKind::second: return {"第二報", "Second report"};
    case ReportKind::correction: return {"訂正", "Correction"};
  }
  return {};
}

std::vector<Recipient> recipients_of(const Organisation& organisation, std::string_view audience) {
  std::vector<Recipient> recipients;
  if (audience == kEverybody) {
    recipients = organisation.everybody;
    for (const Department& department : organisation.departments) {
      recipients.insert(recipients.end(), department.rooms.begin(), department.rooms.end());
    }
  } else if (audience == kSupervisors) {
    for (const Department& department : organisation.departments) {
      recipients.insert(recipients.end(), department.recipients.begin(), department.recipients.end());
    }
  } else if (const Group* group = group_named(organisation, audience)) {
    recipients = group->recipients;
  }
  return recipients;
}

// Those who were told, and those who joined the audience of a wave that has gone; as the organisation reaches
// them now.
std::vector<Recipient> to_be_told(const Incident& incident, const Organisation& organisation) {
  std::map<std::string, Recipient> all;
  for (const auto& [id, told] : incident.told) all[id] = told.recipient;
  for (const Wave& wave : incident.waves) {
    if (wave.state != WaveState::sent) continue;
    for (Recipient& recipient : recipients_of(organisation, wave.audience)) all[recipient.id] = std::move(recipient);
  }
  std::vector<Recipient> recipients;
  recipients.reserve(all.size());
  for (auto& [id, recipient] : all) recipients.push_back(std::move(recipient));
  return recipients;
}

// What goes is still the first report: not everybody has heard it, and nothing went after it.
bool is_first(const Incident& incident) {
  return incident.reports_issued == 1 && !incident.everybody_told_at;
}

}  // namespace

const LevelProcedure& Desk::level_of(const Incident& incident) const {
  const auto found = organisation_->levels.find(incident.level);
  return found != organisation_->levels.end() ? found->second : organisation_->levels.at(organisation_->level_default);
}

// Everything that is told goes this way. People who were told get it at once; the waves bring it to those who
// have not heard yet.
void Desk::issue(Incident& incident, ReportKind kind, TimePoint now, Effects& effects, const Sentence& corrects,
                 std::string_view by) {
  IWAKAN_ASSERT((kind == ReportKind::first) == (incident.reports_issued == 0));
  incident.draft.reset();
  incident.due.erase(Due::approval);
  incident.issued_at = now;
  if (kind == ReportKind::correction) {
    ++incident.report_version;
    promise_ahead(incident, now);
  } else {
    ++incident.reports_issued;
    incident.report_version = 1;
    settle_promise(incident, now);
    promise(incident, now);
  }
  if (kind == ReportKind::first) {
    name_vacancies(incident, now, effects);
    plan_waves(incident, now);
  } else {
    // Whoever has not heard yet is to get the first report as it is right by now, and no correction.
    const bool ahead = is_first(incident) && kind == ReportKind::correction;
    const std::string edition(ahead ? kSupervisors : kEverybody);
    const auto report = keep_report(incident, write(incident, kind, now, corrects), edition);
    send(incident, {edition, report, 0, {}}, to_be_told(incident, *organisation_), effects);
    // A correction is a version of the report before, and stays of its kind.
    const bool of_another = kind == ReportKind::correction && incident.reported;
    if (!ahead) incident.reported = Reported{report->number, of_another ? incident.reported->kind : kind, now};
    const Sentence what = word(kind);
    const std::string count = std::to_string(incident.told.size());
    say(incident, now, "report",
        {what.ja + "を、これまでにお知らせした " + count + " 件の宛先へ送ります",
         what.en + " goes to the " + count + " recipients who have been told"},
        effects, by);
  }
  send_waves(incident, now, effects);
  incident.missed_for.reset();
}

Report Desk::write(const Incident& incident, ReportKind kind, TimePoint now, const Sentence& corrects) const {
  Report report = write_report(incident, *organisation_, kind, now);
  report.number = incident.reports_issued;
  report.version = incident.report_version;
  report.corrects = corrects;
  report.missed_for = incident.missed_for;
  report.may_mention = kind == ReportKind::first && level_of(incident).may_mention;
  if (report.outcome && !incident.recovery) {
    const RecoveryGate gate = recovery_gate(incident, level_of(incident), now);
    report.outcome->conditions.insert(report.outcome->conditions.end(), gate.missing.begin(), gate.missing.end());
  }
  return report;
}

// --- waves

// As the incident's level has it, counted from its opening. What has gone has gone, and nothing goes later than
// was planned before.
void Desk::plan_waves(Incident& incident, TimePoint now) {
  std::vector<Wave> before = std::move(incident.waves);
  incident.waves.clear();
  for (const PlannedWave& planned : level_of(incident).waves) {
    Wave wave{planned.audience, WaveState::waiting, std::max(now, incident.opened_at + planned.within), {}};
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](const Wave& other) { return other.audience == planned.audience; });
    if (same != before.end()) {
      wave.state = same->state;
      wave.sent_at = same->sent_at;
      wave.deadline = std::min(wave.deadline, same->deadline);
      before.erase(same);
    }
    incident.waves.push_back(std::move(wave));
  }
  // Audiences that the level does not know keep what they were promised, between supervisors and everybody.
  for (Wave& wave : before) incident.waves.insert(incident.waves.end() - 1, std::move(wave));
  change(incident, now);
}

void Desk::send_waves(Incident& incident, TimePoint now, Effects& effects) {
  incident.due.erase(Due::wave);
  incident.due.erase(Due::deputy);
  change(incident, now);
  // A false alarm is told to nobody who has not heard of it; whatever else became of the incident, they are told.
  if (incident.status == IncidentStatus::false_alarm || incident.status == IncidentStatus::merged) return;
  for (Wave& wave : incident.waves) {
    if (wave.state == WaveState::sent) continue;
    const bool individually = wave.audience == kSupervisors;
    if (!individually) {
      tell_new_supervisors(incident, now, effects);
      tell_deputies(incident, now, effects);
    }
    if (!individually && wave.deadline > now && !all_acknowledged(incident)) {
      incident.due[Due::wave] = wave.deadline;
      return;
    }
    IWAKAN_ASSERT(individually || incident.waves.front().state == WaveState::sent);
    incident.due.erase(Due::deputy);
    wave.state = WaveState::sent;
    wave.sent_at = now;
    if (individually) {
      tell_supervisors(incident, now, effects);
    } else {
      tell(incident, wave, now, effects);
    }
  }
}

void Desk::tell_supervisors(Incident& incident, TimePoint now, Effects& effects) {
  const TimePoint everybody_at = incident.waves.back().deadline;
  const Report report = write(incident, ReportKind::first, now, {});
  for (const Department& department : organisation_->departments) {
    const auto edition = keep_report(incident, individual_edition(report, department, everybody_at), department.id);
    send(incident, {department.id, edition, 0, {}}, department.recipients, effects);
  }
  incident.supervisors_told_at = now;
  if (organisation_->departments.empty()) return;
  const std::string count = std::to_string(organisation_->departments.size());
  say(incident, now, "wave",
      {"第一報を部署の監督者 " + count + " 名へ個別に送ります",
       "First report goes to " + count + " supervisors, one by one"},
      effects);
}

// Who became a supervisor after the others were told hears of it before the next wave goes all the same.
void Desk::tell_new_supervisors(Incident& incident, TimePoint now, Effects& effects) {
  for (const Department& department : organisation_->departments) {
    const auto knows = [&incident](const Recipient& recipient) { return incident.told.contains(recipient.id); };
    if (std::all_of(department.recipients.begin(), department.recipients.end(), knows)) continue;
    std::string edition(kEverybody);
    std::shared_ptr<const Report> report = latest_report(incident);
    if (is_first(incident)) {
      edition = department.id + "." + department.supervisor;
      promise_ahead(incident, now);
      Report written = write(incident, ReportKind::first, now, {});
      report = keep_report(
          incident, individual_edition(std::move(written), department, std::max(now, incident.waves.back().deadline)),
          edition);
    }
    IWAKAN_ASSERT(report != nullptr);
    send(incident, {edition, report, 0, {}}, department.recipients, effects);
    say(incident, now, "wave",
        {department.name.in("ja") + "の監督者へ、ほかの部署に続けて個別に送ります",
         "The supervisor of " + department.name.in("en") + " is told after those of the other departments"},
        effects);
  }
}

void Desk::tell(Incident& incident, const Wave& wave, TimePoint now, Effects& effects) {
  const bool everybody = wave.audience == kEverybody;
  const bool confirmed = all_acknowledged(incident);
  const auto number = static_cast<std::uint32_t>(&wave - incident.waves.data());
  std::string edition(kEverybody);
  std::shared_ptr<const Report> report = latest_report(incident);
  const bool first = is_first(incident);
  if (first) {
    edition = wave.audience;
    promise_ahead(incident, now);
    Report written = write(incident, ReportKind::first, now, {});
    written.unconfirmed = unconfirmed_departments(incident, *organisation_);
    report = keep_report(incident, std::move(written), edition);
    if (everybody) incident.reported = Reported{report->number, ReportKind::first, now};
  }
  IWAKAN_ASSERT(report != nullptr);
  send(incident, {edition, report, number, {}}, recipients_of(*organisation_, wave.audience), effects);
  if (everybody) incident.everybody_told_at = now;
  const Sentence what = first ? word(ReportKind::first) : Sentence{"最新の報告", "The latest report"};
  const Group* group = group_named(*organisation_, wave.audience);
  Sentence to{"全体", "everybody"};
  if (!everybody) to = group != nullptr ? group->name : same_in_all(wave.audience);
  say(incident, now, "wave",
      confirmed
          ? Sentence{what.ja + "を" + to.ja + "へ送ります", what.en + " goes to " + to.en}
          : Sentence{"期限になったので、未確認の部署を添えて" + what.ja + "を" + to.ja + "へ送ります",
                     "The deadline has come: " + what.en + " goes to " + to.en + ", with the departments unconfirmed"},
      effects);
}

bool Desk::all_acknowledged(const Incident& incident) const {
  return unconfirmed_departments(incident, *organisation_).empty();
}

}  // namespace iwakan::desk

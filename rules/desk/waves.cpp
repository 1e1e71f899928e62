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

// Whoever hears of it now gets the first report, as it is right by now, whatever those who were told have heard since:
// it says all that a reader needs to begin with. A second report does so by itself. `last`: of what kind that was.
bool hears_first(const Incident& incident, ReportKind last) {
  return !incident.everybody_told_at && last != ReportKind::second;
}

bool hears_first(const Incident& incident) {
  return hears_first(incident, incident.reported ? incident.reported->kind : ReportKind::first);
}

}  // namespace

const LevelProcedure& Desk::level_of(const Incident& incident) const {
  return procedure_of(*organisation_, incident.level);
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
    // A correction is a version of the report before, and stays of its kind.
    const bool puts_right = kind == ReportKind::correction;
    const ReportKind before = incident.reported ? incident.reported->kind : ReportKind::first;
    const ReportKind stays = puts_right ? before : kind;
    // To those who heard ahead of everybody, while the others are still to get the first report.
    const std::string edition(hears_first(incident, stays) ? kSupervisors : kEverybody);
    const auto report = keep_report(incident, write(incident, kind, now, corrects), edition);
    std::vector<Recipient> recipients = to_be_told(incident, *organisation_);
    const auto joined = std::stable_partition(recipients.begin(), recipients.end(), [&incident](const Recipient& one) {
      return incident.told.contains(one.id);
    });
    send(incident, {edition, report, 0, {}}, {recipients.begin(), joined}, effects);
    welcome(incident, report, {joined, recipients.end()}, now, effects);
    if (!puts_right || incident.reported) incident.reported = Reported{report->number, stays, now};
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

// Who joined the audience of a wave that has gone has heard nothing yet: to them an update alone says too little.
void Desk::welcome(Incident& incident, std::shared_ptr<const Report> report, const std::vector<Recipient>& joined,
                   TimePoint now, Effects& effects) {
  if (joined.empty()) return;
  std::string edition(kEverybody);
  if (!report->outcome) {
    edition = "joined";
    Report whole = write(incident, ReportKind::first, now, {});
    whole.may_mention = false;
    report = keep_report(incident, std::move(whole), edition);
  }
  send(incident, {edition, std::move(report), 0, {}}, joined, effects);
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
    report.outcome->conditions.insert(report.outcome->conditions.end(), gate.told.begin(), gate.told.end());
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
    if (hears_first(incident)) {
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
  const bool first = hears_first(incident);
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

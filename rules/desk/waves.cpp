// The way of a report: written, sent wave by wave, delivered or given up.
#include <algorithm>

#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "desk/reporter.hpp"
#include "engine/fields.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::uint32_t kSupervisors = 0;
constexpr std::uint32_t kEverybody = 1;
constexpr std::string_view kEverybodyEdition = "everybody";

std::string report_key(std::uint64_t incident, std::uint32_t report, std::string_view edition) {
  return ordered_key(incident, report) + std::string(edition);
}

}  // namespace

// --- reports and waves

void Desk::start_first_report(Incident& incident, TimePoint now, Effects& effects) {
  const LevelProcedure& level = organisation_->levels.at(incident.level);
  incident.reports_issued = 1;
  incident.next_report_at = now + level.next_report_within;
  const TimePoint everybody_at = now + level.everybody_within;
  incident.waves = {Wave{WaveState::waiting, now, {}}, Wave{WaveState::waiting, everybody_at, {}}};

  const Report report = write_report(incident, *organisation_, ReportKind::first, now);
  for (const Department& department : organisation_->departments) {
    send(incident, kSupervisors, department.id,
         std::make_shared<const Report>(individual_edition(report, department, everybody_at)), department.recipients,
         effects);
  }
  incident.waves[kSupervisors].state = WaveState::sent;
  incident.waves[kSupervisors].sent_at = now;
  incident.supervisors_told_at = now;
  mind_the_wave(incident);
  if (organisation_->departments.empty()) return tell_everybody(incident, now, effects);
  const std::string count = std::to_string(organisation_->departments.size());
  say(incident, now, "wave",
      {"第一報を部署の監督者 " + count + " 名へ個別に送ります",
       "First report goes to " + count + " supervisors, one by one"},
      effects);
}

void Desk::tell_everybody(Incident& incident, TimePoint now, Effects& effects) {
  Wave& wave = incident.waves[kEverybody];
  IWAKAN_ASSERT(incident.waves[kSupervisors].state == WaveState::sent);
  wave.state = WaveState::sent;
  wave.sent_at = now;
  mind_the_wave(incident);
  // After a long stop the promised time may have passed: everybody is promised one that they can rely on.
  if (incident.next_report_at && *incident.next_report_at <= now)
    incident.next_report_at = now + organisation_->levels.at(incident.level).next_report_within;
  Report report = write_report(incident, *organisation_, ReportKind::first, now);
  report.unconfirmed = unconfirmed_departments(incident, *organisation_);
  const bool confirmed = report.unconfirmed.empty();
  incident.everybody_told_at = now;
  incident.reported = {report.number, report.kind, now};
  send(incident, kEverybody, std::string(kEverybodyEdition), std::make_shared<const Report>(std::move(report)),
       organisation_->everybody, effects);
  say(incident, now, "wave",
      confirmed ? Sentence{"第一報を全体へ送ります", "First report goes to everybody"}
                : Sentence{"期限になったので、未確認の部署を添えて第一報を全体へ送ります",
                           "The deadline has come: first report goes to everybody, with the departments unconfirmed"},
      effects);
}

void Desk::send(Incident& incident, std::uint32_t wave, const std::string& edition,
                const std::shared_ptr<const Report>& report, const std::vector<Recipient>& recipients,
                Effects& effects) {
  const std::string key = report_key(incident.number, report->number, edition);
  rows_.push_back({Table::reports, key, encode(*report)});
  if (!recipients.empty()) reports_[key] = report;
  for (const Recipient& recipient : recipients) {
    Delivery delivery{.id = incident.id + "." + std::to_string(report->number) + "." + recipient.id,
                      .incident = incident.id,
                      .report = report->number,
                      .edition = edition,
                      .wave = wave,
                      .recipient = recipient,
                      .state = DeliveryState::pending,
                      .attempts = 0,
                      .maybe_sent = false,
                      .queued_at = report->issued_at,
                      .answered_at = {},
                      .reason = DeliveryReason::accepted,
                      .detail = {}};
    rows_.push_back({Table::outbox, delivery.id, encode(delivery)});
    effects.intents.push_back({delivery, report});
    outbox_.emplace(delivery.id, std::move(delivery));
  }
}

bool Desk::all_acknowledged(const Incident& incident) const {
  return unconfirmed_departments(incident, *organisation_).empty();
}

bool Desk::time_reached(TimePoint now, Effects& effects) {
  bool any = false;
  const std::set<std::uint64_t> waiting = waiting_;
  for (const std::uint64_t number : waiting) {
    Incident& incident = incidents_.at(number);
    if (incident.waves[kEverybody].deadline > now) continue;
    tell_everybody(incident, now, effects);
    any = true;
  }
  return any;
}

std::optional<TimePoint> Desk::next_deadline() const {
  std::optional<TimePoint> next;
  for (const std::uint64_t number : waiting_) {
    const TimePoint deadline = incidents_.at(number).waves[kEverybody].deadline;
    if (!next || deadline < *next) next = deadline;
  }
  return next;
}

// A false alarm is not told to everybody; whatever else became of the incident, they are told.
void Desk::mind_the_wave(const Incident& incident) {
  const bool waits = incident.waves.size() > kEverybody && incident.waves[kEverybody].state == WaveState::waiting &&
                     incident.status != IncidentStatus::false_alarm;
  if (waits) {
    waiting_.insert(incident.number);
  } else {
    waiting_.erase(incident.number);
  }
}

// --- deliveries

void Desk::delivery_started(const DeliveryStarted& started, Effects&) {
  const auto found = outbox_.find(started.delivery);
  if (found == outbox_.end()) return;
  ++found->second.attempts;
  rows_.push_back({Table::outbox, started.delivery, encode(found->second)});
}

void Desk::settle(Delivery& delivery, const DeliveryAnswered& answered, Effects& effects) {
  const bool delivered = answered.answer.verdict == DeliveryVerdict::delivered;
  delivery.state = delivered ? DeliveryState::delivered : DeliveryState::dead;
  rows_.push_back({Table::outbox, delivery.id, std::nullopt});
  rows_.push_back({Table::ledger, delivery.id, encode(delivery)});
  if (Incident* incident = find_mutable(delivery.incident)) {
    const std::string& to = delivery.recipient.id;
    if (delivered) {
      incident->not_reached.erase(to);
    } else {
      incident->not_reached[to] = answered.at;
    }
    say(*incident, answered.at, "delivery",
        delivered ? Sentence{"届けました：" + to, "Delivered: " + to}
                  : Sentence{"届けられませんでした：" + to + "（" + std::string(name(delivery.reason)) + "）",
                             "Not delivered: " + to + " (" + std::string(name(delivery.reason)) + ")"},
        effects);
  }
  if (!delivered) dead_[delivery.id] = delivery;
}

void Desk::delivery_answered(const DeliveryAnswered& answered, Effects& effects) {
  const auto found = outbox_.find(answered.delivery);
  if (found == outbox_.end()) return;
  Delivery& delivery = found->second;
  delivery.answered_at = answered.at;
  delivery.reason = answered.answer.reason;
  delivery.detail = cut(answered.answer.detail, kSummaryBytesMax);
  delivery.maybe_sent = delivery.maybe_sent || answered.answer.outcome_unknown;
  if (answered.answer.verdict == DeliveryVerdict::retry_later) {
    rows_.push_back({Table::outbox, delivery.id, encode(delivery)});
    return;
  }
  settle(delivery, answered, effects);
  outbox_.erase(found);
  drop_unneeded_reports();
}

std::string Desk::report_key_of(const Delivery& delivery) const {
  const Incident* incident = find(delivery.incident);
  IWAKAN_ASSERT(incident != nullptr);
  return report_key(incident->number, delivery.report, delivery.edition);
}

// Reports stay in the store for ever, and in memory as long as a delivery may still need them.
void Desk::drop_unneeded_reports() {
  std::set<std::string> needed;
  for (const auto& [id, delivery] : outbox_) needed.insert(report_key_of(delivery));
  for (const auto& [id, delivery] : dead_) needed.insert(report_key_of(delivery));
  std::erase_if(reports_, [&needed](const auto& report) { return !needed.contains(report.first); });
}

void Desk::resume(TimePoint now, Effects& effects) {
  for (auto& [id, delivery] : outbox_) {
    // Started and not answered since: the process ended in between.
    const bool under_way = delivery.attempts > 0 && !delivery.answered_at;
    if (under_way && !delivery.maybe_sent) {
      delivery.maybe_sent = true;
      rows_.push_back({Table::outbox, id, encode(delivery)});
    }
    effects.intents.push_back({delivery, reports_.at(report_key_of(delivery))});
  }
  drop_unneeded_reports();
  time_reached(now, effects);
}

}  // namespace iwakan::desk

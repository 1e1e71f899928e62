// Deliveries: each report to each recipient, until it is delivered or given up.
#include <algorithm>
#include <tuple>

#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "desk/reporter.hpp"
#include "engine/fields.hpp"
#include "model/assert.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kPagesKept = 200;  // of one person, in one incident

// "3", and "3v2" once it was corrected.
std::string numbered(std::uint32_t number, std::uint32_t version) {
  return std::to_string(number) + (version > 1 ? "v" + std::to_string(version) : "");
}

std::string report_key(std::uint64_t incident, std::uint32_t number, std::uint32_t version, std::string_view edition) {
  return ordered_key(incident, number) + (version > 1 ? "v" + std::to_string(version) + "." : "") +
         std::string(edition);
}

}  // namespace

std::shared_ptr<const Report> Desk::keep_report(const Incident& incident, Report written, const std::string& edition) {
  const std::string key = report_key(incident.number, written.number, written.version, edition);
  auto report = std::make_shared<const Report>(std::move(written));
  rows_.push_back({Table::reports, key, encode(*report)});
  return reports_[key] = std::move(report);
}

std::shared_ptr<const Report> Desk::latest_report(const Incident& incident) const {
  const auto found =
      reports_.find(report_key(incident.number, incident.reports_issued, incident.report_version, kEverybody));
  return found == reports_.end() ? nullptr : found->second;
}

// Nobody gets the same report twice, or an older one than they have.
void Desk::send(Incident& incident, const Sending& sending, const std::vector<Recipient>& recipients,
                Effects& effects) {
  const Report& report = *sending.report;
  incident.told_until = std::max(incident.told_until, report.issued_at);
  std::map<std::string, Sending> editions;
  // Who is reached at one place by several names hears once; a first report comes in several editions.
  std::set<std::tuple<std::string, std::string, std::string>> reached;
  if (report.number > 1 || report.version > 1) {
    for (const auto& [id, told] : incident.told) {
      const bool has_it = told.report == report.number && told.version == report.version;
      if (has_it) reached.emplace(told.recipient.sink, told.recipient.address, told.recipient.edition);
    }
  }
  for (const Recipient& recipient : recipients) {
    const Told now_told{recipient, report.number, report.version};
    const auto [told, is_new] = incident.told.try_emplace(recipient.id, now_told);
    if (!is_new) {
      if (std::tie(told->second.report, told->second.version) >= std::tie(report.number, report.version)) continue;
      told->second = now_told;
    }
    if (!reached.emplace(recipient.sink, recipient.address, recipient.edition).second) continue;
    auto own = editions.find(recipient.edition);
    if (own == editions.end()) {
      own = editions.emplace(recipient.edition, in_edition(incident, sending, recipient.edition)).first;
    }
    queue(incident, incident.id + "." + numbered(report.number, report.version) + "." + recipient.id, own->second,
          recipient, effects);
  }
}

// As the recipient gets it. An edition that the organisation no longer has is everybody's.
Desk::Sending Desk::in_edition(const Incident& incident, const Sending& sending, const std::string& edition) {
  std::optional<Report> written;
  if (!edition.empty()) written = edition_named(*sending.report, edition, *organisation_);
  if (!written) return sending;
  Sending own = sending;
  own.edition += "." + edition;
  own.report = keep_report(incident, *std::move(written), own.edition);
  return own;
}

void Desk::queue(Incident& incident, const std::string& id, const Sending& sending, const Recipient& recipient,
                 Effects& effects) {
  const Report& report = *sending.report;
  if ((report.individual || report.notice) && !recipient.person.empty()) {
    std::vector<TimePoint>& paged = incident.paged[recipient.person];
    const bool by_another_way = !paged.empty() && paged.back() == report.issued_at;
    if (!by_another_way && paged.size() < kPagesKept) paged.push_back(report.issued_at);
  }
  Delivery delivery{.id = id,
                    .incident = report.incident,
                    .report = report.number,
                    .version = report.version,
                    .edition = sending.edition,
                    .why = sending.why,
                    .wave = sending.wave,
                    .recipient = recipient,
                    .state = DeliveryState::pending,
                    .attempts = 0,
                    .maybe_sent = false,
                    .queued_at = report.issued_at,
                    .answered_at = {},
                    .reason = DeliveryReason::accepted,
                    .detail = {}};
  rows_.push_back({Table::outbox, id, encode(delivery)});
  effects.intents.push_back({delivery, sending.report});
  outbox_.emplace(id, std::move(delivery));
}

void Desk::delivery_started(const DeliveryStarted& started, Effects&) {
  const auto found = outbox_.find(started.delivery);
  if (found == outbox_.end()) return;
  ++found->second.attempts;
  found->second.answered_at.reset();  // of the attempt before: this one is under way
  rows_.push_back({Table::outbox, started.delivery, encode(found->second)});
}

void Desk::settle(Delivery& delivery, const DeliveryAnswered& answered, Effects& effects) {
  const bool delivered = answered.answer.verdict == DeliveryVerdict::delivered;
  delivery.state = delivered ? DeliveryState::delivered : DeliveryState::dead;
  rows_.push_back({Table::outbox, delivery.id, std::nullopt});
  rows_.push_back({Table::ledger, delivery.id, encode(delivery)});
  if (Incident* incident = find_mutable(delivery.incident)) {
    const std::string& to = delivery.recipient.id;
    // A notice reaches somebody at work, not a reader.
    const bool to_a_reader = !delivery.edition.starts_with(kNotice);
    if (to_a_reader && delivered) incident->not_reached.erase(to);
    if (to_a_reader && !delivered) incident->not_reached[to] = answered.at;
    say(*incident, answered.at, "delivery",
        delivered ? Sentence{"届けました：" + to, "Delivered: " + to}
                  : Sentence{"届けられませんでした：" + to + "（" + std::string(name(delivery.reason)) + "）",
                             "Not delivered: " + to + " (" + std::string(name(delivery.reason)) + ")"},
        effects);
    if (to_a_reader && !delivered) tell_deputies(*incident, answered.at, effects);
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
  return report_key(incident->number, delivery.report, delivery.version, delivery.edition);
}

// Reports stay in the store for ever, and in memory as long as a delivery or a late joiner may still need them.
void Desk::drop_unneeded_reports() {
  std::set<std::string> needed;
  for (const auto& [number, at] : due_) {
    const Incident& incident = incidents_.at(number);
    needed.insert(report_key(number, incident.reports_issued, incident.report_version, kEverybody));
  }
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

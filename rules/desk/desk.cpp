#include "desk/desk.hpp"

#include <charconv>

#include "engine/fields.hpp"
#include "model/codec.hpp"

namespace iwakan::desk {

// --- reading

const Incident* Desk::find(std::string_view id) const {
  if (!id.starts_with(kIncidentPrefix)) return nullptr;
  id.remove_prefix(kIncidentPrefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const auto found = incidents_.find(number);
  const bool whole = error == std::errc{} && end == id.data() + id.size() && !id.starts_with('0');
  return whole && found != incidents_.end() ? &found->second : nullptr;
}

Incident* Desk::find_mutable(std::string_view id) {
  const Incident* found = find(id);
  return found == nullptr ? nullptr : &incidents_.at(found->number);
}

const Incident* Desk::live_incident(std::string_view subject) const {
  if (live_.empty()) return nullptr;
  const auto found = live_.find(subject);
  return found == live_.end() ? nullptr : &incidents_.at(found->second);
}

// --- writing things down

void Desk::change(Incident& incident, TimePoint at) {
  incident.changed_at = at;
  changed_.insert(incident.number);
}

// --- rows

void Desk::take_rows(std::vector<Row>& rows, bool wanted) {
  for (const std::uint64_t number : changed_) {
    const Incident& incident = incidents_.at(number);
    mind_the_time(incident);
    if (wanted) rows.push_back({Table::incidents, ordered_key(number), encode(incident)});
  }
  changed_.clear();
  if (wanted) std::move(rows_.begin(), rows_.end(), std::back_inserter(rows));
  rows_.clear();
}

Result<void> Desk::restore(Table table, std::string_view key, std::string_view value) {
  const Failure corrupted{Reason::corrupted, "a stored row of " + std::string(name(table)) + " does not decode",
                          std::string(name(table))};
  if (table == Table::incidents) {
    auto incident = decode<Incident>(value);
    if (!incident) return corrupted;
    last_number_ = std::max(last_number_, incident->number);
    if (is_live(incident->status)) {
      for (const std::string& subject : incident->subjects) live_[subject] = incident->number;
    }
    const std::uint64_t number = incident->number;
    mind_the_time(incidents_[number] = *std::move(incident));
  } else if (table == Table::reports) {
    auto report = decode<Report>(value);
    if (!report) return corrupted;
    reports_[std::string(key)] = std::make_shared<const Report>(*std::move(report));
  } else if (table == Table::imported) {
    restore_imported(key);
  } else if (table == Table::outbox || table == Table::ledger) {
    auto delivery = decode<Delivery>(value);
    if (!delivery) return corrupted;
    const std::string id = delivery->id;
    if (table == Table::outbox) {
      outbox_[id] = *std::move(delivery);
    } else if (delivery->state == DeliveryState::dead) {
      dead_[id] = *std::move(delivery);
    }
  }
  return {};
}

}  // namespace iwakan::desk

#include "engine/alert_table.hpp"

#include "model/assert.hpp"

namespace iwakan::engine {
namespace {

constexpr std::size_t kSlotsFirst = 64;

// Fingerprints are FNV-1a of text that senders choose: finished with a mixer (the constants are those
// of MurmurHash3's), so that near ones do not cluster.
std::size_t mix(SourceId source, Fingerprint fingerprint) {
  std::uint64_t hash = fingerprint ^ (std::uint64_t{source} << 48U);
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdULL;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33U);
}

}  // namespace

// The slot that holds the alert, or the free one where it would go.
std::size_t AlertTable::slot_of(SourceId source, Fingerprint fingerprint) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mix(source, fingerprint) & mask;
  while (slots_[slot] != 0) {
    const AlertEntry& entry = entries_[slots_[slot] - 1];
    if (entry.fingerprint == fingerprint && entry.source == source) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

AlertEntry* AlertTable::find(SourceId source, Fingerprint fingerprint) {
  if (slots_.empty()) return nullptr;
  const std::uint32_t index = slots_[slot_of(source, fingerprint)];
  return index == 0 ? nullptr : &entries_[index - 1];
}

const AlertEntry* AlertTable::find(std::string_view source, Fingerprint fingerprint) const {
  if (slots_.empty()) return nullptr;
  for (std::size_t id = 0; id < sources_.size(); ++id) {
    if (sources_[id] != source) continue;
    const std::uint32_t index = slots_[slot_of(static_cast<SourceId>(id), fingerprint)];
    return index == 0 ? nullptr : &entries_[index - 1];
  }
  return nullptr;
}

void AlertTable::grow() {
  slots_.assign(slots_.empty() ? kSlotsFirst : slots_.size() * 2, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    slots_[slot_of(entries_[i].source, entries_[i].fingerprint)] = static_cast<std::uint32_t>(i + 1);
  }
}

AlertEntry& AlertTable::insert(AlertEntry entry, std::string_view subject, std::string_view alert_name) {
  if (slots_.size() < 2 * (entries_.size() + 1)) grow();
  const std::size_t slot = slot_of(entry.source, entry.fingerprint);
  IWAKAN_ASSERT(slots_[slot] == 0);
  entry.subject = names_.use(subject);
  entry.alert_name = names_.use(alert_name);
  entry.held_by = names_.use({});
  if (is_firing(entry.state)) ++firing_;
  entries_.push_back(entry);
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  return entries_.back();
}

void AlertTable::erase(SourceId source, Fingerprint fingerprint) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = slot_of(source, fingerprint);
  const std::uint32_t index = slots_[hole];
  IWAKAN_ASSERT(index != 0);
  AlertEntry& gone = entries_[index - 1];
  if (is_firing(gone.state)) --firing_;
  names_.release(gone.subject);
  names_.release(gone.alert_name);
  names_.release(gone.held_by);

  // Close the gap in the probe sequence: move back whatever could no longer be found.
  slots_[hole] = 0;
  for (std::size_t slot = (hole + 1) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const AlertEntry& entry = entries_[slots_[slot] - 1];
    const std::size_t home = mix(entry.source, entry.fingerprint) & mask;
    if (((slot - home) & mask) >= ((slot - hole) & mask)) {
      slots_[hole] = slots_[slot];
      slots_[slot] = 0;
      hole = slot;
    }
  }

  // The last entry takes the free place.
  if (index != entries_.size()) {
    const AlertEntry& last = entries_.back();
    slots_[slot_of(last.source, last.fingerprint)] = index;
    entries_[index - 1] = last;
  }
  entries_.pop_back();
}

void AlertTable::set_state(AlertEntry& entry, MemberState state) {
  if (is_firing(entry.state)) --firing_;
  if (is_firing(state)) ++firing_;
  entry.state = state;
}

void AlertTable::hold(AlertEntry& entry, std::string_view held_by) {
  if (names_.text(entry.held_by) == held_by) return;
  const Names::Id fresh = names_.use(held_by);
  names_.release(entry.held_by);
  entry.held_by = fresh;
}

void AlertTable::rename(AlertEntry& entry, std::string_view subject, std::string_view alert_name) {
  if (names_.text(entry.subject) == subject && names_.text(entry.alert_name) == alert_name) return;
  const Names::Id new_subject = names_.use(subject);
  const Names::Id new_alert_name = names_.use(alert_name);
  names_.release(entry.subject);
  names_.release(entry.alert_name);
  entry.subject = new_subject;
  entry.alert_name = new_alert_name;
}

SourceId AlertTable::source_id(std::string_view name) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i] == name) return static_cast<SourceId>(i);
  }
  sources_.emplace_back(name);
  return static_cast<SourceId>(sources_.size() - 1);
}

}  // namespace iwakan::engine

// AlertTable: where every known alert stands, by source and fingerprint: its latest episode, and when
// its sender last spoke of it. 64 bytes an alert; labels and annotations live in the store.
//
// Part of the engine's state; the thread is the engine's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/names.hpp"
#include "model/alert.hpp"
#include "model/incident.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

// A source's number within one process; rows and records hold its name.
using SourceId = std::uint16_t;

struct AlertEntry {
  Fingerprint fingerprint = 0;
  TimePoint starts_at{};   // of the latest episode
  TimePoint changed_at{};  // when its state was last learned to change
  TimePoint ended_at{};    // when it ended, unless firing; as its sender says where it does
  TimePoint heard_at{};    // when its sender last spoke of it. Not stored: unknown after a restart
  TimePoint expires_at{};  // until when its sender vouches for it, where it says so; else as its source. Not stored
  Names::Id subject = 0;
  Names::Id alert_name = 0;
  Names::Id held_by = 0;  // the key of the hold, while silenced; else empty
  SourceId source = 0;
  MemberState state = MemberState::firing;
  bool watched = false;  // only: it never opens an incident
};

class AlertTable {
 public:
  // Null when the alert is not known. Valid until the next insert or erase.
  AlertEntry* find(SourceId source, Fingerprint fingerprint);
  const AlertEntry* find(std::string_view source, Fingerprint fingerprint) const;

  // REQUIRES: not known yet. `entry`'s names are taken over from `subject` and `alert_name`.
  AlertEntry& insert(AlertEntry entry, std::string_view subject, std::string_view alert_name);

  void erase(SourceId source, Fingerprint fingerprint);

  // In no particular order: whoever concludes something from it must sort.
  std::span<AlertEntry> entries() { return entries_; }
  std::span<const AlertEntry> entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  std::size_t firing() const { return firing_; }

  // Every change of state goes through here, so that the count of firing alerts is right.
  void set_state(AlertEntry& entry, MemberState state);
  void hold(AlertEntry& entry, std::string_view held_by);  // empty: no longer
  void rename(AlertEntry& entry, std::string_view subject, std::string_view alert_name);

  std::string_view subject(const AlertEntry& entry) const { return names_.text(entry.subject); }
  std::string_view held_by(const AlertEntry& entry) const { return names_.text(entry.held_by); }
  std::string_view alert_name(const AlertEntry& entry) const { return names_.text(entry.alert_name); }

  SourceId source_id(std::string_view name);
  std::string_view source_name(SourceId id) const { return sources_[id]; }

 private:
  std::size_t slot_of(SourceId source, Fingerprint fingerprint) const;
  void grow();

  std::vector<AlertEntry> entries_;   // dense
  std::vector<std::uint32_t> slots_;  // open addressing, linear probing: index into entries_ plus one; 0 is free
  std::vector<std::string> sources_;
  Names names_;
  std::size_t firing_ = 0;
};

}  // namespace iwakan::engine

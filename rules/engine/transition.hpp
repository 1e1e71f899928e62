// Transition: what counts about an alert. Everything else a sender delivers is a refresh, and counts
// for nothing. classify(): which of the two a delivery is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/alert_table.hpp"
#include "engine/stream_key.hpp"
#include "model/alert.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

enum class TransitionKind : std::uint8_t {
  fired,        // an episode began
  returned,     // an episode thought expired or lost goes on: no news for statistics
  resolved,     // the sender says that it ended
  expired,      // the sender goes on speaking, but no longer of this alert
  source_lost,  // the sender fell silent, or cannot tell
  superseded,   // fired anew without a word about how the last episode ended
  unseen,       // ended before we heard that it began: remembered, so that a late copy opens nothing
  silenced,     // fires on, but a silence or maintenance began that holds it back
  unsilenced,   // fires on, and nothing holds it back any more: counts as if it began
};

std::string_view name(TransitionKind kind);

// An episode began, or begins to count.
inline bool begins(TransitionKind kind) {
  return kind == TransitionKind::fired || kind == TransitionKind::superseded || kind == TransitionKind::unsilenced;
}

// The alert fires after it.
inline bool fires(TransitionKind kind) {
  return begins(kind) || kind == TransitionKind::returned || kind == TransitionKind::silenced;
}

// Of the alert's episode. `alert` is set where a delivery brought it (its text must outlive the
// transition); not for what was concluded from silence.
struct Transition {
  TransitionKind kind = TransitionKind::fired;
  TimePoint at{};  // when iwakan learned of it
  std::string_view source;
  Fingerprint fingerprint = 0;
  TimePoint starts_at{};
  TimePoint ended_at{};  // unless firing
  std::string_view subject;
  std::string_view alert_name;
  const Alert* alert = nullptr;
  bool expected = false;         // an episode that begins: by the clock, as it always does
  bool watched = false;          // people said that this alert is only to be watched
  std::optional<Duration> rest;  // of an episode that begins: since the one before it ended, if known
  StreamKey of_subject{};        // the subject, and the alert name on it, as rules remember them: while they are
  StreamKey of_alert{};          // shown it
};

// How long after one sender resolved an episode its twin may still repeat it as firing: Prometheus
// re-sends resolved alerts for 15 minutes, Alertmanager peers wait 15 seconds each.
inline constexpr Duration kTwinLag = std::chrono::minutes(15);

// What a delivery at `at` means for an alert that stands at `entry` (null: never heard of). Nothing: a
// refresh, a repeat, a copy from a twin, or a message that was overtaken. An episode covers the time
// from its start to its end, or to when it was last heard firing; deliveries that overlap it belong to
// it. `repeats`: the sender says again what it said before, so that what it insists on is so; from one that
// speaks on change only, an old word is a late copy however late. Pure; sources: reference wire-formats A1
// (episodes, HA, order) and A4 (order by state change).
std::optional<TransitionKind> classify(const AlertEntry* entry, const Alert& alert, TimePoint at, bool repeats);

}  // namespace iwakan::engine

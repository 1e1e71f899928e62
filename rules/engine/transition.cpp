#include "engine/transition.hpp"

#include <algorithm>

namespace iwakan::engine {
namespace {

using Kind = std::optional<TransitionKind>;

// A firing alert fires: the same episode, unless it began after the known one began and was last heard. A sender
// whose clock is ahead says of an episode that it begins after it was heard of.
Kind firing_again(const AlertEntry& entry, const Alert& alert) {
  const TimePoint covered = std::max({entry.heard_at, entry.changed_at, entry.starts_at});
  return alert.starts_at > covered ? Kind{TransitionKind::superseded} : std::nullopt;
}

// A firing alert is said to have ended: believed, unless the message is about an episode before it.
Kind ended(const AlertEntry& entry, const Alert& alert, TransitionKind kind) {
  const TimePoint said = alert.ends_at.value_or(alert.starts_at);
  const bool of_this_episode = alert.starts_at == entry.starts_at;
  return of_this_episode || said >= entry.starts_at ? Kind{kind} : std::nullopt;
}

// An alert that is not firing is said to fire: a new episode, if it began after the known one ended. Else it is
// a copy, and only one that a sender insists on is true: beyond the lag of twins, if it was said to have ended.
Kind fires_after_rest(const AlertEntry& entry, const Alert& alert, TimePoint at, bool repeats) {
  if (alert.starts_at > std::max(entry.ended_at, entry.starts_at)) return TransitionKind::fired;
  if (!repeats || alert.starts_at < entry.starts_at) return std::nullopt;
  const bool may_be_a_twin = entry.state == MemberState::resolved && at <= entry.changed_at + kTwinLag;
  return may_be_a_twin ? std::nullopt : Kind{TransitionKind::returned};
}

}  // namespace

std::string_view name(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::fired: return "fired";
    case TransitionKind::returned: return "returned";
    case TransitionKind::resolved: return "resolved";
    case TransitionKind::expired: return "expired";
    case TransitionKind::source_lost: return "source_lost";
    case TransitionKind::superseded: return "superseded";
    case TransitionKind::unseen: return "unseen";
    case TransitionKind::silenced: return "silenced";
    case TransitionKind::unsilenced: return "unsilenced";
  }
  return "fired";
}

std::optional<TransitionKind> classify(const AlertEntry* entry, const Alert& alert, TimePoint at, bool repeats) {
  if (entry == nullptr) {
    switch (alert.state) {
      case AlertState::firing: return TransitionKind::fired;
      case AlertState::resolved: return TransitionKind::unseen;
      case AlertState::no_data: return std::nullopt;  // nothing was known, nothing is lost
    }
  }
  const bool firing = is_firing(entry->state);
  switch (alert.state) {
    case AlertState::firing: return firing ? firing_again(*entry, alert) : fires_after_rest(*entry, alert, at, repeats);
    case AlertState::no_data: return firing ? ended(*entry, alert, TransitionKind::source_lost) : std::nullopt;
    case AlertState::resolved:
      if (entry->state == MemberState::resolved || entry->state == MemberState::superseded) {
        // The end of an episode whose beginning is still on its way, overtaken by it.
        const bool newer = alert.starts_at > entry->ended_at && alert.ends_at && *alert.ends_at > entry->ended_at;
        return newer ? Kind{TransitionKind::unseen} : std::nullopt;
      }
      return ended(*entry, alert, TransitionKind::resolved);
  }
  return std::nullopt;
}

}  // namespace iwakan::engine

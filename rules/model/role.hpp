// Role: what a person does for one incident, and who does it. Names of practice, section 2.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

enum class RoleKind : std::uint8_t {
  command,     // decides and delegates, has no hands in it
  deputy,      // timers, stands in for command
  scribe,      // writes the timeline down
  hands_on,    // investigates and repairs; several may
  contact,     // takes questions, so that the hands-on are left in peace
  customers,   // speaks for customers: customer support
  public_word  // speaks to the public
};

std::string_view name(RoleKind kind);
std::optional<RoleKind> role_named(std::string_view text);
Sentence word(RoleKind kind);  // for people: 指揮 / command

struct RoleHolder {
  RoleKind kind = RoleKind::hands_on;
  std::string person;  // id of the organisation; empty: a name or a team that it does not know
  Sentence name;
  Sentence does;  // in words; empty: the word of the kind
  TimePoint since{};
  std::string by;  // who said so; "iwakan": by the rota

  friend bool operator==(const RoleHolder&, const RoleHolder&) = default;
};

}  // namespace iwakan

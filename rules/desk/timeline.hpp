// The chain over an incident's timeline: each entry carries a digest of itself and of all before it, so that
// an entry that was changed, taken out or put in between later shows. The incident keeps the last one, its
// head; whoever noted a head (an export does) can tell later whether the record up to there is the same.
//
//   chain(0) = SHA-256 of the incident's id
//   chain(n) = SHA-256 of chain(n-1) and entry n as it is stored (codec.hpp), its own chain left empty
//
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/timeline.hpp"

namespace iwakan::desk {

std::string chain_start(std::string_view incident);

// What `entry` must carry, after an entry that carries `before`.
std::string chained(std::string_view before, TimelineEntry entry);

// Looks at the entries of one incident, in order.
class ChainCheck {
 public:
  explicit ChainCheck(std::string_view incident) : head_(chain_start(incident)) {}

  // False from the first entry on that is not what was written.
  bool add(const TimelineEntry& entry);

  std::uint32_t entries() const { return entries_; }          // that hold
  std::uint32_t first_wrong() const { return first_wrong_; }  // number it should have had; 0: none
  const std::string& head() const { return head_; }           // after the entries that hold

 private:
  std::string head_;
  std::uint32_t entries_ = 0;
  std::uint32_t first_wrong_ = 0;
};

}  // namespace iwakan::desk

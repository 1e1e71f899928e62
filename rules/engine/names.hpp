// Names: texts that many alerts share (alert names, subjects), kept once, as small numbers. Counted by
// use, so that a sender who invents names without end takes no memory for those long gone.
//
// Owned by the alert table. The numbers never leave the process: rows and records hold the texts.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace iwakan::engine {

class Names {
 public:
  using Id = std::uint32_t;

  // The number of `text`, now used once more.
  Id use(std::string_view text);
  void release(Id id);
  // Valid until the id's last release.
  std::string_view text(Id id) const { return entries_[id].text; }
  std::size_t size() const { return ids_.size(); }

 private:
  struct Entry {
    std::string text;
    std::uint32_t uses = 0;
  };

  std::deque<Entry> entries_;                     // stable addresses: ids_ looks into them
  std::unordered_map<std::string_view, Id> ids_;  // never iterated
  std::vector<Id> free_;
};

}  // namespace iwakan::engine

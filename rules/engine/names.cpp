#include "engine/names.hpp"

#include "model/assert.hpp"

namespace iwakan::engine {

Names::Id Names::use(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) {
    ++entries_[found->second].uses;
    return found->second;
  }
  Id id = 0;
  if (free_.empty()) {
    id = static_cast<Id>(entries_.size());
    entries_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  entries_[id] = {std::string(text), 1};
  ids_.emplace(entries_[id].text, id);
  return id;
}

void Names::release(Id id) {
  Entry& entry = entries_[id];
  IWAKAN_ASSERT(entry.uses > 0);
  if (--entry.uses > 0) return;
  ids_.erase(entry.text);
  entry.text = {};
  free_.push_back(id);
}

}  // namespace iwakan::engine

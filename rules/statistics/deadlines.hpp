// Deadlines: which of many keys is due next. One time a key; setting it anew moves it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "model/time.hpp"

namespace iwakan::statistics {

class Deadlines {
 public:
  void set(std::string_view key, TimePoint at) {
    const auto found = times_.find(key);
    if (found == times_.end()) {
      const auto added = times_.emplace(std::string(key), at).first;
      order_.emplace(at, added->first);
      return;
    }
    if (found->second == at) return;
    auto node = order_.extract({found->second, std::string_view(found->first)});
    node.value().first = at;
    order_.insert(std::move(node));
    found->second = at;
  }

  void erase(std::string_view key) {
    const auto found = times_.find(key);
    if (found == times_.end()) return;
    order_.erase({found->second, std::string_view(found->first)});
    times_.erase(found);
  }

  std::optional<TimePoint> next() const { return order_.empty() ? std::nullopt : std::optional(order_.begin()->first); }

  // Takes out the earliest key, when it is due by `now`.
  std::optional<std::string> take_due(TimePoint now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    std::string key(order_.begin()->second);
    erase(key);
    return key;
  }

  std::size_t size() const { return times_.size(); }

 private:
  std::map<std::string, TimePoint, std::less<>> times_;  // stable addresses: order_ looks into them
  std::set<std::pair<TimePoint, std::string_view>> order_;
};

}  // namespace iwakan::statistics

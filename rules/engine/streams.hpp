// Streams: what a rule remembers of each of many things (subjects, alerts), by key: bounded, saved as
// rows, restored from them. One class, so that every rule is bounded in the same way: beyond `most` the
// streams longest unused are forgotten, an eighth at a time, and counted (threat: labels without end). A rule that
// keeps something else by the same keys is told which.
//
// Owned by a rule; the engine's thread. A Stream is default-constructible, and its members are listed in
// fields() (model/codec.hpp). Pointers stay valid until the next touch().
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/rule.hpp"
#include "engine/stream_key.hpp"
#include "model/codec.hpp"
#include "model/row.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

template <class Stream>
class Streams {
 public:
  using Forgets = std::function<void(const std::string& key)>;

  // `prefix`: of the keys of its rows, as "flapping/alert/". `forgets`: may be empty; called for each that is
  // forgotten, not for those that are erased.
  Streams(std::string prefix, std::size_t most, Forgets forgets = {})
      : prefix_(std::move(prefix)), most_(most), forgets_(std::move(forgets)) {}

  // The stream of the key, from now on changed and lately used; the second is true when it is new.
  std::pair<Stream*, bool> touch(const StreamKey& key, TimePoint at) {
    auto found = streams_.find(key);
    const bool is_new = found == streams_.end();
    if (is_new) {
      if (streams_.size() >= most_) forget_unused();
      found = streams_.emplace(std::string(key.text), Entry{}).first;
    }
    Entry& entry = found->second;
    entry.used_at = at;
    if (!entry.changed) changed_.push_back(&*found);
    entry.changed = true;
    return {&entry.stream, is_new};
  }

  // Null when it is not known. What is changed through it must be touched.
  Stream* find(const StreamKey& key) {
    const auto found = streams_.find(key);
    return found == streams_.end() ? nullptr : &found->second.stream;
  }

  void erase(const StreamKey& key) {
    if (const auto found = streams_.find(key); found != streams_.end()) erase(found);
  }

  std::size_t size() const { return streams_.size(); }
  std::uint64_t forgotten() const { return forgotten_; }

  // In the order of the keys.
  template <class Visit>
  void for_each(const Visit& visit) {
    for (const std::string& key : sorted_keys()) visit(key, streams_.find(key)->second.stream);
  }

  void save(std::vector<Row>& rows, Rule::Extent extent) {
    if (extent == Rule::Extent::all) {
      for (const std::string& key : sorted_keys()) put(rows, *streams_.find(key));
      return;
    }
    if (extent == Rule::Extent::changed) {
      for (const auto& gone : erased_) {
        if (!streams_.contains(gone.key())) rows.push_back({Table::rules, prefix_ + gone.key(), std::nullopt});
      }
    }
    erased_.clear();
    for (auto* changed : changed_) {
      if (extent == Rule::Extent::changed) put(rows, *changed);
      changed->second.changed = false;
    }
    changed_.clear();
  }

  bool owns(std::string_view row_key) const { return row_key.starts_with(prefix_); }

  // False when the bytes do not decode.
  bool restore(std::string_view row_key, std::string_view bytes) {
    Entry entry;
    Decoder decoder(bytes);
    decoder(entry.used_at, entry.stream);
    if (!decoder.done()) return false;
    streams_.insert_or_assign(std::string(row_key.substr(prefix_.size())), std::move(entry));
    return true;
  }

 private:
  struct Entry {
    TimePoint used_at{};
    bool changed = false;
    Stream stream;
  };

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const StreamKey& key) const { return key.hash; }
  };

  struct Equal {
    using is_transparent = void;
    bool operator()(const StreamKey& a, const StreamKey& b) const { return a.text == b.text; }
  };

  using Map = std::unordered_map<std::string, Entry, Hash, Equal>;

  void put(std::vector<Row>& rows, const typename Map::value_type& item) const {
    Encoder encoder;
    encoder(item.second.used_at, item.second.stream);
    rows.push_back({Table::rules, prefix_ + item.first, encoder.take()});
  }

  void erase(typename Map::iterator found) {
    if (found->second.changed) std::erase(changed_, &*found);
    erased_.push_back(streams_.extract(found));
  }

  std::vector<std::string> sorted_keys() const {
    std::vector<std::string> keys;
    keys.reserve(streams_.size());
    for (const auto& [key, entry] : streams_) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  // By the time of use, then by key: the same streams whatever the order of the hash.
  void forget_unused() {
    std::vector<std::pair<TimePoint, std::string_view>> by_use;
    by_use.reserve(streams_.size());
    for (const auto& [key, entry] : streams_) by_use.emplace_back(entry.used_at, key);
    const auto end = by_use.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, by_use.size() / 8));
    std::partial_sort(by_use.begin(), end, by_use.end());
    for (auto one = by_use.begin(); one != end; ++one) {
      const auto found = streams_.find(StreamKey(one->second));
      if (forgets_) forgets_(found->first);
      erase(found);
      ++forgotten_;
    }
  }

  std::string prefix_;
  std::size_t most_;
  Forgets forgets_;
  Map streams_;
  std::vector<typename Map::value_type*> changed_;  // each once; a map's items stay where they are
  std::vector<typename Map::node_type> erased_;     // since the last save; some may be there again
  std::uint64_t forgotten_ = 0;
};

}  // namespace iwakan::engine

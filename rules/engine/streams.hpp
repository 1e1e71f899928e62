// Streams: what a rule remembers of each of many things (subjects, alerts), by key: bounded, saved as
// rows, restored from them. One class, so that every rule is bounded in the same way: beyond `most` the
// streams longest unused are forgotten, an eighth at a time, and counted (threat: labels without end).
//
// Owned by a rule; the engine's thread. A Stream is default-constructible, and its members are listed in
// fields() (model/codec.hpp). Pointers stay valid until the next touch().
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/rule.hpp"
#include "model/codec.hpp"
#include "model/row.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

// The key of what is remembered of an alert name on a subject.
inline void stream_key(std::string_view subject, std::string_view alert_name, std::string& key) {
  key.assign(subject);
  key.push_back('\x1f');
  key.append(alert_name);
}

template <class Stream>
class Streams {
 public:
  // `prefix`: of the keys of its rows, as "flapping/alert/".
  Streams(std::string prefix, std::size_t most) : prefix_(std::move(prefix)), most_(most) {}

  // The stream of the key, from now on changed and lately used; the second is true when it is new.
  std::pair<Stream*, bool> touch(std::string_view key, TimePoint at) {
    auto found = streams_.find(key);
    const bool is_new = found == streams_.end();
    if (is_new) {
      if (streams_.size() >= most_) forget_unused();
      found = streams_.emplace(std::string(key), Entry{}).first;
    }
    Entry& entry = found->second;
    entry.used_at = at;
    if (!entry.changed) changed_.push_back(found->first);
    entry.changed = true;
    return {&entry.stream, is_new};
  }

  // Null when it is not known. What is changed through it must be touched.
  Stream* find(std::string_view key) {
    const auto found = streams_.find(key);
    return found == streams_.end() ? nullptr : &found->second.stream;
  }

  void erase(std::string_view key) {
    const auto found = streams_.find(key);
    if (found == streams_.end()) return;
    if (!found->second.changed) changed_.push_back(found->first);
    streams_.erase(found);
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
      for (const std::string& key : sorted_keys()) put(rows, key);
      return;
    }
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    for (const std::string& key : changed_) {
      if (extent == Rule::Extent::changed) put(rows, key);
      if (const auto found = streams_.find(key); found != streams_.end()) found->second.changed = false;
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
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void put(std::vector<Row>& rows, const std::string& key) {
    const auto found = streams_.find(key);
    if (found == streams_.end()) {
      rows.push_back({Table::rules, prefix_ + key, std::nullopt});
      return;
    }
    Encoder encoder;
    encoder(found->second.used_at, found->second.stream);
    rows.push_back({Table::rules, prefix_ + key, encoder.take()});
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
    std::vector<std::pair<TimePoint, std::string>> by_use;
    by_use.reserve(streams_.size());
    for (const auto& [key, entry] : streams_) by_use.emplace_back(entry.used_at, key);
    std::sort(by_use.begin(), by_use.end());
    by_use.resize(std::max<std::size_t>(1, by_use.size() / 8));
    for (const auto& [used_at, key] : by_use) {
      const auto found = streams_.find(key);
      if (!found->second.changed) changed_.push_back(key);
      streams_.erase(found);
    }
    forgotten_ += by_use.size();
  }

  std::string prefix_;
  std::size_t most_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> streams_;
  std::vector<std::string> changed_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace iwakan::engine

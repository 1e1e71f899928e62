// StreamKey: the key under which something is remembered of one of many things, with its hash, so that what
// several rules look up for one transition is built and hashed once. A view.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace iwakan::engine {

struct StreamKey {
  std::string_view text;
  std::size_t hash = 0;

  StreamKey() = default;
  // A text is a key, at the price of its hash.
  StreamKey(std::string_view key) : text(key), hash(std::hash<std::string_view>()(key)) {}
  StreamKey(const std::string& key) : StreamKey(std::string_view(key)) {}
  StreamKey(const char* key) : StreamKey(std::string_view(key)) {}
};

// The key of what is remembered of an alert name on a subject.
inline void stream_key(std::string_view subject, std::string_view alert_name, std::string& key) {
  key.assign(subject);
  key.push_back('\x1f');
  key.append(alert_name);
}

}  // namespace iwakan::engine

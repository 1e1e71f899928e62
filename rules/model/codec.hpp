// The bytes of journal records and rows.
//
//   integer   unsigned LEB128; signed ones zigzag first      real    IEEE 754 double, 8 bytes little-endian
//   text      length, then the bytes                          time    signed integer: ns since the Unix epoch
//   list      count, then the items                           maybe   0, or 1 and the item
//
// A type's members are listed once, in fields(archive, value) beside it; Encoder and Decoder walk the
// same list, so that what is written is what is read. Members are only ever added at the end of a list
// whose record carries a version (kFormat, in the meta table).
#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/time.hpp"

namespace iwakan {

class Encoder {
 public:
  static constexpr bool kReads = false;

  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }

  void put(std::string_view text);
  void put(double value);
  void put(bool value) { put_varint(value ? 1 : 0); }
  void put(TimePoint time) { put_signed(time.time_since_epoch().count()); }
  void put(Duration duration) { put_signed(duration.count()); }
  template <std::integral Integer>
  void put(Integer value) {
    if constexpr (std::is_signed_v<Integer>) {
      put_signed(value);
    } else {
      put_varint(value);
    }
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void put(Enum value) { put_varint(static_cast<std::uint64_t>(value)); }
  template <class Item>
  void put(const std::optional<Item>& item) {
    put(item.has_value());
    if (item) put(*item);
  }
  template <class Item>
  void put(const std::vector<Item>& items) {
    put_varint(items.size());
    for (const Item& item : items) put(item);
  }
  template <class Key, class Item>
  void put(const std::map<Key, Item>& items) {
    put_varint(items.size());
    for (const auto& [key, item] : items) (*this)(key, item);
  }
  template <class First, class Second>
  void put(const std::pair<First, Second>& pair) {
    (*this)(pair.first, pair.second);
  }
  template <class Value>
  requires std::is_class_v<Value> &&
      (!std::is_convertible_v<const Value&, std::string_view>)void put(const Value& value) {
    fields(*this, value);
  }

  std::string take() { return std::move(bytes_); }

 private:
  void put_varint(std::uint64_t value);
  void put_signed(std::int64_t value);

  std::string bytes_;
};

// Reads what an Encoder wrote. After any malformed input ok() is false and every value read is empty;
// never reads beyond its bytes, never allocates more than they could hold.
class Decoder {
 public:
  static constexpr bool kReads = true;

  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  template <class... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }

  void get(std::string& text) { text = std::string(text_view()); }
  void get(double& value);
  void get(bool& value) { value = enumerated(1) == 1; }
  void get(TimePoint& time) { time = TimePoint{Duration{get_signed()}}; }
  void get(Duration& duration) { duration = Duration{get_signed()}; }
  template <std::integral Integer>
  void get(Integer& value) {
    if constexpr (std::is_signed_v<Integer>) {
      const std::int64_t read = get_signed();
      value = static_cast<Integer>(read);
      if (value != read) fail();
    } else {
      const std::uint64_t read = get_varint();
      value = static_cast<Integer>(read);
      if (value != read) fail();
    }
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void get(Enum& value) { value = static_cast<Enum>(enumerated(kEnumMost)); }
  template <class Item>
  void get(std::optional<Item>& item) {
    bool present = false;
    get(present);
    item.reset();
    if (present) get(item.emplace());
  }
  template <class Item>
  void get(std::vector<Item>& items) {
    items.clear();
    for (std::uint64_t count = counted(); count > 0 && ok_; --count) get(items.emplace_back());
  }
  template <class Key, class Item>
  void get(std::map<Key, Item>& items) {
    items.clear();
    for (std::uint64_t count = counted(); count > 0 && ok_; --count) {
      Key key{};
      Item item{};
      (*this)(key, item);
      items.emplace(std::move(key), std::move(item));
    }
  }
  template <class First, class Second>
  void get(std::pair<First, Second>& pair) {
    (*this)(pair.first, pair.second);
  }
  template <class Value>
  requires std::is_class_v<Value>
  void get(Value& value) { fields(*this, value); }

  // The next text, in place: valid as long as the bytes are.
  std::string_view text_view();
  // The next count of items, each of at least one byte.
  std::uint64_t counted();

  bool ok() const { return ok_; }
  // Everything was read, and well.
  bool done() const { return ok_ && rest_.empty(); }
  void fail();

 private:
  static constexpr std::uint64_t kEnumMost = 63;

  std::uint64_t enumerated(std::uint64_t most);
  std::uint64_t get_varint();
  std::int64_t get_signed();

  std::string_view rest_;
  bool ok_ = true;
};

template <class Value>
std::string encode(const Value& value) {
  Encoder encoder;
  encoder(value);
  return encoder.take();
}

template <class Value>
std::optional<Value> decode(std::string_view bytes) {
  Decoder decoder(bytes);
  Value value{};
  decoder(value);
  if (!decoder.done()) return std::nullopt;
  return value;
}

// Big-endian, so that the store's order of keys is the order of numbers.
std::string ordered_key(std::uint64_t number);
void append_ordered(std::uint64_t number, std::string& key);
std::string ordered_key(std::uint64_t number, std::uint32_t part);

// The number at the end of such a key, or of one with something before it.
std::uint64_t number_of(std::string_view ordered);

}  // namespace iwakan

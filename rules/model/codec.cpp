#include "model/codec.hpp"

namespace iwakan {
namespace {

void put_big_endian(std::string& bytes, std::uint64_t number, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>((number >> shift) & 0xFFU));
}

}  // namespace

void Encoder::put_varint(std::uint64_t value) {
  while (value >= 0x80U) {
    bytes_.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  bytes_.push_back(static_cast<char>(value));
}

void Encoder::put_signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  put_varint((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void Encoder::put(std::string_view text) {
  put_varint(text.size());
  bytes_.append(text);
}

void Encoder::put(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<char>((bits >> shift) & 0xFFU));
}

void Decoder::fail() {
  ok_ = false;
  rest_ = {};
}

std::uint64_t Decoder::get_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  fail();
  return 0;
}

std::int64_t Decoder::get_signed() {
  const std::uint64_t bits = get_varint();
  return static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1U));
}

std::uint64_t Decoder::enumerated(std::uint64_t most) {
  const std::uint64_t value = get_varint();
  if (value <= most) return value;
  fail();
  return 0;
}

std::uint64_t Decoder::counted() {
  const std::uint64_t count = get_varint();
  if (count <= rest_.size()) return count;
  fail();
  return 0;
}

std::string_view Decoder::text_view() {
  const std::uint64_t length = counted();
  const std::string_view text = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return text;
}

void Decoder::get(double& value) {
  if (rest_.size() < 8) {
    fail();
    value = 0;
    return;
  }
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 8; ++i) bits |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
  rest_.remove_prefix(8);
  value = std::bit_cast<double>(bits);
}

void append_ordered(std::uint64_t number, std::string& key) {
  put_big_endian(key, number, 8);
}

std::string ordered_key(std::uint64_t number) {
  std::string key;
  append_ordered(number, key);
  return key;
}

std::uint64_t number_of(std::string_view ordered) {
  std::uint64_t number = 0;
  for (const char byte : ordered.substr(ordered.size() - std::min<std::size_t>(8, ordered.size()))) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return number;
}

std::string ordered_key(std::uint64_t number, std::uint32_t part) {
  std::string key = ordered_key(number);
  put_big_endian(key, part, 4);
  return key;
}

}  // namespace iwakan

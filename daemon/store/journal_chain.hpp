// The hash chain over the journal: what makes a lost, changed or foreign record visible.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/store.hpp"

namespace iwakan::store {

// SHA-256 of the hash before, the sequence as 8 big-endian bytes, and the record.
Hash chained(const Hash& before, std::uint64_t sequence, std::string_view record);

// 8 big-endian bytes: the store's order of keys is the order of numbers.
std::string big_endian(std::uint64_t number);
std::uint64_t from_big_endian(std::string_view bytes);  // REQUIRES: 8 bytes

}  // namespace iwakan::store

// Rows: what is kept of one incident, in the order in which it was written down.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/fields.hpp"
#include "model/codec.hpp"
#include "model/incident.hpp"
#include "model/result.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

// A Failure is the store's. Any thread.
template <class Noun>
Result<std::vector<Noun>> rows_of(const store::Store& store, Table table, const Incident& incident) {
  const std::string prefix = ordered_key(incident.number);
  std::vector<Noun> rows;
  const auto read = store.read(table, prefix, [&](std::string_view key, std::string_view value) {
    if (!key.starts_with(prefix)) return false;
    if (auto noun = decode<Noun>(value)) rows.push_back(*std::move(noun));
    return true;
  });
  if (!read) return read.error();
  return rows;
}

}  // namespace iwakan::http::api

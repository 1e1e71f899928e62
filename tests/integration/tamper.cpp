// tamper STORE ENTRY: changes who wrote an entry of INC-1's timeline, in the store of a daemon that is stopped, as
// somebody with access to the disk could: the database's own checksums are right afterwards, and the journal's chain
// is.
#include <cstdio>
#include <cstdlib>

#include "engine/fields.hpp"
#include "model/codec.hpp"
#include "model/timeline.hpp"
#include "store/rocks_store.hpp"

int main(int argc, char** argv) {
  using namespace iwakan;
  if (argc != 3) return 2;
  auto store = store::RocksStore::open({.path = argv[1]});
  if (!store) return std::fprintf(stderr, "%s\n", to_string(store.error()).c_str()), 1;
  const std::string key = ordered_key(1, static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)));
  const auto row = (*store)->get(Table::timeline, key);
  auto entry = row && *row ? decode<TimelineEntry>(**row) : std::nullopt;
  if (!entry) return std::fprintf(stderr, "no such entry\n"), 1;
  entry->actor = "somebody else";
  return (*store)->commit({.records = {}, .rows = {{Table::timeline, key, encode(*entry)}}}) ? 0 : 1;
}

// `iwakand --check-config` and `iwakand --check-store`.
#include <cstdio>

#include "app.hpp"
#include "engine/engine.hpp"
#include "settings/settings.hpp"
#include "store/memory_store.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::app {

void say(const Complaints& complaints) {
  for (const Complaint& complaint : complaints) std::fprintf(stderr, "%s\n", to_string(complaint).c_str());
}

int check_config(const Options& options) {
  Complaints complaints;
  const auto settings = settings::load(options.config, complaints);
  say(complaints);
  if (!settings) return 1;
  std::printf("%s: good\n", options.config.c_str());
  return 0;
}

// Replays the journal from its beginning and compares what comes of it with what is stored, row by row.
int check_store(const Options& options) {
  Complaints complaints;
  const auto settings = settings::load(options.config, complaints);
  say(complaints);
  if (!settings) return 1;
  store::RocksStore::Params params;
  params.path = options.store.empty() ? settings->store_path : options.store;
  auto opened = store::RocksStore::open(std::move(params));
  if (!opened) {
    std::fprintf(stderr, "%s\n", to_string(opened.error()).c_str());
    return 1;
  }
  const store::RocksStore& store = **opened;
  std::printf("the chain of %llu records holds\n", static_cast<unsigned long long>(store.head().sequence));
  if (store.first_sequence() != 1) {
    std::printf("records before %llu are no longer kept, so the rows are not compared\n",
                static_cast<unsigned long long>(store.first_sequence()));
    return 0;
  }

  engine::Engine engine(settings->engine);
  store::MemoryStore replayed;
  std::uint64_t undecoded = 0;
  const auto read = store.read_journal(1, [&](std::uint64_t sequence, std::string_view record) {
    auto effects = engine.replay(record);
    if (!effects) {
      undecoded = sequence;
      return false;
    }
    return replayed.commit({{}, std::move(effects->rows)}).has_value();
  });
  if (!read || undecoded != 0) {
    std::fprintf(stderr, "record %llu does not decode\n", static_cast<unsigned long long>(undecoded));
    return 1;
  }
  std::size_t differing = 0;
  std::size_t rows = 0;
  const auto differs = [&differing](Table table) {
    if (++differing <= 10) std::fprintf(stderr, "a row of %s differs\n", std::string(name(table)).c_str());
  };
  for (const Table table : kTables) {
    const auto compared = store.read(table, {}, [&](std::string_view key, std::string_view value) {
      ++rows;
      const auto twin = replayed.get(table, key);
      if (!*twin || **twin != value) differs(table);
      return true;
    });
    if (!compared) return 1;
  }
  if (replayed.rows().size() != rows) differs(Table::meta);
  std::printf("%zu rows, of which the replayed journal gives %s\n", rows,
              differing == 0 ? "every one, byte for byte" : "others");
  return differing == 0 ? 0 : 1;
}

}  // namespace iwakan::app

// sound_reports STORE CONFIG: replays the journal of a daemon that is stopped, and says what is wrong with the reports
// that it wrote, by the checks of practice section 3. Ends with 1 when there is something.
#include <cstdio>

#include "desk/testing/report_flaws.hpp"
#include "engine/engine.hpp"
#include "engine/journal.hpp"
#include "settings/settings.hpp"
#include "store/rocks_store.hpp"

int main(int argc, char** argv) {
  using namespace iwakan;
  if (argc != 3) return 2;
  Complaints complaints;
  const auto settings = settings::load(argv[2], complaints);
  const auto store = store::RocksStore::open({.path = argv[1]});
  if (!settings || !store) return std::fprintf(stderr, "the configuration or the store cannot be read\n"), 2;
  engine::Engine engine(settings->engine);
  std::size_t reports = 0;
  std::size_t flaws = 0;
  const auto read = (*store)->read_journal(1, [&](std::uint64_t, std::string_view record) {
    const auto effects = engine.replay(record);
    if (!effects) return false;
    for (const engine::Intent& intent : effects->intents) {
      const Incident* about = engine.desk().find(intent.report->incident);
      if (about == nullptr || intent.report->issued_at != engine::record_time(record)) continue;
      ++reports;
      for (const std::string& flaw : desk::testing::report_flaws(*intent.report, *about)) {
        std::fprintf(stderr, "%s: %s\n", intent.delivery.id.c_str(), flaw.c_str());
        ++flaws;
      }
    }
    return true;
  });
  std::printf("%zu reports\n", reports);
  return read && flaws == 0 ? 0 : 1;
}

// Row: one key and value of the engine's state as the store keeps it. The encodings are the engine's
// (engine/codec); the store sees bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwakan {

// One column family each. The numbers are not stored; the names are.
enum class Table : std::uint8_t {
  meta,
  alerts,       // where each known alert stands: small, rewritten at each transition
  alert_texts,  // labels and annotations as of its last transition: never held in memory
  rules,
  suspicions,
  incidents,
  timeline,
  reports,
  outbox,     // deliveries still to be made
  ledger,     // deliveries made or given up
  imported,   // by incident and source id: chat lines that the timeline has already
  decisions,  // each opening and each near miss, by subject and time: for those who ask why
  silences,
};

inline constexpr std::array kTables{Table::meta,       Table::alerts,    Table::alert_texts, Table::rules,
                                    Table::suspicions, Table::incidents, Table::timeline,    Table::reports,
                                    Table::outbox,     Table::ledger,    Table::imported,    Table::decisions,
                                    Table::silences};

std::string_view name(Table table);

struct Row {
  Table table = Table::meta;
  std::string key;
  std::optional<std::string> value;  // nothing: the row is deleted
};

}  // namespace iwakan

#include "engine/lose_also.hpp"

#include <algorithm>

#include "engine/journal.hpp"

namespace iwakan::engine {

void lose_also(const Engine& engine, std::string_view source,
               std::span<const std::pair<std::string, std::string>> labels, std::string_view key, std::string_view text,
               AlertBatch& batch) {
  AlertBatch read;
  if (!decode_alert_text(key, text, read)) return;
  Alert alert = read.alerts()[0];
  const Alert lost = batch.alerts()[0];
  const AlertEntry* entry = engine.alerts().find(source, alert.fingerprint);
  if (entry == nullptr || !is_firing(entry->state) || alert.fingerprint == lost.fingerprint) return;
  // What is kept of an alert and what its sender wrote differ by what was taken out.
  const Redaction& redaction = engine.settings().redaction;
  const auto kept = [&redaction](const Label& label) {
    return redaction.redact(label).value_or(std::string(label.value));
  };
  const bool has_all = std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    return kept({label.first, alert.label(label.first)}) == kept({label.first, label.second});
  });
  if (!has_all) return;
  alert.state = lost.state;
  alert.starts_at = lost.starts_at;
  alert.ends_at = lost.ends_at;
  batch.add_copy(alert);
}

}  // namespace iwakan::engine

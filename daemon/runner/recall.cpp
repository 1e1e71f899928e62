#include "runner/recall.hpp"

#include <map>

#include "engine/journal.hpp"

namespace iwakan::runner {

void Recall::begin() {
  next_key_.clear();
  if (under_way_) return;
  under_way_ = true;
  go_on();
}

void Recall::go_on() {
  std::map<std::string, AlertsRecalled> events;  // by source
  const TimePoint now = params_.now();
  std::size_t rows = 0;
  bool more = false;
  const auto read = params_.store.read(Table::alert_texts, next_key_, [&](std::string_view key, std::string_view text) {
    more = rows++ >= params_.rows_at_once;
    if (more) {
      next_key_ = key;
      return false;
    }
    AlertBatch batch;
    if (!engine::decode_alert_text(key, text, batch)) return true;
    const Alert& alert = batch.alerts()[0];
    const std::string source(key.substr(0, key.find('\0')));
    const engine::AlertEntry* entry = params_.engine.alerts().find(source, alert.fingerprint);
    if (entry == nullptr || !params_.engine.wants_recalled(*entry, alert, now)) return true;
    AlertsRecalled& event = events[source];
    event.at = now;
    event.source = source;
    event.batch.add_copy(alert);
    return true;
  });
  under_way_ = more;
  if (!read) {
    under_way_ = false;
    return params_.failed(read.error());
  }
  for (auto& [source, event] : events) params_.submit(std::move(event));
  if (more) params_.post([this] { go_on(); });
}

}  // namespace iwakan::runner

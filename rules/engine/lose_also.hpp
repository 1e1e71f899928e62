// Alerts that are lost together with another one: when an alarm is deleted, nobody can tell any more of its
// contributors. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/engine.hpp"

namespace iwakan::engine {

// `key` and `text`: a row of Table::alert_texts. If its alert fires, has these labels and is not the first of `batch`,
// it is added to that, lost as the first is. REQUIRES: `batch` is not empty, and all of it is of `source`.
void lose_also(const Engine& engine, std::string_view source,
               std::span<const std::pair<std::string, std::string>> labels, std::string_view key, std::string_view text,
               AlertBatch& batch);

}  // namespace iwakan::engine

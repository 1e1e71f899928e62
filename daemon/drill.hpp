// Drill: the daemon as a place to practise. It is the daemon itself, with the same engine, rules, reports, waves and
// interface, so that what is practised is what will be done; it differs in four things, which are put in place before
// anything is built from the configuration:
//
//   every sink       is replaced by one that prints on this terminal: no sink of the configuration is ever made
//   the network      nothing that goes out finds any: the HTTP client refuses all it is asked (sinks/no_network.hpp)
//   the store        is a fresh folder of the drill's own, and no request is recorded
//   the organisation is marked: every report begins with 【訓練】 or [DRILL]
//
// A process of its own, so that no slip mixes a drill with the incidents of the day. It listens on another port, and
// on this machine only unless it is told otherwise.
#pragma once

#include <cstdint>
#include <string>

#include "settings/settings.hpp"

namespace iwakan::app {

inline constexpr std::uint16_t kDrillPort = 8129;

// A Failure: the folder is there already and holds something. A drill begins with nothing.
Result<void> check_drill_folder(const std::string& folder);

// Makes the settings those of a drill. Done to whatever is loaded, at the start and at a reload.
void make_drill(settings::Settings& settings, const std::string& folder);

}  // namespace iwakan::app

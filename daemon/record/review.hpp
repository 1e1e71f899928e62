// Review: the written report of an incident (障害報告書) as a draft, made from what is on record: nothing in it is
// invented, what is missing says so, and what only people can say stands as a prompt. It names conditions, not
// culprits; people by what they did, unless the policy names them.
//
// Pure.
#pragma once

#include <string_view>
#include <vector>

#include "model/delivery.hpp"
#include "model/incident.hpp"
#include "model/report.hpp"
#include "record/document.hpp"
#include "record/names.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::record {

// Everything that is kept of one incident, in the order in which it was written down.
struct Record {
  Incident incident;
  std::vector<TimelineEntry> timeline;
  std::vector<Report> reports;
};

// Learns who took part in it.
void know(Names& names, const Record& record, const Organisation& organisation);

Document review_of(const Record& record, const Names& names, const sinks::Zone& zone, std::string_view language,
                   TimePoint now);

}  // namespace iwakan::record

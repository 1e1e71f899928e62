// Verify: whether what a store holds about incidents is what was written. Two chains hold it together: the journal's,
// over every event (store/journal_chain.hpp), checked whenever a store is opened; and one for each timeline
// (desk/timeline.hpp), checked here. A chain shows loss, damage and single changes; against somebody who computes
// it anew, only a head that was noted elsewhere helps: every export carries one.
//
// Reads the store; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "store/store.hpp"

namespace iwakan::record {

struct Verdict {
  std::string incident;
  std::uint32_t entries = 0;           // that hold
  std::string head;                    // 32 bytes, after them
  std::uint32_t first_wrong = 0;       // 0: all hold
  std::optional<std::string> head_at;  // after the entry that was asked for; nothing: there is none
};

// Of one incident (none: an empty list), or of all when `incident` is empty. `at`: the number of an entry whose head
// is wanted; 0: none. Failures are the store's.
Result<std::vector<Verdict>> verify_timelines(const store::Store& store, std::string_view incident = {},
                                              std::uint32_t at = 0);

// {"holds", "journal": {"records", "first", "head"}, "incidents": [{"incident", "entries", "head", "holds",
// "first_wrong", "head_at"}]}
boost::json::object verdict_json(const store::JournalHead& journal, std::uint64_t first_record,
                                 const std::vector<Verdict>& verdicts);

}  // namespace iwakan::record

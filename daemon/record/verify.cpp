#include "record/verify.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "desk/timeline.hpp"
#include "engine/fields.hpp"
#include "model/codec.hpp"
#include "model/digest.hpp"

namespace iwakan::record {
namespace {

namespace json = boost::json;

// An entry that does not decode stands for one that is not what was written.
Result<Verdict> verify(const store::Store& store, const Incident& incident, std::uint32_t at) {
  Verdict verdict{incident.id, 0, {}, 0, {}};
  desk::ChainCheck check(incident.id);
  const std::string prefix = ordered_key(incident.number);
  const auto read = store.read(Table::timeline, prefix, [&](std::string_view key, std::string_view value) {
    if (!key.starts_with(prefix)) return false;
    const bool good = check.add(decode<TimelineEntry>(value).value_or(TimelineEntry{}));
    if (good && check.entries() == at) verdict.head_at = check.head();
    return good;
  });
  if (!read) return read.error();
  verdict.entries = check.entries();
  verdict.head = check.head();
  verdict.first_wrong = check.first_wrong();
  // Entries missing at the end, or a head that is not theirs.
  const bool whole =
      check.entries() == incident.timeline_length && (check.entries() == 0 || check.head() == incident.timeline_head);
  if (verdict.first_wrong == 0 && !whole) verdict.first_wrong = std::min(check.entries(), incident.timeline_length) + 1;
  return verdict;
}

}  // namespace

Result<std::vector<Verdict>> verify_timelines(const store::Store& store, std::string_view incident, std::uint32_t at) {
  std::vector<Verdict> verdicts;
  Result<void> verified;
  const auto read = store.read(Table::incidents, {}, [&](std::string_view, std::string_view value) {
    const auto row = decode<Incident>(value);
    if (!row) {
      verified = Failure{Reason::corrupted, "an incident of the store does not decode", {}};
      return false;
    }
    if (!incident.empty() && row->id != incident) return true;
    auto verdict = verify(store, *row, at);
    if (verdict) {
      verdicts.push_back(*std::move(verdict));
    } else {
      verified = verdict.error();
    }
    return verified.has_value();
  });
  if (!read) return read.error();
  if (!verified) return verified.error();
  return verdicts;
}

json::object verdict_json(const store::JournalHead& journal, std::uint64_t first_record,
                          const std::vector<Verdict>& verdicts) {
  json::array incidents;
  bool holds = true;
  for (const Verdict& verdict : verdicts) {
    holds = holds && verdict.first_wrong == 0;
    incidents.emplace_back(json::object{
        {"incident", verdict.incident},
        {"entries", verdict.entries},
        {"head", hex(verdict.head)},
        {"holds", verdict.first_wrong == 0},
        {"first_wrong", verdict.first_wrong == 0 ? json::value(nullptr) : json::value(verdict.first_wrong)},
        {"head_at", verdict.head_at ? json::value(hex(*verdict.head_at)) : json::value(nullptr)}});
  }
  const std::string head(journal.hash.begin(), journal.hash.end());
  return {{"holds", holds},
          {"journal", json::object{{"records", journal.sequence}, {"first", first_record}, {"head", hex(head)}}},
          {"incidents", std::move(incidents)}};
}

}  // namespace iwakan::record

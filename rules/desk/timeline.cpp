// What people write into the timeline, and the chain that holds it together.
#include "desk/timeline.hpp"

#include "desk/cut.hpp"
#include "desk/desk.hpp"
#include "engine/fields.hpp"
#include "model/codec.hpp"
#include "model/digest.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kSourceIdBytesMax = 128;
constexpr std::size_t kImportedMax = 20'000;  // lines of one incident

}  // namespace

std::string chain_start(std::string_view incident) {
  return sha256(incident);
}

std::string chained(std::string_view before, TimelineEntry entry) {
  entry.chain.clear();
  return sha256(std::string(before) + encode(entry));
}

bool ChainCheck::add(const TimelineEntry& entry) {
  if (first_wrong_ != 0) return false;
  std::string expected = chained(head_, entry);
  if (entry.number != entries_ + 1 || entry.chain != expected) {
    first_wrong_ = entries_ + 1;
    return false;
  }
  head_ = std::move(expected);
  ++entries_;
  return true;
}

void Desk::write_down(Incident& incident, TimelineEntry entry) {
  if (incident.timeline_length == 0) incident.timeline_head = chain_start(incident.id);
  entry.number = ++incident.timeline_length;
  entry.chain = chained(incident.timeline_head, entry);
  incident.timeline_head = entry.chain;
  rows_.push_back({Table::timeline, ordered_key(incident.number, entry.number), encode(entry)});
  change(incident, entry.recorded_at);
}

void Desk::say(Incident& incident, TimePoint at, std::string kind, Sentence text, Effects& effects,
               std::string_view actor, std::optional<TimePoint> occurred_at) {
  TimelineEntry entry{.number = 0,
                      .occurred_at = occurred_at.value_or(at),
                      .recorded_at = at,
                      .actor = std::string(actor),
                      .kind = std::move(kind),
                      .text = std::move(text),
                      .corrects = 0,
                      .source_id = {},
                      .chain = {}};
  effects.happened.push_back({incident.id, entry.kind, entry.text});
  write_down(incident, std::move(entry));
}

void Desk::act_on(const PersonActed& acted, const act::CorrectEntry& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (what.entry == 0 || what.entry > incident->timeline_length) {
    effects.refusal = Failure{Reason::not_found,
                              "the timeline of " + incident->id + " has entries 1 to " +
                                  std::to_string(incident->timeline_length) + ": name one of them",
                              "/entry"};
    return;
  }
  TimelineEntry entry{.number = 0,
                      .occurred_at = what.occurred_at.value_or(acted.at),
                      .recorded_at = acted.at,
                      .actor = acted.actor,
                      .kind = "correction",
                      .text = same_in_all(cut(what.text, kNoteBytesMax)),
                      .corrects = what.entry,
                      .source_id = {},
                      .chain = {}};
  effects.happened.push_back({incident->id, entry.kind, entry.text});
  write_down(*incident, std::move(entry));
}

// Chat lines keep their own times and authors. A line that is there already is passed over, so that an
// export can be imported again when the chat has gone on.
void Desk::act_on(const PersonActed& acted, const act::ImportChat& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  std::set<std::string> known;
  if (const auto held = imported_.find(incident->number); held != imported_.end()) known = held->second;
  std::vector<TimelineEntry> fresh;
  for (const act::ChatLine& line : what.lines) {
    std::string id = cut(line.source_id, kSourceIdBytesMax);
    if (!known.insert(id).second) continue;
    fresh.push_back({.number = 0,
                     .occurred_at = line.occurred_at,
                     .recorded_at = acted.at,
                     .actor = cut(line.author, kPersonBytesMax),
                     .kind = "chat",
                     .text = same_in_all(cut(line.text, kNoteBytesMax)),
                     .corrects = 0,
                     .source_id = std::move(id),
                     .chain = {}});
  }
  if (known.size() > kImportedMax) {
    effects.refusal = Failure{Reason::too_large,
                              incident->id + " would hold more than " + std::to_string(kImportedMax) +
                                  " imported lines: import only the part of the chat that belongs to it",
                              "/lines"};
    return;
  }
  effects.lines_imported = fresh.size();
  if (fresh.empty()) return;
  imported_[incident->number] = std::move(known);
  const std::string count = std::to_string(fresh.size());
  for (TimelineEntry& entry : fresh) {
    rows_.push_back({Table::imported, ordered_key(incident->number) + entry.source_id, ""});
    write_down(*incident, std::move(entry));
  }
  say(*incident, acted.at, "import",
      {"チャットから " + count + " 件を取り込みました", count + " lines taken from the chat"}, effects, acted.actor);
}

void Desk::restore_imported(std::string_view key) {
  constexpr std::size_t kNumberBytes = 8;
  if (key.size() < kNumberBytes) return;
  std::uint64_t number = 0;
  for (const char byte : key.substr(0, kNumberBytes)) number = (number << 8U) | static_cast<unsigned char>(byte);
  imported_[number].emplace(key.substr(kNumberBytes));
}

}  // namespace iwakan::desk

// What people write into the timeline: notes, corrections, what was said in a chat.
#include <charconv>

#include "engine/fields.hpp"
#include "http/api/acts.hpp"
#include "model/codec.hpp"

namespace iwakan::http::api {
namespace {

constexpr int kEntryMost = 10'000'000;
constexpr std::size_t kLinesMost = 1000;  // of one request

Act note(Members& members, const std::string& id) {
  return act::Note{id, members.required_text("text"), members.time("occurred_at")};
}

// When an entry happened, as it stands; nothing: there is none.
std::optional<TimePoint> occurred_at(const store::Store& store, std::string_view incident, std::uint32_t entry) {
  std::uint64_t number = 0;
  if (!incident.starts_with(kIncidentPrefix)) return std::nullopt;
  incident.remove_prefix(kIncidentPrefix.size());
  std::from_chars(incident.data(), incident.data() + incident.size(), number);
  const auto row = store.get(Table::timeline, ordered_key(number, entry));
  const auto found = row && *row ? decode<TimelineEntry>(**row) : std::nullopt;
  return found ? std::optional(found->occurred_at) : std::nullopt;
}

}  // namespace

void add_timeline_acts(const Acts& acts, Router& router, const store::Store& store) {
  acts.add(router, "/api/v1/notes", access::Role::respond, 200,
           [](Members& members, const std::string&) { return note(members, ""); });
  acts.add(router, "/api/v1/incidents/{id}/notes", access::Role::respond, 200, note);
  acts.add(router, "/api/v1/incidents/{id}/corrections", access::Role::respond, 200,
           [&store](Members& members, const std::string& id) -> Act {
             const auto entry = static_cast<std::uint32_t>(members.required_integer("entry", 1, kEntryMost));
             auto at = members.time("occurred_at");
             if (!at) at = occurred_at(store, id, entry);  // only the words are corrected
             return act::CorrectEntry{id, entry, members.required_text("text"), at};
           });
  acts.add(router, "/api/v1/incidents/{id}/chat", access::Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             act::ImportChat chat{id, {}};
             members.each("lines", kLinesMost, [&chat](Members& line) {
               chat.lines.push_back({line.required_text("source_id"), line.required_time("occurred_at"),
                                     line.required_text("author"), line.required_text("text")});
             });
             return chat;
           });
}

}  // namespace iwakan::http::api

#include "http/api/events.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "engine/fields.hpp"
#include "http/api/incident_json.hpp"
#include "model/codec.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kContentType = "text/event-stream";
// Come again after three seconds.
constexpr std::string_view kBeginning = "retry: 3000\n\n";

}  // namespace

Events::Events(Params params) : params_(std::move(params)) {
  for (const auto& [number, incident] : params_.engine.desk().incidents()) told_[number] = incident.timeline_length;
}

void Events::add_routes(Router& router) {
  router.add("GET", "/api/v1/events", access::May::person(access::Role::read),
             [this](const Request& request, const Respond& respond) { open(request, respond); });
}

void Events::open(const Request& request, const Respond& respond) {
  forget_the_gone();
  if (streams_.size() >= params_.streams_max) {
    return respond(refusal(
        503, {Reason::unavailable,
              "as many streams are open as may be, " + std::to_string(params_.streams_max) + "; come again later",
              {}}));
  }
  std::string beginning(kBeginning);
  if (const std::string_view last = request.header("last-event-id"); !last.empty()) {
    const auto position = position_of(last);
    if (!position) return respond(refusal(400, position.error()));
    beginning += since(*position);
  }
  const auto stream = std::make_shared<Stream>(params_.waiting_max);
  streams_.push_back(stream);
  Response response{.status = 200,
                    .content_type = std::string(kContentType),
                    .body = std::move(beginning),
                    .headers = {{"X-Accel-Buffering", "no"}}};
  response.stream = stream;
  respond(std::move(response));
}

void Events::tell(const engine::Effects& effects) {
  std::vector<Entry> entries;
  for (const std::string& id : effects.touched()) {
    const Incident* incident = params_.engine.desk().find(id);
    if (incident == nullptr) continue;
    std::uint32_t& told = told_[incident->number];
    for (Entry& entry : entries_of(*incident, told, TimePoint::min())) {
      told = entry.position.entry;
      entries.push_back(std::move(entry));
    }
  }
  if (entries.empty()) return;
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.position < b.position; });
  for (const Entry& entry : entries) put(entry.text);
}

void Events::keep_alive() {
  const runtime::Moment now = params_.clock();
  if (now - kept_alive_at_ < params_.keep_alive_every) return;
  kept_alive_at_ = now;
  put(": still here\n\n");
}

void Events::put(std::string_view text) {
  for (const auto& weak : streams_) {
    if (const auto stream = weak.lock()) stream->put(text);
  }
}

void Events::forget_the_gone() {
  std::erase_if(streams_, [](const std::weak_ptr<Stream>& stream) { return stream.expired(); });
}

// What came after a position, of what was told already: the rest comes through the stream. Entries of the very moment
// are told again, since which of them were told is known of its own incident only.
std::string Events::since(const Position& position) const {
  std::vector<Entry> entries;
  for (const auto& [number, incident] : params_.engine.desk().incidents()) {
    const auto told = told_.find(number);
    if (told == told_.end() || incident.changed_at < position.recorded_at) continue;
    for (Entry& entry : entries_of(incident, 0, position.recorded_at)) {
      const Position& at = entry.position;
      const bool known = number == position.incident && at.entry <= position.entry;
      if (!known && at.entry <= told->second) entries.push_back(std::move(entry));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.position < b.position; });
  std::string text;
  std::size_t first = 0;
  if (entries.size() > params_.entries_max) {
    first = entries.size() - params_.entries_max;
    text += "event: gap\ndata: {\"left_out\":" + std::to_string(first) + "}\n\n";
  }
  for (std::size_t i = first; i < entries.size(); ++i) text += entries[i].text;
  return text;
}

// Of an incident, behind an entry's number, recorded since then.
std::vector<Events::Entry> Events::entries_of(const Incident& incident, std::uint32_t after, TimePoint since) const {
  std::vector<Entry> entries;
  const std::string prefix = ordered_key(incident.number);
  const auto read = params_.store.read(Table::timeline, ordered_key(incident.number, after + 1),
                                       [&](std::string_view key, std::string_view value) {
                                         if (!key.starts_with(prefix)) return false;
                                         const auto entry = decode<TimelineEntry>(value);
                                         if (entry && entry->recorded_at >= since)
                                           entries.push_back(entry_of(incident, *entry));
                                         return true;
                                       });
  static_cast<void>(read);  // a store that cannot be read ends the daemon at its next write
  return entries;
}

Events::Entry Events::entry_of(const Incident& incident, const TimelineEntry& entry) {
  json::object data{{"incident", incident.id}};
  for (auto& member : timeline_json(entry)) data[member.key()] = std::move(member.value());
  const std::string id = std::to_string(entry.recorded_at.time_since_epoch().count()) + "-" +
                         std::to_string(incident.number) + "-" + std::to_string(entry.number);
  // JSON has no line breaks of its own: the data is one line.
  return {{entry.recorded_at, incident.number, entry.number},
          "id: " + id + "\nevent: timeline\ndata: " + json::serialize(data) + "\n\n"};
}

Result<Events::Position> Events::position_of(std::string_view id) {
  TimePoint::rep at = 0;
  Position position;
  const char* const end = id.data() + id.size();
  const auto read = [end](const char* from, auto& number, char behind) -> const char* {
    const auto [stop, error] = std::from_chars(from, end, number);
    if (error != std::errc{}) return nullptr;
    if (behind == '\0') return stop == end ? stop : nullptr;
    return stop != end && *stop == behind ? stop + 1 : nullptr;
  };
  const char* next = read(id.data(), at, '-');
  if (next != nullptr) next = read(next, position.incident, '-');
  if (next != nullptr) next = read(next, position.entry, '\0');
  if (next == nullptr) {
    return Failure{Reason::malformed, "is no id of an event that came from here; leave it out to begin now",
                   "Last-Event-ID"};
  }
  position.recorded_at = TimePoint(Duration(at));
  return position;
}

}  // namespace iwakan::http::api

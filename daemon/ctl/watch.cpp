#include "ctl/watch.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "ctl/pages.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kSoonest{1};
constexpr std::chrono::seconds kLatest{30};

// "10:26:05  INC-17  note  restarted the mail queue (sato)"
std::string shown(const json::value& entry, const Style& style) {
  const auto at = time_at(entry, "recorded_at");
  const std::string_view actor = text_at(entry, "actor");
  return painted(at ? clock(*at) : "", Colour::dim, style) + "  " + plain(text_at(entry, "incident")) + "  " +
         painted(plain(text_at(entry, "kind")), Colour::dim, style) + "  " +
         plain(said(member(entry, "text"), style.language)) +
         (actor.empty() || actor == "iwakan" ? "" : " (" + plain(actor) + ")") + "\n";
}

// What was shown so far, and where to go on.
struct Watching {
  const Watch& asked;
  const Command& command;
  std::ostream& output;
  std::ostream& errors;
  std::string last;
  int shown = 0;

  bool done() const { return asked.count > 0 && shown >= asked.count; }

  void take(const EventReader::Event& event) {
    if (done()) return;
    last = event.id;
    json::error_code error;
    const json::value value = json::parse(event.data, error);
    if (error || !value.is_object()) return;
    if (event.type == "gap") {
      errors << "iwakanctl: " << integer_at(value, "left_out").value_or(0)
             << " entries before these are left out; `iwakanctl incident show` has them all\n";
      return;
    }
    if (event.type != "timeline") return;
    if (!asked.incident.empty() && text_at(value, "incident") != asked.incident) return;
    if (command.json) {
      json::object line = value.as_object();
      line["id"] = event.id;
      output << json_line(line);
    } else {
      output << ctl::shown(value, {command.language, command.colour});
    }
    output.flush();
    ++shown;
  }
};

}  // namespace

void EventReader::feed(std::string_view piece) {
  unfinished_ += piece;
  std::size_t begin = 0;
  for (std::size_t end = unfinished_.find('\n'); end != std::string::npos; end = unfinished_.find('\n', begin)) {
    std::string_view text = std::string_view(unfinished_).substr(begin, end - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(text);
    begin = end + 1;
  }
  unfinished_.erase(0, begin);
}

void EventReader::line(std::string_view text) {
  if (text.empty()) {
    if (!event_.data.empty()) take_(event_);
    event_.type.clear();
    event_.data.clear();
    return;
  }
  const std::size_t colon = text.find(':');
  const std::string_view field = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "id") event_.id = value;
  if (field == "event") event_.type = value;
  if (field == "data") event_.data.append(event_.data.empty() ? "" : "\n").append(value);
}

int watch(const Watch& asked, Connection& connection, const Command& command, std::ostream& output,
          std::ostream& errors) {
  Watching watching{asked, command, output, errors, asked.since};
  bool heard = false;
  auto pause = kSoonest;
  while (!watching.done()) {
    EventReader reader([&watching](const EventReader::Event& event) { watching.take(event); });
    Headers headers{{"Accept", "text/event-stream"}};
    if (!watching.last.empty()) headers.emplace_back("Last-Event-ID", watching.last);
    const int before = watching.shown;
    const Result<Answer> answer = connection.listen("/api/v1/events", headers, [&](std::string_view piece) {
      reader.feed(piece);
      return !watching.done();
    });
    if (watching.done()) break;
    if (!answer && !heard) {
      errors << "iwakanctl: no answer from " << plain(connection.url()) << " (" << plain(answer.error().detail)
             << ").\nIs iwakand running?\n";
      return kUnreachable;
    }
    if (answer && answer->status != 200 && answer->status != 503) {
      errors << "iwakanctl: " << refusal(answer->status, answer->body) << "\n";
      return kRefused;
    }
    heard = true;
    if (watching.shown > before) pause = kSoonest;
    if (command.progress) errors << "iwakanctl: the connection ended; trying again\n";
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLatest);
  }
  return kDone;
}

}  // namespace iwakan::ctl

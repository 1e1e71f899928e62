#include "desk/load.hpp"

#include <algorithm>

#include "desk/desk.hpp"
#include "desk/notices.hpp"
#include "desk/reporter.hpp"
#include "desk/roles.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;

// When a rest is offered. One incident takes about six hours of work (Google SRE, two a shift of twelve at most); at
// night half of that is enough.
constexpr Duration kLongStretch = 6h;
constexpr Duration kLongStretchAtNight = 3h;
constexpr std::uint32_t kManyNights = 3;
constexpr std::uint32_t kManyPages = 20;
constexpr auto kNightBegins = 22h;
constexpr auto kNightEnds = 29h;  // 5:00 of the next day

struct Stretch {
  TimePoint from{};
  TimePoint to{};
};

TimePoint ended_at(const Incident& incident, TimePoint now) {
  if (is_live(incident.status)) return now;
  const auto reached = incident.reached.find(incident.status);
  return reached == incident.reached.end() ? now : std::min(now, reached->second);
}

// When the person held a role, in order; what overlaps or touches is one stretch.
std::vector<Stretch> stretches(std::string_view person, const Incidents& incidents, TimePoint now) {
  std::vector<Stretch> all;
  for (const auto& [number, incident] : incidents) {
    for (const RoleHolder& holder : incident.roles) {
      if (holder.person == person) all.push_back({holder.since, ended_at(incident, now)});
    }
    for (const Served& served : incident.served) {
      if (served.person == person) all.push_back({served.from, served.to});
    }
  }
  std::erase_if(all, [now](const Stretch& one) { return one.to <= one.from || one.to <= now - kLoadWindow; });
  std::sort(all.begin(), all.end(), [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
  std::vector<Stretch> joined;
  for (const Stretch& one : all) {
    if (!joined.empty() && one.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, one.to);
    } else {
      joined.push_back(one);
    }
  }
  return joined;
}

std::vector<TimePoint> pages_of(const std::string& person, const Incidents& incidents, TimePoint now) {
  std::vector<TimePoint> all;
  for (const auto& [number, incident] : incidents) {
    const auto found = incident.paged.find(person);
    if (found == incident.paged.end()) continue;
    for (const TimePoint at : found->second) {
      if (at > now - kLoadWindow && at <= now) all.push_back(at);
    }
  }
  return all;
}

// The nights of the window that have begun, the one under way included.
std::vector<Stretch> nights_of(const Offsets& zone, TimePoint now) {
  const auto today = std::chrono::floor<std::chrono::days>(zone.local(now));
  std::vector<Stretch> nights;
  for (int back = 0; back <= 7; ++back) {
    const auto day = today - std::chrono::days(back);
    const Stretch night{zone.utc(day + kNightBegins), zone.utc(day + kNightEnds)};
    if (night.from <= now && night.to > now - kLoadWindow) nights.push_back(night);
  }
  return nights;
}

Sentence counted(const char* ja_before, const char* ja_after, const char* en_before, const char* en_after, long count) {
  const std::string number = std::to_string(count);
  return {ja_before + number + ja_after, en_before + number + en_after};
}

}  // namespace

Load load_of(const Person& person, const Incidents& incidents, TimePoint now) {
  Load load;
  const std::vector<Stretch> work = stretches(person.id, incidents, now);
  const std::vector<TimePoint> pages = pages_of(person.id, incidents, now);
  const std::vector<Stretch> nights = nights_of(person.zone, now);
  load.pages = static_cast<std::uint32_t>(pages.size());
  for (const Stretch& one : work) load.at_work += one.to - std::max(one.from, now - kLoadWindow);
  if (!work.empty() && work.back().to >= now) load.at_work_since = work.back().from;
  bool night_now = false;
  for (const Stretch& night : nights) {
    const bool worked = std::any_of(
        work.begin(), work.end(), [&night](const Stretch& one) { return one.from < night.to && one.to > night.from; });
    const bool asked =
        std::any_of(pages.begin(), pages.end(), [&night](TimePoint at) { return at >= night.from && at < night.to; });
    if (worked || asked) ++load.nights;
    night_now = night_now || now < night.to;
  }
  if (!load.at_work_since) return load;
  const Duration stretch = now - *load.at_work_since;
  const long hours = std::chrono::floor<std::chrono::hours>(stretch).count();
  if (stretch >= kLongStretch) {
    load.reasons.push_back(counted("続けて ", " 時間対応しています", "at work for ", " h without a break", hours));
  } else if (night_now && stretch >= kLongStretchAtNight) {
    load.reasons.push_back(counted("夜間に ", " 時間対応しています", "at work for ", " h at night", hours));
  }
  if (load.nights >= kManyNights) {
    load.reasons.push_back(counted("この 7 日のうち ", " 夜が対応にかかっています", "",
                                   " nights of the last seven were touched", load.nights));
  }
  if (load.pages >= kManyPages) {
    load.reasons.push_back(
        counted("この 7 日に ", " 回お願いを受け取っています", "asked ", " times in the last seven days", load.pages));
  }
  return load;
}

// Once an incident and person, quietly: to themselves and to whoever commands, with what a successor needs to know.
void Desk::look_after_people(Incident& incident, TimePoint now, Effects& effects) {
  if (!is_live(incident.status)) return;
  incident.due[Due::load] = now + kLoadEvery;
  for (const RoleHolder& holder : incident.roles) {
    const Person* person = find_person(*organisation_, holder.person);
    if (person == nullptr || incident.offered_rest.contains(person->id)) continue;
    const Load load = load_of(*person, incidents_, now);
    if (load.reasons.empty()) continue;
    incident.offered_rest[person->id] = now;
    Notice notice{NoticeKind::hand_over, *load.at_work_since, {}};
    for (const Sentence& reason : load.reasons) {
      notice.lines.push_back({person->name.in("ja") + "さん：" + reason.ja, person->name.in("en") + ": " + reason.en});
    }
    const Sentence note = handover_note(write_report(incident, *organisation_, ReportKind::update, now), person->zone);
    for (Sentence& line : lines_of(note)) notice.lines.push_back(std::move(line));
    notify(incident, ReportKind::update, std::move(notice), those_who_relieve(incident, *organisation_, person->id),
           now, effects);
  }
}

}  // namespace iwakan::desk

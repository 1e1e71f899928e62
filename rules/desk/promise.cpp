// Time: what is due about each incident, and the promise that each report makes: the time of the next.
#include <algorithm>

#include "desk/desk.hpp"
#include "desk/notices.hpp"
#include "model/assert.hpp"

namespace iwakan::desk {
namespace {

using namespace std::chrono_literals;
using engine::Effects;

constexpr Duration kInTime = 60s;        // a promise that is kept so late is kept
constexpr Duration kRarestReport = 24h;  // of an incident that nobody speaks of, there is a word a day at least

std::optional<TimePoint> earliest(const std::map<Due, TimePoint>& due) {
  std::optional<TimePoint> first;
  for (const auto& [kind, at] : due) first = std::min(first.value_or(at), at);
  return first;
}

}  // namespace

// --- what is due

// Keeps the index by time in step with the incident.
void Desk::mind_the_time(const Incident& incident) {
  const auto first = earliest(incident.due);
  const auto known = due_.find(incident.number);
  if (known != due_.end()) {
    by_time_.erase({known->second, incident.number});
    due_.erase(known);
  }
  if (!first) return;
  due_[incident.number] = *first;
  by_time_.emplace(*first, incident.number);
}

bool Desk::time_reached(TimePoint now, Effects& effects) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [at, number] : by_time_) {
    if (at > now) break;
    numbers.push_back(number);
  }
  for (const std::uint64_t number : numbers) {
    Incident& incident = incidents_.at(number);
    std::vector<std::pair<TimePoint, Due>> due;
    for (const auto& [kind, at] : incident.due) {
      if (at <= now) due.emplace_back(at, kind);
    }
    std::sort(due.begin(), due.end());
    for (const auto& [at, kind] : due) {
      const auto still = incident.due.find(kind);
      if (still == incident.due.end() || still->second != at) continue;
      incident.due.erase(still);
      change(incident, now);
      came_due(incident, kind, now, effects);
    }
  }
  return !numbers.empty();
}

std::optional<TimePoint> Desk::next_deadline() const {
  if (by_time_.empty()) return std::nullopt;
  return by_time_.begin()->first;
}

void Desk::came_due(Incident& incident, Due kind, TimePoint now, Effects& effects) {
  switch (kind) {
    case Due::wave: return send_waves(incident, now, effects);
    case Due::reminder: return remind(incident, now, effects);
    case Due::promise: return keep_promise(incident, now, effects);
    case Due::approval: return send_unapproved(incident, now, effects);
    case Due::answer: return watch_unanswered(incident, now, effects);
    case Due::questions: return relay_questions(incident, now, effects);
    case Due::settled: return;
    case Due::deputy: return tell_deputies(incident, now, effects);
    case Due::load: return look_after_people(incident, now, effects);
  }
}

void Desk::send_unapproved(Incident& incident, TimePoint now, Effects& effects) {
  if (!incident.draft) return;
  const Draft draft = *incident.draft;
  say(incident, now, "report",
      {"承認の期限になったので、報告を送ります", "The time for approval is over: the report goes"}, effects);
  issue(incident, draft.kind, now, effects, draft.corrects);
}

// --- the promise

void Desk::promise(Incident& incident, TimePoint now) {
  end_promise(incident);
  if (!is_live(incident.status)) return;
  const LevelProcedure& level = level_of(incident);
  Duration within = level.next_report_within;
  for (std::uint32_t i = 0; i < incident.missed_in_a_row && within < kRarestReport; ++i) within *= 2;
  within = std::min(within, std::max(kRarestReport, level.next_report_within));
  incident.next_report_at = now + within;
  incident.due[Due::promise] = *incident.next_report_at;
  if (level.remind_before > Duration{} && level.remind_before < within) {
    incident.due[Due::reminder] = *incident.next_report_at - level.remind_before;
  }
}

void Desk::end_promise(Incident& incident) {
  incident.next_report_at.reset();
  incident.due.erase(Due::promise);
  incident.due.erase(Due::reminder);
}

// A report goes: was the time kept that the last one promised?
void Desk::settle_promise(Incident& incident, TimePoint now) {
  if (!incident.next_report_at) return;
  if (now > *incident.next_report_at + kInTime) incident.missed_for = incident.next_report_at;
  ++(incident.missed_for ? incident.promises_missed : incident.promises_kept);
  if (!incident.missed_for) incident.missed_in_a_row = 0;
}

// After a long stop the promised time may have passed, and nobody has said so yet; and what was reopened may wait for
// approval to say so: readers are promised a time that they can rely on.
void Desk::promise_ahead(Incident& incident, TimePoint now) {
  if (incident.next_report_at && *incident.next_report_at > now) return;
  settle_promise(incident, now);
  promise(incident, now);
}

void Desk::remind(Incident& incident, TimePoint now, Effects& effects) {
  if (incident.status == IncidentStatus::watch) return ask_of_watch(incident, NoticeKind::watch_due, now, effects);
  IWAKAN_ASSERT(incident.next_report_at);
  if (*incident.next_report_at <= now) return;  // after a long stop: what was promised comes now
  notify(incident, ReportKind::update, {NoticeKind::report_due, *incident.next_report_at, {}},
         those_who_report(incident, *organisation_), now, effects);
}

// The promised time has come, and no person has reported. When people have been at work since the report before,
// what they wrote down is told, be it nothing new. When nobody has, nobody kept the promise: the readers are told
// so, and ever more rarely, since they learn nothing by it.
void Desk::keep_promise(Incident& incident, TimePoint now, Effects& effects) {
  IWAKAN_ASSERT(incident.next_report_at);
  const TimePoint promised = *incident.next_report_at;
  const bool at_work = incident.touched_at >= incident.issued_at;
  const bool in_time = now <= promised + kInTime;
  if (!incident.draft && !(at_work && in_time && level_of(incident).automatic_updates)) {
    incident.missed_for = promised;
    ++incident.missed_in_a_row;
    notify(incident, ReportKind::update, {NoticeKind::promise_missed, promised, {}},
           duty_leads(incident, *organisation_, now), now, effects);
  }
  Draft next = incident.draft.value_or(Draft{ReportKind::update, {}, now, {}});
  // A promise wants an update, which puts right as well.
  if (next.kind == ReportKind::correction) next.kind = ReportKind::update;
  issue(incident, next.kind, now, effects, next.corrects);
}

}  // namespace iwakan::desk

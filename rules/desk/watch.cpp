// The beginning of an incident by a person's word: a hunch that is looked into for a while, or a declaration.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/desk.hpp"
#include "desk/facts.hpp"
#include "desk/notices.hpp"
#include "desk/reporter.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

Decision by_person(std::string_view subject, std::string_view said, Statement statement, TimePoint at,
                   Sentence source) {
  Evidence word;
  word.rule = "person";
  word.subject = cut(subject, kSummaryBytesMax);
  word.at = at;
  word.since = at;
  word.statement = statement;
  word.sentence = same_in_all(cut(said, kSummaryBytesMax));
  word.source = std::move(source);
  Decision decision;
  decision.reason = DecisionReason::opened_by_person;
  decision.subject = word.subject;
  decision.at = at;
  decision.evidence.push_back(std::move(word));
  return decision;
}

// What has to be looked at before anybody can say whether it matters. The last one decides.
std::vector<Unknown> watch_questions(TimePoint asked_at, TimePoint due) {
  const auto question = [&](const char* id, Sentence what, Sentence checker) {
    Unknown unknown;
    unknown.id = id;
    unknown.what = std::move(what);
    unknown.checker = std::move(checker);
    unknown.asked_at = asked_at;
    unknown.due = due;
    return unknown;
  };
  const Sentence dev{"開発", "engineering"};
  std::vector<Unknown> questions{
      question("timeline", {"何がいつから起きているか", "What has happened since when"}, dev),
      question("frequency", {"いつもと比べた頻度", "How often, compared with the usual"}, dev),
      question("impact", {"お客さまへの影響の有無", "Whether customers are affected"},
               {"お客さま対応", "customer support"})};
  questions.back().until_impact_known = true;
  return questions;
}

}  // namespace

Sentence Desk::observer(const std::string& actor) const {
  if (actor.empty() || actor == kNobody) return {"気づいた人の観察", "somebody's observation"};
  return called(actor, *organisation_);
}

// --- a watch

void Desk::act_on(const PersonActed& acted, const act::Hunch& what, const Around& around, Effects& effects) {
  const std::string subject = cut(what.subject, kSummaryBytesMax);
  if (subject.empty()) {
    effects.refusal = needed("subject", "say what feels off");
    return;
  }
  if (const Incident* live = live_incident(subject)) {
    effects.refusal =
        at_odds("\"" + cut(subject, 64) + "\" is being looked at already: " + live->id + "; add a note there");
    return;
  }
  const TimePoint due = acted.at + organisation_->levels.at(kWatchLevel).answer_within;
  Decision decision = by_person(subject, what.text.empty() ? subject : what.text, {}, acted.at, observer(acted.actor));
  Incident& incident = create(decision, Impact::unknown, kWatchLevel, acted.at, title_of(subject, Impact::unknown));
  incident.level = kWatchLevel;
  incident.reached.clear();
  enter(incident, IncidentStatus::watch, acted.at);
  incident.unknowns = watch_questions(acted.at, due);
  incident.due[Due::answer] = due;
  const Duration remind_before = organisation_->levels.at(kWatchLevel).remind_before;
  if (remind_before > Duration{} && due - remind_before > acted.at) incident.due[Due::reminder] = due - remind_before;
  effects.incident = incident.id;
  const Sentence& word = decision.evidence.front().sentence;
  say(incident, acted.at, "opened", {"違和感：" + word.ja, "Something feels off: " + word.en}, effects, acted.actor);
  line_up(incident, around, acted.at, effects);
  say(incident, acted.at, "watch",
      {"お客さまへの影響の有無を確認してください。" + format_duration(due - acted.at) +
           " 以内に答えがなければ、影響の可能性があるものとして知らせます",
       "Please find out whether customers are affected. Without an answer within " + format_duration(due - acted.at) +
           ", people are told that they may be"},
      effects);
  ask_of_watch(incident, NoticeKind::watch, acted.at, effects);
}

// Those who can find out are asked what is to be found out.
void Desk::ask_of_watch(Incident& incident, NoticeKind kind, TimePoint now, Effects& effects) {
  Notice notice{kind, incident.due.at(Due::answer), {}};
  if (notice.at <= now) return;  // after a long stop: the watch opens now
  for (const Unknown& unknown : incident.unknowns) {
    if (!is_open(unknown, incident.impact)) continue;
    notice.lines.push_back({unknown.what.in("ja") + "（" + unknown.checker.in("ja") + "）",
                            unknown.what.in("en") + " (" + unknown.checker.in("en") + ")"});
  }
  notify(incident, ReportKind::first, std::move(notice), those_who_look(incident, *organisation_), now, effects);
}

// What fires there, and what was noticed and thought too little of.
void Desk::line_up(Incident& incident, const Around& around, TimePoint at, Effects& effects) {
  for (const engine::Transition& member : around.firing) {
    if (!add_member(incident, member)) continue;
    say(incident, at, "alert", alert_line(member), effects, member.source, member.starts_at);
    incident.began_at = std::min(incident.began_at, member.starts_at);
  }
  for (const Evidence& evidence : around.noticed) {
    keep_evidence(incident, evidence);
    say(incident, at, "noticed", evidence.sentence, effects, "iwakan", evidence.at);
  }
}

// Customers are affected or may be: tell. They are not: let it go, and keep it as a near miss.
void Desk::answer_watch(Incident& incident, TimePoint at, Effects& effects, std::string_view actor) {
  if (incident.impact == Impact::unknown) return;
  if (incident.impact == Impact::none_confirmed) {
    incident.due.erase(Due::answer);
    incident.due.erase(Due::reminder);
    enter(incident, IncidentStatus::closed, at);
    return say(incident, at, "status",
               {"お客さまへの影響がないことを確認し、見守りを終えました", "Customers are not affected: the watch ends"},
               effects, actor);
  }
  const int level = level_for(incident.impact);
  open_watch(incident, level == 0 ? organisation_->level_default : level, at, effects, actor);
}

// Silence is answered by telling.
void Desk::watch_unanswered(Incident& incident, TimePoint now, Effects& effects) {
  if (incident.status != IncidentStatus::watch) return;
  const Sentence said{"期限までにお客さまへの影響の有無が分からなかったため、お知らせします",
                      "Nobody could say in time whether customers are affected, so people are told"};
  say(incident, now, "watch", said, effects);
  learn(incident, said, now, "iwakan");
  open_watch(incident, organisation_->levels.at(kWatchLevel).opens_at, now, effects, "iwakan");
}

void Desk::settle_watch(Incident& incident, const PersonActed& acted, const act::SetStatus& what, Effects& effects) {
  if (what.status == IncidentStatus::open) {
    if (incident.impact == Impact::unknown) incident.impact = Impact::possible;
    return answer_watch(incident, acted.at, effects, acted.actor);
  }
  if (what.status == IncidentStatus::false_alarm) {
    incident.judgement = Judgement::dismissed;
    return dismiss(incident, acted, what.why, effects);
  }
  if (incident.impact != Impact::none_confirmed) {
    effects.refusal = at_odds(
        "a watch ends when customers are confirmed not to be affected: say so "
        "(impact none_confirmed), or open it");
    return;
  }
  answer_watch(incident, acted.at, effects, acted.actor);
}

void Desk::open_watch(Incident& incident, int level, TimePoint at, Effects& effects, std::string_view actor) {
  begin(incident, level, at);
  if (incident.subjects.size() == 1) incident.title = title_of(incident.subjects.front(), incident.impact);
  say(incident, at, "opened",
      {"見守りからインシデントになりました：" + incident.title.ja,
       "The watch became an incident: " + incident.title.en},
      effects, actor);
  report(incident, ReportKind::first, at, effects, actor);
}

// From now on it is an incident, with what is not known of one.
void Desk::begin(Incident& incident, int level, TimePoint at) {
  incident.level = level;
  incident.opened_at = at;
  incident.due.erase(Due::answer);
  incident.due.erase(Due::reminder);
  enter(incident, IncidentStatus::open, at);
  std::vector<Unknown> unknowns = opening_unknowns(*organisation_, at);
  // What people asked besides the questions of the watch is still asked.
  for (const Unknown& asked : watch_questions(at, at)) {
    std::erase_if(incident.unknowns, [&asked](const Unknown& unknown) { return unknown.id == asked.id; });
  }
  std::move(incident.unknowns.begin(), incident.unknowns.end(), std::back_inserter(unknowns));
  incident.unknowns = std::move(unknowns);
}

// --- a declaration

void Desk::act_on(const PersonActed& acted, const act::Declare& what, const Around& around, Effects& effects) {
  const std::string subject = cut(what.subject, kSummaryBytesMax);
  if (subject.empty()) {
    effects.refusal = needed("subject", "say what may be broken");
    return;
  }
  if (const Incident* open = live_incident(subject)) {
    effects.refusal =
        at_odds("\"" + cut(subject, 64) + "\" has an open incident already: " + open->id + "; add a note there");
    return;
  }
  Decision decision =
      by_person(subject, what.title, Statement{what.impact, what.level}, acted.at, observer(acted.actor));
  const int level = std::max(what.level, level_for(what.impact));
  Sentence& said = decision.evidence.front().sentence;
  if (said.empty()) said = title_of(decision.subject, what.impact);
  Incident& incident = create(decision, what.impact, level, acted.at, said);
  effects.incident = incident.id;
  say(incident, acted.at, "opened",
      {"インシデントを宣言しました：" + incident.title.ja, "Incident declared: " + incident.title.en}, effects,
      acted.actor);
  line_up(incident, around, acted.at, effects);
  report(incident, ReportKind::first, acted.at, effects, acted.actor);
  effects.decisions.push_back(decision);
}

}  // namespace iwakan::desk

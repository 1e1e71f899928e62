#include "sinks/layout/view.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>

#include "sinks/layout/specimen.hpp"

namespace iwakan::sinks {
namespace {

constexpr std::size_t kValueBytesMax = 4'000;

std::string_view report_key(const Report& report) {
  switch (report.kind) {
    case ReportKind::first: return "kind_first";
    case ReportKind::update: return "kind_update";
    case ReportKind::second: return report.outcome && report.outcome->recovered ? "kind_recovery" : "kind_second";
    case ReportKind::correction: return "kind_correction";
  }
  return "kind_first";
}

std::string kind_key(const Report& report) {
  return report.notice ? "notice_" + std::string(name(report.notice->kind)) : std::string(report_key(report));
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// A value stays on its line, whatever it holds: it can neither forge a heading nor bury the rest.
std::string one_line(std::string_view value) {
  std::string line(value.substr(0, kValueBytesMax));
  if (value.size() > kValueBytesMax) {
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
    if (!line.empty()) line.pop_back();
    line += "…";
  }
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f'; },
      ' ');
  return line;
}

class Writer {
 public:
  Writer(const Report& report, const Reading& reading, const Escape& escape, View& view)
      : report_(report), reading_(reading), escape_(escape), view_(view) {}

  void write(const Delivery& delivery) {
    head(delivery);
    knowledge();
    questions();
    asks_and_people();
    counts();
    outcome();
    individual();
    notice();
    invite(view_, {});
  }

 private:
  std::string put(std::string_view value) const { return escape_(one_line(value)); }
  std::string put(const Sentence& sentence) const { return put(sentence.in(reading_.language)); }

  // With its day, unless it is the day of the report.
  std::string moment(TimePoint time) const {
    const bool today = reading_.zone.same_day(time, report_.issued_at);
    const std::string day = today ? "" : escape_(day_of(time, reading_.words, reading_.zone));
    return day + reading_.zone.clock(time);
  }

  // "10:20", or "10:12〜10:20" of what was measured over a while.
  std::string measured(const KnownFact& fact) const {
    return fact.since ? view_.say("range", {{"from", moment(*fact.since)}, {"to", moment(fact.at)}}) : moment(fact.at);
  }

  void text(const char* name, std::string value) { view_.texts[name] = std::move(value); }
  void flag(const char* name, bool value) { view_.flags[name] = value; }
  std::vector<Texts>& list(const char* name) { return view_.lists[name]; }
  // A text and whether there is any.
  void optional(const std::string& name, const Sentence& value) {
    view_.texts[name] = put(value);
    view_.flags["has_" + name] = !value.empty();
  }

  void head(const Delivery& delivery) {
    text("headline", put(headline_of(report_, reading_.language, reading_.words)));
    text("title", put(report_.title));
    text("kind", view_.say(kind_key(report_)));
    text("level", std::to_string(report_.level));
    text("incident", put(report_.incident));
    text("version", std::to_string(report_.version));
    text("issued", escape_(day_of(report_.issued_at, reading_.words, reading_.zone)) +
                       reading_.zone.clock(report_.issued_at) + " " + reading_.zone.abbreviation(report_.issued_at));
    flag("drill", report_.drill);
    flag("not_a_drill", !report_.drill && report_.level >= 3);
    flag("maybe_repeat", delivery.maybe_sent);
    optional("department", report_.department);
    optional("corrects", report_.corrects);
    flag("has_next", report_.next_report_at.has_value());
    text("next", report_.next_report_at ? moment(*report_.next_report_at) : "");
    flag("has_missed", report_.missed_for.has_value());
    text("missed", report_.missed_for ? moment(*report_.missed_for) : "");
    flag("has_previous", report_.previous_at.has_value());
    text("previous", report_.previous_at ? moment(*report_.previous_at) : "");
    text("contact", put(report_.contact));
    flag("has_url", !report_.url.empty());
    text("url", put(report_.url));
  }

  Texts item(const KnownFact& fact) const {
    const std::string what = put(fact.what);
    const std::string at = measured(fact);
    const std::string source = put(fact.source);
    const std::string line =
        source.empty() ? view_.say("not_confirmed_fact", {{"what", what}, {"at", at}}) : known_line(what, at, source);
    return {{"what", what}, {"at", at}, {"source", source}, {"line", line}};
  }

  // A fact that ends in a bracket takes its time and source into it.
  std::string known_line(std::string_view what, const std::string& at, const std::string& source) const {
    for (const std::string_view bracket : {"）", ")"}) {
      if (!what.ends_with(bracket)) continue;
      what.remove_suffix(bracket.size());
      return view_.say("fact_in_bracket", {{"what", what}, {"at", at}, {"source", source}});
    }
    return view_.say("fact", {{"what", what}, {"at", at}, {"source", source}});
  }

  void knowledge() {
    for (const char* name : {"known", "fresh", "unchanged", "not_confirmed"}) list(name);
    for (const KnownFact& fact : report_.known) {
      list("known").push_back(item(fact));
      list(fact.fresh ? "fresh" : "unchanged").push_back(item(fact));
    }
    for (const KnownFact& fact : report_.not_confirmed) {
      list("not_confirmed").push_back(item(fact));
    }
    const bool fresh_hearsay = std::any_of(report_.not_confirmed.begin(), report_.not_confirmed.end(),
                                           [](const KnownFact& fact) { return fact.fresh; });
    flag("has_fresh", !list("fresh").empty());
    flag("has_unchanged", !list("unchanged").empty());
    flag("has_not_confirmed", !report_.not_confirmed.empty());
    flag("nothing_new", report_.kind == ReportKind::update && list("fresh").empty() && !fresh_hearsay);
  }

  void questions() {
    list("unknown");
    for (const OpenQuestion& question : report_.unknown) {
      const std::string what = put(question.what);
      const std::string checker = put(question.checker);
      const std::string due = question.no_estimate ? "" : moment(question.due);
      const std::string moved = question.moved_from ? moment(*question.moved_from) : "";
      const std::string why = put(question.moved_why);
      const std::string_view key = question.no_estimate  ? "unknown_no_estimate"
                                   : question.overdue    ? "unknown_overdue"
                                   : question.moved_from ? "unknown_moved"
                                                         : "unknown_due";
      const std::string line =
          view_.say(key, {{"what", what}, {"checker", checker}, {"due", due}, {"moved_from", moved}, {"why", why}});
      list("unknown").push_back({{"what", what}, {"checker", checker}, {"due", due}, {"line", line}});
    }
    flag("has_unknown", !report_.unknown.empty());
  }

  void asks_and_people() {
    list("asks");
    list("responders");
    for (const Ask& ask : report_.asks) {
      const std::string of = put(ask.of);
      const std::string what = put(ask.what);
      list("asks").push_back({{"of", of}, {"what", what}, {"line", view_.say("ask", {{"of", of}, {"what", what}})}});
    }
    // Those who do the same stand in one place.
    std::vector<std::pair<std::string, std::vector<std::string>>> by_work;
    for (const Assignment& assignment : report_.responders) {
      const std::string who = put(assignment.who);
      const std::string does = put(assignment.does);
      list("responders").push_back({{"who", who}, {"does", does}});
      const auto same =
          std::find_if(by_work.begin(), by_work.end(), [&does](const auto& work) { return work.first == does; });
      if (same == by_work.end()) {
        by_work.push_back({does, {who}});
      } else if (std::find(same->second.begin(), same->second.end(), who) == same->second.end()) {
        same->second.push_back(who);
      }
    }
    std::vector<std::string> responders;
    responders.reserve(by_work.size());
    for (const auto& [does, who] : by_work)
      responders.push_back(view_.say("responder", {{"does", does}, {"who", join(who, view_.say("and"))}}));
    text("responders_line", join(responders, view_.say("between")));
    std::vector<std::string> unconfirmed;
    for (const Sentence& department : report_.unconfirmed) unconfirmed.push_back(put(department));
    text("unconfirmed_line", join(unconfirmed, view_.say("and")));
    flag("has_unconfirmed", !unconfirmed.empty());
  }

  void counts() {
    text("told", std::to_string(report_.told));
    text("not_reached", std::to_string(report_.not_reached));
    text("questions_open", std::to_string(report_.questions_open));
    flag("has_told", report_.told + report_.not_reached > 0);
    flag("has_questions_open", report_.questions_open > 0);
  }

  std::string joined(const std::vector<Sentence>& sentences) const {
    std::vector<std::string> all;
    all.reserve(sentences.size());
    for (const Sentence& sentence : sentences) all.push_back(put(sentence));
    return join(all, view_.say("between"));
  }

  std::string moments(const char* name, std::string_view key, const std::vector<Moment>& all) {
    std::vector<std::string> lines;
    list(name);
    for (const Moment& one : all) {
      const std::string what = put(one.what);
      const std::string at = moment(one.at);
      lines.push_back(view_.say(key, {{"what", what}, {"at", at}}));
      list(name).push_back({{"what", what}, {"at", at}, {"line", lines.back()}});
    }
    return join(lines, view_.say("between"));
  }

  void outcome() {
    const Outcome outcome = report_.outcome.value_or(Outcome{});
    flag("outcome", report_.outcome.has_value());
    flag("recovered", outcome.recovered);
    flag("not_recovered", report_.outcome && !outcome.recovered);
    // A field that nobody has filled is being confirmed, and says by when.
    const std::string open = report_.next_report_at ? view_.say("being_confirmed", {{"next", view_.text("next")}})
                                                    : view_.say("being_confirmed_open");
    const auto field = [&](const char* name, const Sentence& value) { text(name, value.empty() ? open : put(value)); };
    field("what_happened", outcome.what_happened);
    field("impact", outcome.impact);
    field("scope", outcome.scope);
    field("recurrence", outcome.recurrence);
    std::string when = moments("when", "moment", outcome.when);
    if (!outcome.recovered) when += (when.empty() ? "" : view_.say("between")) + view_.say("not_recovered");
    text("when_line", when);
    const std::string actions = moments("actions", "action", outcome.actions);
    text("actions_line", actions.empty() ? open : actions);
    text("grounds_line", joined(outcome.grounds));
    text("conditions_line", outcome.conditions.empty()
                                ? view_.say("conditions_open")
                                : view_.say("conditions_line", {{"conditions", joined(outcome.conditions)}}));
    optional("left", outcome.left);
    optional("follow_up", outcome.follow_up);
  }

  void individual() {
    const IndividualNote note = report_.individual.value_or(IndividualNote{});
    flag("individual", report_.individual.has_value());
    text("addressee", put(note.addressee));
    text("person", put(note.person));
    optional("stands_in", note.stands_in);
    text("everybody_at", moment(note.everybody_at));
    const auto lead = std::chrono::duration_cast<std::chrono::minutes>(note.everybody_at - report_.issued_at).count();
    text("minutes", std::to_string(std::max<long>(report_.individual ? lead : 0, 0)));
    list("to_expect");
    for (const Sentence& line : note.to_expect) list("to_expect").push_back({{"line", put(line)}});
  }

  // What is asked, and by which command it is done.
  void notice() {
    flag("notice", report_.notice.has_value());
    list("notice_lines");
    if (!report_.notice) return;
    const std::string key = kind_key(report_);
    const std::string at = moment(report_.notice->at);
    const std::string report = view_.say(report_key(report_));
    text("notice_line", view_.say(key + "_line", {{"at", at}, {"report", report}}));
    text("notice_how", view_.say(key + "_how", {{"incident", view_.text("incident")}}));
    for (const Sentence& line : report_.notice->lines) list("notice_lines").push_back({{"line", put(line)}});
  }

  const Report& report_;
  const Reading& reading_;
  const Escape& escape_;
  View& view_;
};

}  // namespace

std::string View::say(std::string_view key,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> values) const {
  return filled(words.find(key)->second, values);
}

std::string day_of(TimePoint time, const Words& words, const Zone& zone) {
  std::istringstream names(words.of("weekdays"));
  std::string weekday;
  for (unsigned i = 0; i <= zone.weekday(time); ++i) names >> weekday;
  return filled(words.of("day"), {{"date", zone.date(time)}, {"weekday", weekday}});
}

std::string headline_of(const Report& report, std::string_view language, const Words& words) {
  const std::string headline = filled(words.of("headline"), {{"kind", words.of(kind_key(report))},
                                                             {"level", std::to_string(report.level)},
                                                             {"incident", report.incident},
                                                             {"title", one_line(report.title.in(language))}});
  return report.drill ? words.of("drill") + headline : headline;
}

View view_of(const Report& report, const Delivery& delivery, const Reading& reading, const Escape& escape) {
  View view;
  view.language = std::string(reading.language);
  view.kind = report.kind;
  view.audience = report.audience;
  for (const auto& [key, text] : reading.words.all()) view.words.emplace(key, escape(text));
  Writer(report, reading, escape, view).write(delivery);
  return view;
}

void invite(View& view, std::string address) {
  view.flags["has_acknowledge_url"] = !address.empty();
  view.texts["acknowledge_url"] = std::move(address);
}

std::vector<std::string> names_of_views() {
  const Result<Zone> zone = Zone::named("UTC");
  std::set<std::string> names;
  // Between them, the specimens have something in every list.
  for (const Report& specimen : specimens()) {
    const View view = view_of(specimen, specimen_delivery(), {"en", Words::built_in("en"), *zone},
                              [](std::string_view text) { return std::string(text); });
    for (const auto& [name, text] : view.texts) names.insert(name);
    for (const auto& [name, flag] : view.flags) names.insert(name);
    for (const auto& [name, list] : view.lists) {
      names.insert(name);
      if (list.empty()) continue;
      for (const auto& [inner, text] : list.front()) names.insert(inner);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace iwakan::sinks

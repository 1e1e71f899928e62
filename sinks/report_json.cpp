#include "sinks/report_json.hpp"

#include <boost/json/array.hpp>

#include "sinks/layout/layout.hpp"

namespace iwakan::sinks {
namespace {

namespace json = boost::json;

json::object sentence(const Sentence& said) {
  return {{"ja", said.ja}, {"en", said.en}};
}

template <class Items, class ToJson>
json::array array_of(const Items& items, ToJson to_json) {
  json::array array;
  for (const auto& item : items) array.emplace_back(to_json(item));
  return array;
}

json::object known(const KnownFact& fact) {
  json::object object{{"what", sentence(fact.what)},
                      {"kind", name(fact.kind)},
                      {"at", format_time(fact.at)},
                      {"source", sentence(fact.source)},
                      {"new", fact.fresh}};
  if (fact.since) object["since"] = format_time(*fact.since);
  return object;
}

// `due` is null when nobody can say.
json::object unknown(const OpenQuestion& question) {
  json::object object{{"what", sentence(question.what)}, {"checker", sentence(question.checker)}, {"due", nullptr}};
  if (!question.no_estimate) object["due"] = format_time(question.due);
  object["overdue"] = question.overdue;
  if (question.moved_from) object["moved"] = {{"from", format_time(*question.moved_from)}, {"why", question.moved_why}};
  return object;
}

json::object moment(const Moment& one) {
  return {{"what", sentence(one.what)}, {"at", format_time(one.at)}};
}

json::object outcome_json(const Outcome& outcome) {
  return {{"what_happened", sentence(outcome.what_happened)},
          {"when", array_of(outcome.when, moment)},
          {"impact", sentence(outcome.impact)},
          {"scope", sentence(outcome.scope)},
          {"actions", array_of(outcome.actions, moment)},
          {"recurrence", sentence(outcome.recurrence)},
          {"recovered", outcome.recovered},
          {"grounds", array_of(outcome.grounds, sentence)},
          {"conditions", array_of(outcome.conditions, sentence)},
          {"left", sentence(outcome.left)},
          {"follow_up", sentence(outcome.follow_up)}};
}

}  // namespace

json::object report_json(const Report& report) {
  json::object object{
      {"incident", report.incident},
      {"number", report.number},
      {"version", report.version},
      {"kind", name(report.kind)},
      {"level", report.level},
      {"drill", report.drill},
      {"issued_at", format_time(report.issued_at)},
      {"title", sentence(report.title)},
      {"audience", name(report.audience)},
      {"known", array_of(report.known, known)},
      {"not_confirmed", array_of(report.not_confirmed, known)},
      {"unknown", array_of(report.unknown, unknown)},
      {"asks", array_of(report.asks,
                        [](const Ask& ask) {
                          return json::object{{"of", sentence(ask.of)}, {"what", sentence(ask.what)}};
                        })},
      {"responders",
       array_of(report.responders,
                [](const Assignment& assignment) {
                  return json::object{{"who", sentence(assignment.who)}, {"does", sentence(assignment.does)}};
                })},
      {"contact", sentence(report.contact)},
      {"unconfirmed", array_of(report.unconfirmed, sentence)},
      {"may_mention", report.may_mention},
      {"told", report.told},
      {"not_reached", report.not_reached},
      {"questions_open", report.questions_open},
      {"url", report.url}};
  if (report.next_report_at) object["next_report_at"] = format_time(*report.next_report_at);
  if (report.previous_at) object["previous_at"] = format_time(*report.previous_at);
  if (!report.corrects.empty()) object["corrects"] = sentence(report.corrects);
  if (!report.department.empty()) object["department"] = sentence(report.department);
  if (report.outcome) object["outcome"] = outcome_json(*report.outcome);
  if (report.missed_for) object["missed_for"] = format_time(*report.missed_for);
  if (report.notice) {
    object["notice"] = json::object{{"kind", name(report.notice->kind)},
                                    {"at", format_time(report.notice->at)},
                                    {"lines", array_of(report.notice->lines, sentence)}};
  }
  if (report.individual) {
    object["individual"] = json::object{{"person", report.individual->person},
                                        {"addressee", sentence(report.individual->addressee)},
                                        {"stands_in", sentence(report.individual->stands_in)},
                                        {"to_expect", array_of(report.individual->to_expect, sentence)},
                                        {"everybody_at", format_time(report.individual->everybody_at)}};
  }
  return object;
}

json::object delivery_json(const Report& report, const Delivery& delivery, const Layout& layout) {
  json::object text;
  for (const std::string& language : delivery.recipient.languages) {
    text[language] = layout.text(report, delivery, language, [](std::string_view value) { return std::string(value); });
  }
  return {{"delivery", delivery.id},          {"incident", delivery.incident}, {"recipient", delivery.recipient.id},
          {"to", delivery.recipient.address}, {"why", sentence(delivery.why)}, {"maybe_repeat", delivery.maybe_sent},
          {"report", report_json(report)},    {"text", std::move(text)}};
}

}  // namespace iwakan::sinks

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
      {"known", array_of(report.known,
                         [](const KnownFact& fact) {
                           return json::object{{"what", sentence(fact.what)},
                                               {"at", format_time(fact.at)},
                                               {"source", sentence(fact.source)}};
                         })},
      {"unknown", array_of(report.unknown,
                           [](const OpenQuestion& question) {
                             return json::object{{"what", sentence(question.what)},
                                                 {"checker", sentence(question.checker)},
                                                 {"due", format_time(question.due)}};
                           })},
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
      {"url", report.url}};
  if (report.next_report_at) object["next_report_at"] = format_time(*report.next_report_at);
  if (report.individual) {
    object["individual"] = json::object{{"person", report.individual->person},
                                        {"addressee", sentence(report.individual->addressee)},
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
  return {
      {"delivery", delivery.id},          {"incident", delivery.incident},       {"recipient", delivery.recipient.id},
      {"to", delivery.recipient.address}, {"maybe_repeat", delivery.maybe_sent}, {"report", report_json(report)},
      {"text", std::move(text)}};
}

}  // namespace iwakan::sinks

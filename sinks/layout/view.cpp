#include "sinks/layout/view.hpp"

#include <algorithm>

#include "sinks/layout/specimen.hpp"

namespace iwakan::sinks {
namespace {

constexpr std::size_t kValueBytesMax = 4'000;

constexpr Words kJa{
    "分かっていること", "まだ分かっていないこと",        "お願いしたいこと", "対応している人と内容", "問い合わせ先",
    "次の報告",         "受け取りを確認できていない部署"};
constexpr Words kEn{"KNOWN",   "NOT YET KNOWN", "WHAT WE ASK",         "WHO IS ON IT",
                    "CONTACT", "NEXT REPORT",   "NOT YET CONFIRMED BY"};

std::string kind_word(ReportKind kind, bool ja) {
  switch (kind) {
    case ReportKind::first: return ja ? "第一報" : "First report";
    case ReportKind::update: return ja ? "続報" : "Update";
    case ReportKind::second: return ja ? "第二報" : "Second report";
    case ReportKind::correction: return ja ? "訂正" : "Correction";
  }
  return {};
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
  Writer(const Report& report, std::string_view language, const Zone& zone, const Escape& escape)
      : report_(report), language_(language), ja_(language == "ja"), zone_(zone), escape_(escape) {}

  std::string put(std::string_view value) const { return escape_(one_line(value)); }
  std::string put(const Sentence& sentence) const { return put(sentence.in(language_)); }

  // With its day, unless it is the day of the report.
  std::string moment(TimePoint time) const {
    const std::string clock = zone_.clock(time);
    return zone_.same_day(time, report_.issued_at) ? clock : zone_.day(time, language_) + " " + clock;
  }

  // "10:20", or "10:12〜10:20" of what was measured over a while.
  std::string measured(const KnownFact& fact) const {
    return fact.since ? moment(*fact.since) + (ja_ ? "〜" : "-") + moment(fact.at) : moment(fact.at);
  }

  std::string issued() const {
    return zone_.day(report_.issued_at, language_) + (ja_ ? "" : " ") + zone_.clock(report_.issued_at) + " " +
           zone_.abbreviation(report_.issued_at);
  }

  bool ja() const { return ja_; }

 private:
  const Report& report_;
  std::string_view language_;
  bool ja_;
  const Zone& zone_;
  const Escape& escape_;
};

void add_known(View& view, const Report& report, const Writer& writer) {
  for (const KnownFact& fact : report.known) {
    view.lists["known"].push_back(
        {{"what", writer.put(fact.what)}, {"at", writer.measured(fact)}, {"source", writer.put(fact.source)}});
  }
}

void add_people(View& view, const Report& report, const Writer& writer) {
  std::vector<std::string> responders;
  for (const Assignment& assignment : report.responders) {
    const std::string who = writer.put(assignment.who);
    const std::string does = writer.put(assignment.does);
    view.lists["responders"].push_back({{"who", who}, {"does", does}});
    responders.push_back(writer.ja() ? does + " " + who : does + ": " + who);
  }
  view.texts["responders_line"] = join(responders, writer.ja() ? "／" : " / ");
  std::vector<std::string> unconfirmed;
  for (const Sentence& department : report.unconfirmed) unconfirmed.push_back(writer.put(department));
  view.texts["unconfirmed_line"] = join(unconfirmed, writer.ja() ? "、" : ", ");
  view.flags["has_unconfirmed"] = !unconfirmed.empty();
}

void add_individual(View& view, const Report& report, const Writer& writer) {
  const IndividualNote note = report.individual.value_or(IndividualNote{});
  view.flags["individual"] = report.individual.has_value();
  view.texts["addressee"] = writer.put(note.addressee);
  view.texts["person"] = writer.put(note.person);
  view.texts["everybody_at"] = writer.moment(note.everybody_at);
  for (const Sentence& line : note.to_expect) view.lists["to_expect"].push_back({{"line", writer.put(line)}});
}

}  // namespace

const Words& words_in(std::string_view language) {
  return language == "ja" ? kJa : kEn;
}

std::string headline_of(const Report& report, std::string_view language) {
  const bool ja = language == "ja";
  const std::string level = std::to_string(report.level);
  const std::string title = one_line(report.title.in(language));
  if (ja) {
    return (report.drill ? "【訓練】" : "") + ("【" + kind_word(report.kind, ja)) + "｜レベル" + level + "｜" +
           report.incident + "】" + title;
  }
  return (report.drill ? "[DRILL] " : "") + ("[" + kind_word(report.kind, ja)) + " | Level " + level + " | " +
         report.incident + "] " + title;
}

View view_of(const Report& report, const Delivery& delivery, std::string_view language, const Zone& zone,
             const Escape& escape) {
  const Writer writer(report, language, zone, escape);
  View view;
  view.lists = {{"known", {}}, {"unknown", {}}, {"asks", {}}, {"responders", {}}, {"to_expect", {}}};
  view.texts["headline"] = writer.put(headline_of(report, language));
  view.texts["title"] = writer.put(report.title);
  view.texts["kind"] = kind_word(report.kind, writer.ja());
  view.texts["level"] = std::to_string(report.level);
  view.texts["incident"] = writer.put(report.incident);
  view.texts["version"] = std::to_string(report.version);
  view.texts["issued"] = writer.issued();
  view.flags["drill"] = report.drill;
  view.flags["not_a_drill"] = !report.drill && report.level >= 3;
  view.flags["maybe_repeat"] = delivery.maybe_sent;
  add_known(view, report, writer);
  for (const OpenQuestion& question : report.unknown) {
    view.lists["unknown"].push_back({{"what", writer.put(question.what)},
                                     {"checker", writer.put(question.checker)},
                                     {"due", writer.moment(question.due)}});
  }
  for (const Ask& ask : report.asks) {
    view.lists["asks"].push_back({{"of", writer.put(ask.of)}, {"what", writer.put(ask.what)}});
  }
  add_people(view, report, writer);
  view.texts["contact"] = writer.put(report.contact);
  view.flags["has_next"] = report.next_report_at.has_value();
  view.texts["next"] = report.next_report_at ? writer.moment(*report.next_report_at) : "";
  view.flags["has_url"] = !report.url.empty();
  view.texts["url"] = writer.put(report.url);
  add_individual(view, report, writer);
  return view;
}

std::vector<std::string_view> names_of_views() {
  // The specimens have every list filled, so their views know every name.
  static const View view = [] {
    const Result<Zone> zone = Zone::named("UTC");
    return view_of(specimen_individual(), specimen_delivery(), "en", *zone,
                   [](std::string_view text) { return std::string(text); });
  }();
  std::vector<std::string_view> names;
  for (const auto& [name, text] : view.texts) names.push_back(name);
  for (const auto& [name, flag] : view.flags) names.push_back(name);
  for (const auto& [name, list] : view.lists) {
    names.push_back(name);
    for (const auto& [inner, text] : list.front()) names.push_back(inner);
  }
  return names;
}

}  // namespace iwakan::sinks

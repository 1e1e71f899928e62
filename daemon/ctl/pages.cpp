#include "ctl/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <sstream>
#include <vector>

#include "ctl/grid.hpp"
#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "ctl/record_pages.hpp"
#include "ctl/told_page.hpp"
#include "sinks/escape.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

// Boost.JSON reads and writes valid UTF-8 only.
std::size_t sequence_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

char32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  constexpr unsigned char kFirstBits[] = {0x7F, 0x1F, 0x0F, 0x07};
  char32_t point = static_cast<unsigned char>(text[at]) & kFirstBits[length - 1];
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return point;
}

std::string plain_at(const json::value& value, std::string_view key) {
  return plain(text_at(value, key));
}

std::string sentence_at(const json::value& value, std::string_view key, const Style& style) {
  return plain(said(member(value, key), style.language));
}

std::string number_text(const json::value& value, std::string_view key) {
  const std::optional<std::int64_t> number = integer_at(value, key);
  return number ? std::to_string(*number) : "";
}

std::string moment_at(const json::value& value, std::string_view key) {
  const std::optional<TimePoint> time = time_at(value, key);
  return time ? date_and_clock(*time) : "";
}

Colour colour_of_status(std::string_view status) {
  if (status == "open") return Colour::red;
  if (status == "identified" || status == "mitigated") return Colour::yellow;
  return Colour::green;
}

Colour colour_of_impact(std::string_view impact) {
  if (impact == "confirmed") return Colour::red;
  return impact == "possible" ? Colour::yellow : Colour::none;
}

Colour colour_of_delivery(std::string_view state) {
  if (state == "dead") return Colour::red;
  return state == "pending" ? Colour::yellow : Colour::green;
}

Cell coloured_at(const json::value& value, std::string_view key, Colour (*colour)(std::string_view)) {
  return {plain_at(value, key), colour(text_at(value, key))};
}

std::string section(std::string_view title, const Style& style) {
  return "\n" + painted(title, Colour::bold, style) + "\n";
}

// --- lists

std::string firing_of_total(const json::value& incident) {
  return number_text(incident, "firing") + "/" + number_text(incident, "members_total");
}

std::string incidents_page(const json::value& answer, const Style& style) {
  const json::array& incidents = items_at(answer, "incidents");
  if (incidents.empty()) {
    return std::string(style.words("進行中のインシデントはありません。終わったものは --all で見られます。\n",
                                   "No incident is being worked on. With --all you see those that are over.\n"));
  }
  Grid grid(style);
  grid.head({"ID", "STATUS", "LEVEL", "IMPACT", "OPENED", "FIRING", "TITLE"});
  for (const json::value& incident : incidents) {
    grid.row({{plain_at(incident, "id"), Colour::bold},
              coloured_at(incident, "status", colour_of_status),
              {number_text(incident, "level")},
              coloured_at(incident, "impact", colour_of_impact),
              {moment_at(incident, "opened_at")},
              {firing_of_total(incident)},
              {sentence_at(incident, "title", style)}});
  }
  return grid.text();
}

std::string remarks_of_delivery(const json::value& delivery, const Style& style) {
  std::string remarks = plain_at(delivery, "detail");
  if (true_at(delivery, "maybe_sent")) {
    if (!remarks.empty()) remarks += "; ";
    remarks += style.words("二重に届いた可能性があります", "may have arrived twice");
  }
  return remarks;
}

void add_deliveries(Grid& grid, const json::array& deliveries, const Style& style) {
  for (const json::value& delivery : deliveries) {
    grid.row({{plain_at(delivery, "id"), Colour::bold},
              coloured_at(delivery, "state", colour_of_delivery),
              {plain_at(delivery, "recipient")},
              {plain_at(delivery, "sink")},
              {number_text(delivery, "attempts")},
              {plain_at(delivery, "reason")},
              {remarks_of_delivery(delivery, style)}});
  }
}

bool any_dead(const json::array& deliveries) {
  return std::any_of(deliveries.begin(), deliveries.end(),
                     [](const json::value& delivery) { return text_at(delivery, "state") == "dead"; });
}

std::string deliveries_page(const json::value& answer, const Style& style) {
  const json::array& deliveries = items_at(answer, "deliveries");
  if (deliveries.empty()) return std::string(style.words("該当する配信はありません。\n", "No such delivery.\n"));
  Grid grid(style);
  grid.head({"ID", "STATE", "RECIPIENT", "SINK", "ATTEMPTS", "REASON", "REMARKS"});
  add_deliveries(grid, deliveries, style);
  std::string text = grid.text();
  if (any_dead(deliveries)) {
    text += style.words("\n原因を取り除いたら：iwakanctl delivery redeliver ID\n",
                        "\nOnce the cause is removed: iwakanctl delivery redeliver ID\n");
  }
  return text;
}

std::string summary_of(const json::value& alert) {
  const json::value& annotations = member(alert, "annotations");
  const std::string_view summary = text_at(annotations, "summary");
  return plain(summary.empty() ? text_at(annotations, "description") : summary);
}

std::string alerts_page(const json::value& answer, const Style& style) {
  const json::array& alerts = items_at(answer, "alerts");
  if (alerts.empty()) return std::string(style.words("該当するアラートはありません。\n", "No such alert.\n"));
  Grid grid(style);
  grid.head({"STATE", "SINCE", "SOURCE", "ALERT", "SUBJECT", "SUMMARY"});
  for (const json::value& alert : alerts) {
    const bool firing = text_at(alert, "state") == "firing";
    grid.row({{plain_at(alert, "state"), firing ? Colour::red : Colour::none},
              {moment_at(alert, "starts_at")},
              {plain_at(alert, "source")},
              {plain_at(alert, "alert_name"), Colour::bold},
              {plain_at(alert, "subject")},
              {summary_of(alert)}});
  }
  return grid.text();
}

// --- why

// "p = 3.1e-07": small is surprising.
std::string weight_of(const json::value& evidence, const Style& style) {
  std::string text = plain_at(evidence, "rule");
  if (const auto p_value = number_at(evidence, "p_value")) text += fmt::format(", p = {:.2g}", *p_value);
  if (true_at(evidence, "learning")) text += style.words(", 学習中", ", still learning");
  return text;
}

std::string evidence_lines(const json::array& evidence, const Style& style) {
  std::string text;
  for (const json::value& piece : evidence) {
    text += "  - " + sentence_at(piece, "sentence", style);
    text += "  " + painted("(" + weight_of(piece, style) + ")", Colour::dim, style) + "\n";
  }
  return text;
}

std::string_view reason_words(std::string_view reason, const Style& style) {
  struct Words {
    std::string_view reason, ja, en;
  };
  static constexpr Words kWords[] = {
      {"opened_by_statement", "設定の open_when に当てはまったため",
       "a statement of the configuration (open_when) matched"},
      {"opened_by_impact", "顧客影響がある、またはありうるため", "customers are or may be affected"},
      {"opened_by_evidence", "誤報の許容枠に照らしても珍しいため",
       "more surprising than the false-alarm budget allows for"},
      {"opened_by_person", "人が宣言したため", "declared by hand"},
      {"joined", "同じ対象のインシデントに加わった", "joined the incident of its subject"},
      {"within_budget", "気づいたが、開くほど珍しくはない", "noticed, and not surprising enough to open"},
      {"learning", "珍しいが、まだ学習中", "surprising, but the rule is still learning"},
      {"withheld", "見守るだけと決めてあるため", "agreed to be only watched"},
      {"silenced", "静音中のため", "silenced"},
      {"maintenance", "保守作業中のため", "under maintenance"},
  };
  for (const Words& words : kWords) {
    if (words.reason == reason) return style.words(words.ja, words.en);
  }
  return {};
}

std::string decision_text(const json::value& decision, const Style& style) {
  const std::string_view reason = text_at(decision, "reason");
  const std::string_view words = reason_words(reason, style);
  return words.empty() ? plain(reason) : std::string(words);
}

std::string suspicions_page(const json::value& answer, const Style& style) {
  const json::array& suspicions = items_at(answer, "suspicions");
  if (suspicions.empty()) return std::string(style.words("気になる点はありません。\n", "Nothing feels off.\n"));
  std::string text;
  for (const json::value& suspicion : suspicions) {
    const json::value& why = member(suspicion, "why");
    text += painted(plain_at(suspicion, "subject"), Colour::bold, style);
    text += "  " + moment_at(suspicion, "last_at") + "  " + decision_text(why, style);
    text += "\n" + evidence_lines(items_at(why, "evidence"), style);
  }
  return text;
}

// One piece of evidence: what it says, and how it stood, and stands, against the budget.
std::string explained_line(const json::value& piece, const Style& style) {
  std::string text = "  - " + sentence_at(piece, "sentence", style) + "\n";
  std::string detail = weight_of(piece, style);
  const auto add = [&](std::string_view key, std::string_view ja, std::string_view en) {
    const json::value& budget = member(piece, key);
    const auto score = number_at(budget, "score");
    const auto noise = number_at(budget, "noise_per_week");
    const auto allowed = number_at(budget, "allowed_per_week");
    if (!score || !noise || !allowed) return;
    const auto needed = number_at(budget, "needed");
    detail += fmt::format(fmt::runtime(style.words(
                              "；{}：強さ {:.1f}（必要 {}）、同じくらい珍しいノイズは週 {:.2g} 件（許容 週 {:.2g} 件）",
                              "; {}: score {:.1f} of {} needed, such noise comes {:.2g} a week, {:.2g} allowed")),
                          style.words(ja, en), *score, needed ? fmt::format("{:.1f}", *needed) : "∞", *noise, *allowed);
    if (true_at(budget, "by_model"))
      detail += style.words("、まだ履歴が短いためモデルで判断", ", by the model: the past is short");
  };
  add("budget", "当時", "then");
  add("budget_now", "いまなら", "now");
  return text + "    " + painted(detail, Colour::dim, style) + "\n";
}

std::string why_page(const json::value& answer, const Style& style) {
  const json::value& incident = member(answer, "incident");
  std::string text = painted(plain_at(answer, "of"), Colour::bold, style);
  if (incident.is_object()) {
    text += "  " + plain_at(incident, "id") + "  " + sentence_at(incident, "title", style);
    const std::string_view judgement = text_at(incident, "judgement");
    if (judgement == "confirmed" || judgement == "acted_on") {
      text += style.words("\n対応または確認されたので、誤報には数えません。取り消し：iwakanctl incident unjudge ID",
                          "\nPeople acted on it or confirmed it: it does not count as noise. To take that back: "
                          "iwakanctl incident unjudge ID");
    } else if (judgement == "dismissed") {
      text += style.words(
          "\n誤報とされたので、似たものはより珍しくないと開きません（4 週間で薄れます）。取り消し：iwakanctl incident "
          "unjudge ID",
          "\nDismissed: the like of it must be more surprising, for four weeks. To take that back: iwakanctl incident "
          "unjudge ID");
    } else {
      text += style.words(
          "\nまだ誰も判断していません。1 日たつと誤報に数えます：iwakanctl incident confirm ID または dismiss ID",
          "\nNobody has judged it yet; after a day it counts as noise: iwakanctl incident confirm ID, or dismiss ID");
    }
  }
  text += "\n";
  const json::array& decisions = items_at(answer, "decisions");
  if (decisions.empty()) {
    return text + std::string(style.words("記録された判断はありません：気になる点がなかったか、名前が違います。\n",
                                          "No decision is on record: nothing was noticed, or the name is another.\n"));
  }
  for (const json::value& decision : decisions) {
    text += "\n" + moment_at(decision, "at") + "  " + decision_text(decision, style);
    if (const std::string id = plain_at(decision, "incident"); !id.empty()) text += "  " + id;
    text += "\n";
    for (const json::value& piece : items_at(decision, "evidence")) text += explained_line(piece, style);
  }
  return text;
}

// --- one incident

std::string headline(const json::value& incident, const Style& style) {
  const std::string status = plain_at(incident, "status");
  const std::string impact = plain_at(incident, "impact");
  std::string text = painted(plain_at(incident, "id"), Colour::bold, style);
  text += "  " + painted(sentence_at(incident, "title", style), Colour::bold, style) + "\n\n";
  Grid grid(style, "  ");
  const auto row = [&](std::string_view ja, std::string_view en, std::string what, Colour colour = Colour::none) {
    if (!what.empty()) grid.row({{std::string(style.words(ja, en)), Colour::dim}, {std::move(what), colour}});
  };
  const auto opened = time_at(incident, "opened_at");
  std::string subjects;
  for (const json::value& subject : items_at(incident, "subjects")) {
    subjects += (subjects.empty() ? "" : ", ") + plain(said(subject, style.language));
  }
  row("状態", "status", status, colour_of_status(status));
  row("レベル", "level", number_text(incident, "level"));
  row("顧客影響", "impact", impact, colour_of_impact(impact));
  row("対象", "subjects", subjects);
  row("始まり", "since", moment_at(incident, "began_at") + (opened ? " " + zone(*opened) : ""));
  row("認知", "opened", moment_at(incident, "opened_at"));
  row("次の報告", "next report", moment_at(incident, "next_report_at"));
  return text + grid.text();
}

std::string why_section(const json::value& incident, const Style& style) {
  const json::value& why = member(incident, "why");
  return section(style.words("分かっていることと、開いた理由", "KNOWN, AND WHY IT WAS OPENED"), style) + "  " +
         decision_text(why, style) + "\n" + evidence_lines(items_at(why, "evidence"), style) +
         evidence_lines(items_at(incident, "evidence"), style);
}

std::string members_section(const json::value& incident, const Style& style) {
  const json::array& members = items_at(incident, "members");
  if (members.empty()) return {};
  std::string text = section(style.words("アラート", "ALERTS"), style);
  Grid grid(style, "  ");
  for (const json::value& alert : members) {
    const bool firing = text_at(alert, "state") == "firing";
    grid.row({{plain_at(alert, "state"), firing ? Colour::red : Colour::none},
              {moment_at(alert, "starts_at")},
              {plain_at(alert, "source")},
              {plain_at(alert, "alert_name"), Colour::bold},
              {plain_at(alert, "summary")}});
  }
  text += grid.text();
  const auto total = integer_at(incident, "members_total");
  const auto listed = static_cast<std::int64_t>(members.size());
  if (total && *total > listed) {
    text += fmt::format(fmt::runtime(style.words("  ほか{}件\n", "  and {} more\n")), *total - listed);
  }
  return text;
}

std::string waves_section(const json::value& incident, const Style& style) {
  const json::array& waves = items_at(incident, "waves");
  if (waves.empty()) return {};
  Grid grid(style, "  ");
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const bool sent = text_at(waves[i], "state") == "sent";
    const std::string_view who = i == 0 ? style.words("責任者", "supervisors") : style.words("全員", "everybody");
    grid.row({{std::string(who)},
              {std::string(sent ? style.words("送信済み", "told") : style.words("遅くとも", "by")),
               sent ? Colour::green : Colour::yellow},
              {moment_at(waves[i], sent ? "sent_at" : "deadline")}});
  }
  return section(style.words("知らせる順", "WHO IS TOLD"), style) + grid.text();
}

std::string acknowledged_section(const json::value& incident, const Style& style) {
  const json::object* acknowledged = member(incident, "acknowledged").if_object();
  if (!acknowledged || acknowledged->empty()) return {};
  Grid grid(style, "  ");
  for (const auto& [person, acknowledgement] : *acknowledged) {
    const std::string actor = plain_at(acknowledgement, "actor");
    const std::string by =
        actor.empty() || actor == plain(person) ? "" : std::string(style.words("記入：", "said by ")) + actor;
    grid.row({{plain(person)}, {moment_at(acknowledgement, "at")}, {by}});
  }
  return section(style.words("確認した人", "ACKNOWLEDGED BY"), style) + grid.text();
}

std::string reports_section(const json::value& incident, const Style& style) {
  const json::array& reports = items_at(incident, "reports");
  if (reports.empty()) return {};
  Grid grid(style, "  ");
  for (const json::value& report : reports) {
    const json::value& individual = member(report, "individual");
    const std::string_view everybody = style.words("全員", "everybody");
    grid.row({{number_text(report, "number")},
              {plain_at(report, "kind")},
              {individual.is_object() ? plain_at(individual, "person") : std::string(everybody)},
              {moment_at(report, "issued_at")},
              {sentence_at(report, "title", style)}});
  }
  return section(style.words("報告", "REPORTS"), style) + grid.text();
}

std::string deliveries_section(const json::value& incident, const Style& style) {
  const json::array& deliveries = items_at(incident, "deliveries");
  if (deliveries.empty()) return {};
  Grid grid(style, "  ");
  add_deliveries(grid, deliveries, style);
  return section(style.words("配信", "DELIVERIES"), style) + grid.text();
}

std::string timeline_section(const json::value& incident, const Style& style) {
  json::array timeline = items_at(incident, "timeline");
  if (timeline.empty()) return {};
  // As it happened; it came as it was written down.
  std::stable_sort(timeline.begin(), timeline.end(), [](const json::value& a, const json::value& b) {
    return time_at(a, "occurred_at") < time_at(b, "occurred_at");
  });
  Grid grid(style, "  ");
  for (const json::value& entry : timeline) {
    const std::string actor = plain_at(entry, "actor");
    std::string by = actor == "iwakan" || actor.empty() ? "" : " (" + actor + ")";
    if (const std::string corrected = number_text(entry, "corrects"); !corrected.empty()) {
      by += fmt::format(fmt::runtime(style.words("［{} の訂正］", " [corrects {}]")), corrected);
    }
    grid.row({{number_text(entry, "number"), Colour::dim},
              {moment_at(entry, "occurred_at")},
              {plain_at(entry, "kind"), Colour::dim},
              {sentence_at(entry, "text", style) + by}});
  }
  return section(style.words("経過", "TIMELINE"), style) + grid.text();
}

std::string knowledge_section(const json::value& incident, const Style& style) {
  std::string text;
  Grid facts(style, "  ");
  bool any = false;
  for (const json::value& fact : items_at(incident, "facts")) {
    if (true_at(fact, "withdrawn")) continue;
    any = true;
    const std::string source = sentence_at(fact, "source", style);
    facts.row({{number_text(fact, "number"), Colour::dim},
               {moment_at(fact, "at")},
               {source.empty() ? std::string(style.words("未確認", "not confirmed")) : source},
               {sentence_at(fact, "what", style)}});
  }
  if (any) text += section(style.words("人が書いたこと", "WHAT PEOPLE KNOW"), style) + facts.text();
  Grid unknowns(style, "  ");
  const json::array& open = items_at(incident, "unknowns");
  for (const json::value& unknown : open) {
    const std::string due = moment_at(unknown, "due");
    unknowns.row({{plain_at(unknown, "id"), Colour::dim},
                  {due.empty() ? std::string(style.words("見込みなし", "no estimate")) : due},
                  {sentence_at(unknown, "checker", style)},
                  {sentence_at(unknown, "what", style)}});
  }
  if (!open.empty()) text += section(style.words("まだ分かっていないこと", "NOT YET KNOWN"), style) + unknowns.text();
  Grid follow_ups(style, "  ");
  const json::array& to_do = items_at(incident, "follow_ups");
  for (const json::value& follow_up : to_do) {
    const std::string done = moment_at(follow_up, "done_at");
    const std::string due = moment_at(follow_up, "due");
    const std::string open_until = due.empty() ? std::string(style.words("期限なし", "no date")) : due;
    follow_ups.row({{number_text(follow_up, "number"), Colour::dim},
                    {done.empty() ? open_until : std::string(style.words("済 ", "done ")) + done},
                    {plain_at(follow_up, "owner")},
                    {sentence_at(follow_up, "what", style)}});
  }
  if (!to_do.empty()) text += section(style.words("今後の対応", "TO BE DONE"), style) + follow_ups.text();
  return text;
}

std::string incident_page(const json::value& incident, const Style& style) {
  return headline(incident, style) + why_section(incident, style) + knowledge_section(incident, style) +
         members_section(incident, style) + waves_section(incident, style) + acknowledged_section(incident, style) +
         reports_section(incident, style) + deliveries_section(incident, style) + timeline_section(incident, style);
}

std::string declared_page(const json::value& answer, const Style& style) {
  const std::string id = plain_at(answer, "incident");
  return std::string(style.words("インシデントを開きました：", "Opened ")) + id + "\n" +
         std::string(style.words("  様子を見る：", "  Look at it: ")) + "iwakanctl incident show " + id + "\n";
}

// The items of a list, by the name they have in the answer; empty: the answer is one item.
std::string_view items_name(View view) {
  switch (view) {
    case View::incidents: return "incidents";
    case View::deliveries: return "deliveries";
    case View::alerts: return "alerts";
    case View::suspicions: return "suspicions";
    case View::why: return "decisions";
    case View::questions: return "questions";
    case View::verified: return "incidents";
    case View::load: return "people";
    case View::score: return "points";
    case View::maintenance: return "maintenance";
    case View::silences:
    case View::silence_set:
    case View::incident:
    case View::declared:
    case View::told:
    case View::question:
    case View::exported:
    case View::document:
    case View::done: return {};
  }
  return {};
}

// What was recorded, where the daemon says it: a note of several lines, as for a handover.
std::string done_page(const json::value& answer, const Style& style) {
  std::string text;
  std::istringstream note{std::string(said(member(answer, "note"), style.language))};
  for (std::string line; std::getline(note, line);) text += plain(line) + "\n";
  if (!text.empty()) text += "\n";
  return text + std::string(style.words("記録しました。\n", "Recorded.\n"));
}

}  // namespace

std::string painted(std::string_view text, Colour colour, const Style& style) {
  static constexpr std::string_view kCodes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[32m"};
  if (!style.colour || colour == Colour::none || text.empty()) return std::string(text);
  return std::string(kCodes[static_cast<std::size_t>(colour)]) + std::string(text) + "\x1b[0m";
}

std::string plain(std::string_view untrusted) {
  return sinks::escape_terminal(untrusted);
}

// Stands between quotes of JSON wherever it can occur, so an escape means the same.
std::string json_line(const json::value& value) {
  static constexpr std::pair<char32_t, char32_t> kHidden[] = {{0x7F, 0x9F},     {0x61C, 0x61C},   {0x200B, 0x200F},
                                                              {0x2028, 0x202E}, {0x2060, 0x2069}, {0xFEFF, 0xFEFF}};
  std::string line;
  const std::string text = json::serialize(value);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text[i]);
    const char32_t point = code_point(text, i, length);
    const bool hidden = std::any_of(std::begin(kHidden), std::end(kHidden), [point](const auto& range) {
      return range.first <= point && point <= range.second;
    });
    line += hidden ? fmt::format("\\u{:04x}", static_cast<unsigned>(point)) : text.substr(i, length);
    i += length;
  }
  return line + "\n";
}

std::string page(View view, const json::value& answer, const Style& style) {
  switch (view) {
    case View::incidents: return incidents_page(answer, style);
    case View::incident: return incident_page(answer, style);
    case View::deliveries: return deliveries_page(answer, style);
    case View::alerts: return alerts_page(answer, style);
    case View::suspicions: return suspicions_page(answer, style);
    case View::why: return why_page(answer, style);
    case View::declared: return declared_page(answer, style);
    case View::silences: return silences_page(answer, style);
    case View::silence_set: return silence_set_page(answer, style);
    case View::maintenance: return maintenance_page(answer, style);
    case View::told: return told_page(answer, style);
    case View::question: return question_page(answer, style);
    case View::questions: return questions_page(answer, style);
    case View::load: return load_page(answer, style);
    case View::verified: return verified_page(answer, style);
    case View::score: return score_page(answer, style);
    case View::exported:
    case View::document:
    case View::done: return done_page(answer, style);
  }
  return {};
}

std::string json_lines(View view, const json::value& answer) {
  const std::string_view items = items_name(view);
  std::string text;
  if (const json::array* list = answer.if_array()) {  // Alertmanager's API
    for (const json::value& item : *list) text += json_line(item);
    return text;
  }
  if (items.empty()) return json_line(answer);
  for (const json::value& item : items_at(answer, items)) text += json_line(item);
  return text;
}

std::string refusal(int status, std::string_view body) {
  json::error_code error;
  const json::value answer = json::parse(json::string_view(body.data(), body.size()), error);
  if (const json::string* said = answer.if_string(); said != nullptr && !error) {  // Alertmanager's API
    return fmt::format("{} ({})", plain(*said), status);
  }
  const json::value& why = member(answer, "error");
  const std::string detail = plain_at(why, "detail");
  if (error || detail.empty()) {
    return fmt::format("the daemon answered {}, without a word that iwakanctl understands: is this iwakand?", status);
  }
  const std::string path = plain_at(why, "path");
  return fmt::format("{}{} ({} {})", path.empty() ? "" : path + ": ", detail, status, plain_at(why, "reason"));
}

}  // namespace iwakan::ctl

#include "ctl/record_pages.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "ctl/json.hpp"
#include "ctl/local_time.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

std::string number_of(const json::value& question) {
  return "Q" + std::to_string(integer_at(question, "number").value_or(0));
}

std::string clock_at(const json::value& value, std::string_view key) {
  const auto time = time_at(value, key);
  return time ? clock(*time).substr(0, 5) : "-";
}

std::string answer_line(const json::value& answer, const Style& style) {
  const std::string text = plain(said(member(answer, "text"), style.language));
  const std::string who = plain(said(member(answer, "who"), style.language));
  const std::string at = clock_at(answer, "at");
  const std::string_view ground = text_at(answer, "ground");
  if (ground == "fact") {
    return fmt::format(fmt::runtime(style.words("分かっています：{}（{} 時点、{}）", "Known: {} ({}, {})")), text, at,
                       who);
  }
  if (ground == "unknown" && !time_at(answer, "at")) {
    return fmt::format(fmt::runtime(style.words("まだ分かっていません：{}（{}。いつ分かるかは、まだお伝えできません）",
                                                "Not known yet: {} ({}; nobody can say yet when it will be)")),
                       text, who);
  }
  if (ground == "unknown") {
    return fmt::format(fmt::runtime(style.words("まだ分かっていません：{}（{}が確認中、{} まで）",
                                                "Not known yet: {} ({} is checking, by {})")),
                       text, who, at);
  }
  if (ground == "next_report") {
    return fmt::format(fmt::runtime(style.words("{}。次の報告は {} までに届きます", "{}. The next report comes by {}")),
                       text, at);
  }
  return fmt::format(fmt::runtime(style.words("{}（{}、{}）", "{} ({}, {})")), text, who, at);
}

bool answered_by_itself(const json::value& question) {
  const json::array& answers = items_at(question, "answers");
  return !answers.empty() && text_at(answers[0], "ground") != "person";
}

std::string state_line(const json::value& question, const Style& style) {
  const std::string_view state = text_at(question, "state");
  if (state == "waiting") {
    return std::string(style.words("窓口がお預かりしました。答えは、同じことを尋ねた方みなさんへ一度にお知らせします",
                                   "The desk has it; the answer goes to everybody who asked, at once"));
  }
  if (state == "relayed") {
    return std::string(
        style.words("対応者へまとめて渡してあります", "The responders have it, together with the others"));
  }
  if (state != "merged") return {};
  return fmt::format(fmt::runtime(style.words("Q{} と同じ質問です", "The same as Q{}")),
                     integer_at(question, "merged_into").value_or(0));
}

std::string question_lines(const json::value& question, const Style& style) {
  std::string text = painted(number_of(question), Colour::bold, style) + "  " + plain(text_at(question, "text"));
  const std::size_t askers = items_at(question, "askers").size();
  if (askers > 1) text += fmt::format(fmt::runtime(style.words("（{} 名）", " ({} people)")), askers);
  text += "\n";
  for (const json::value& answer : items_at(question, "answers")) text += "    " + answer_line(answer, style) + "\n";
  if (const std::string state = state_line(question, style); !state.empty()) text += "    " + state + "\n";
  return text;
}

}  // namespace

std::string question_page(const json::value& answer, const Style& style) {
  const json::value& question = member(answer, "question");
  std::string text = question_lines(question, style);
  if (answered_by_itself(question)) {
    text += fmt::format(fmt::runtime(style.words("    足りないときは人に聞けます：iwakanctl ask --person {} \"…\"\n",
                                                 "    If that is not enough, ask a person: iwakanctl ask --person {} "
                                                 "\"…\"\n")),
                        plain(text_at(answer, "incident")));
  }
  return text;
}

std::string questions_page(const json::value& incident, const Style& style) {
  const json::array& questions = items_at(incident, "questions");
  if (questions.empty()) return std::string(style.words("質問はありません。\n", "Nobody has asked anything.\n"));
  std::string text;
  for (const json::value& question : questions) text += question_lines(question, style);
  if (time_at(incident, "questions_due")) {
    text += fmt::format(fmt::runtime(style.words("\n残っている質問は {} にまとめて対応者へ渡します。\n",
                                                 "\nWhat still waits goes to the responders at {}, together.\n")),
                        clock_at(incident, "questions_due"));
  }
  return text;
}

std::string load_page(const json::value& answer, const Style& style) {
  std::string text;
  for (const json::value& person : items_at(answer, "people")) {
    const auto minutes = integer_at(person, "at_work_minutes").value_or(0);
    const auto nights = integer_at(person, "nights").value_or(0);
    const auto pages = integer_at(person, "pages").value_or(0);
    text += fmt::format(
        fmt::runtime(style.words("{}（{}）　7 日間：対応 {} 時間 {} 分、夜 {} 回、お願い {} 回\n",
                                 "{} ({})  last seven days: {} h {} min at work, {} nights, asked {} times\n")),
        plain(said(member(person, "name"), style.language)), plain(text_at(person, "person")), minutes / 60,
        minutes % 60, nights, pages);
    if (time_at(person, "at_work_since")) {
      text += fmt::format(fmt::runtime(style.words("  {} から対応中\n", "  at work since {}\n")),
                          clock_at(person, "at_work_since"));
    }
    for (const json::value& reason : items_at(person, "reasons")) {
      text += fmt::format(fmt::runtime(style.words("  交代を考えてもよい頃です：{}\n", "  a rest may be due: {}\n")),
                          plain(said(reason, style.language)));
    }
  }
  return text.empty() ? std::string(style.words("設定に人がいません。\n", "The configuration names nobody.\n")) : text;
}

std::string verified_page(const json::value& answer, const Style& style) {
  const json::value& journal = member(answer, "journal");
  std::string text =
      fmt::format(fmt::runtime(style.words("記録簿：{} 件、ハッシュの連鎖は保たれています（先頭 {} 件目から）\n",
                                           "Journal: {} records, the hash chain holds (kept from record {})\n")),
                  integer_at(journal, "records").value_or(0), integer_at(journal, "first").value_or(0));
  for (const json::value& incident : items_at(answer, "incidents")) {
    const bool holds = true_at(incident, "holds");
    const std::string verdict =
        holds ? std::string(style.words("書かれたまま", "as it was written"))
              : fmt::format(fmt::runtime(style.words("{} 番目から、書かれたものと違います",
                                                     "from entry {} on it is not what was written")),
                            integer_at(incident, "first_wrong").value_or(0));
    text += painted(plain(text_at(incident, "incident")), Colour::bold, style) + "  " +
            painted(verdict, holds ? Colour::green : Colour::red, style) +
            fmt::format(fmt::runtime(style.words("、{} 件、末尾 {}\n", ", {} entries, head {}\n")),
                        integer_at(incident, "entries").value_or(0), plain(text_at(incident, "head")));
  }
  return text;
}

std::string score_page(const json::value& answer, const Style& style) {
  std::string text(style.words("訓練の振り返り（人ではなく、進み方について）\n",
                               "How the drill went (about how things went, not about anybody)\n"));
  for (const json::value& point : items_at(answer, "points")) {
    const bool met = true_at(point, "met");
    text += painted(met ? style.words("できた  ", "met     ") : style.words("次回へ  ", "next    "),
                    met ? Colour::green : Colour::yellow, style) +
            plain(said(member(point, "what"), style.language)) + std::string(style.words("：", ": ")) +
            plain(said(member(point, "found"), style.language)) + "\n";
  }
  return text;
}

}  // namespace iwakan::ctl

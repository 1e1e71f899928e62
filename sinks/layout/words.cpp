#include "sinks/layout/words.hpp"

#include <algorithm>
#include <array>

#include "model/assert.hpp"
#include "model/setting.hpp"

namespace iwakan::sinks {
namespace {

struct Entry {
  std::string_view key, ja, en;
};

// config/words/{ja,en}.yaml say the same; a test holds them together.
constexpr std::array kEntries{
    // --- the first lines
    Entry{"headline", "【{kind}｜レベル{level}｜{incident}】{title}", "[{kind} | Level {level} | {incident}] {title}"},
    Entry{"drill", "【訓練】", "[DRILL] "},
    Entry{"kind_first", "第一報", "First report"},
    Entry{"kind_update", "続報", "Update"},
    Entry{"kind_second", "第二報", "Second report"},
    Entry{"kind_recovery", "第二報・復旧宣言", "Second report and recovery declaration"},
    Entry{"kind_correction", "訂正", "Correction"},
    Entry{"stamp", "{issued}　第{version}版", "{issued}, version {version}"},
    Entry{"not_a_drill", "　訓練ではありません", ". This is not a drill."},
    Entry{"maybe_repeat", "（再送の可能性があります）", "(This may be a repeat.)"},
    Entry{"day", "{date}（{weekday}）", "{weekday} {date} "},
    Entry{"weekdays", "日 月 火 水 木 金 土", "Sun Mon Tue Wed Thu Fri Sat"},
    // --- how things stand side by side
    Entry{"heading", "■ {heading}", "{heading}"},
    Entry{"beside", "　", "  "},
    Entry{"item", "・{text}", "- {text}"},
    Entry{"between", "／", " / "},
    Entry{"and", "、", ", "},
    Entry{"range", "{from}〜{to}", "{from}-{to}"},
    // --- what is known
    Entry{"known", "分かっていること", "KNOWN"},
    Entry{"fresh", "新しく分かったこと（{previous} の報告のあと）", "NEW SINCE {previous}"},
    Entry{"unchanged", "前の報告から変わらないこと", "AS BEFORE"},
    Entry{"nothing_new", "{previous} の報告のあと、新しく分かったことはありません。対応を続けています",
          "Nothing new is known since the report of {previous}. The work goes on"},
    Entry{"fact", "{what}（{at}、{source}）", "{what} ({at}, {source})"},
    Entry{"fact_in_bracket", "{what}。{at}、{source}）", "{what}; {at}, {source})"},
    Entry{"not_confirmed", "未確認の情報（事実として伝えないでください）",
          "NOT CONFIRMED (please do not pass on as fact)"},
    Entry{"not_confirmed_fact", "【未確認】{what}（{at}）", "[not confirmed] {what} ({at})"},
    // --- what is not known
    Entry{"unknown", "まだ分かっていないこと", "NOT YET KNOWN"},
    Entry{"unknown_due", "{what}（{checker}が確認中。{due} まで）", "{what} ({checker}; by {due})"},
    Entry{"unknown_moved", "{what}（{checker}が確認中。{due} まで。{moved_from} から改めました：{why}）",
          "{what} ({checker}; by {due}, moved from {moved_from}: {why})"},
    Entry{"unknown_overdue", "{what}（{checker}が確認中。{due} の予定を過ぎました。新しい時刻は決まっていません）",
          "{what} ({checker}; was due by {due}, which has passed; no new time has been given)"},
    Entry{"unknown_no_estimate", "{what}（{checker}を待っています。見込みは書きません）",
          "{what} (waiting for {checker}; we give no estimate)"},
    Entry{"none", "ありません", "none"},
    // --- asks, people, times
    Entry{"asks", "お願いしたいこと", "WHAT WE ASK"},
    Entry{"ask", "{of}：{what}", "{of}: {what}"},
    Entry{"responders", "対応している人と内容", "WHO IS ON IT"},
    Entry{"responder", "{does} {who}", "{does}: {who}"},
    Entry{"contact", "問い合わせ先", "CONTACT"},
    Entry{"contact_line", "{contact}　調べている人への直接の質問は、窓口でお預かりします",
          "{contact}. The desk takes questions meant for those at work on it"},
    Entry{"unconfirmed", "受け取りを確認できていない部署", "NOT YET CONFIRMED BY"},
    Entry{"told", "お届けの状況", "WHO HAS BEEN TOLD"},
    Entry{"told_line", "{told} か所へお送りしました（届けられなかったのは {not_reached} か所）",
          "sent to {told} recipients; {not_reached} could not be reached"},
    Entry{"questions", "窓口でお預かりしている質問", "QUESTIONS AT THE DESK"},
    Entry{"questions_line", "{count} 件（まとめて確認しています）", "{count} open, being asked together"},
    Entry{"next", "次の報告", "NEXT REPORT"},
    Entry{"next_line", "{next} まで（進展がなくてもお知らせします）", "by {next}, even if nothing has changed."},
    Entry{"timeline", "経過： {url}", "Timeline: {url}"},
    Entry{"course", "経過（新しい順）", "COURSE (newest first)"},
    Entry{"entry", "{at}　{what}（{who}）", "{at} {what} ({who})"},
    Entry{"missed", "報告の遅れ", "LATE REPORT"},
    Entry{"missed_line", "{missed} までの報告をお約束していましたが、お届けできませんでした。お待たせしています",
          "The report promised for {missed} did not come. We are sorry to keep you waiting"},
    // --- corrections and the second report
    Entry{"corrects", "訂正したこと", "WHAT THIS CORRECTS"},
    Entry{"what_happened", "起きたこと", "WHAT HAPPENED"},
    Entry{"when", "日時", "WHEN"},
    Entry{"moment", "{what} {at}", "{what} {at}"},
    Entry{"not_recovered", "復旧 未", "recovery: not yet"},
    Entry{"impact", "お客さまへの影響", "CUSTOMER IMPACT"},
    Entry{"scope", "対象範囲", "SCOPE"},
    Entry{"actions", "実施した対応", "ACTIONS"},
    Entry{"action", "{at} {what}", "{at} {what}"},
    Entry{"recurrence", "再発の可能性", "CHANCE OF RECURRENCE"},
    Entry{"grounds", "復旧の根拠", "GROUNDS FOR RECOVERY"},
    Entry{"not_declared", "復旧宣言はまだ行いません", "RECOVERY IS NOT DECLARED YET"},
    Entry{"conditions_line", "条件：{conditions}", "we declare it when: {conditions}"},
    Entry{"conditions_open", "条件を確認中です", "the conditions are being confirmed"},
    Entry{"left", "残っていること", "STILL OPEN"},
    Entry{"follow_up", "今後", "WHAT FOLLOWS"},
    Entry{"being_confirmed", "確認中（{next} までにお知らせします）", "being confirmed; more by {next}"},
    Entry{"being_confirmed_open", "確認中です", "being confirmed"},
    Entry{"thanks", "対応に当たった皆さま、ありがとうございました。", "Thank you to everyone who responded."},
    // --- editions
    Entry{"individual_head", "【先行共有・個別】{addressee}　{issued}　{incident} レベル{level}",
          "[Ahead of the all-hands note - for you only] To: {addressee}   {issued}   {incident}, Level {level}"},
    Entry{"individual_lead",
          "{everybody_at} までに全体へ第一報を出します（あと {minutes} "
          "分）。その前に、部署で予想されることをお伝えします。",
          "The first report goes to everyone by {everybody_at} ({minutes} min from now). Before that, what your team "
          "is likely to meet:"},
    Entry{"individual_stands_in", "{why}。代わりにお受け取りをお願いします。", "{why}, so this comes to you instead."},
    Entry{"individual_say", "皆さんへは「確認中です。次は {next} までに連絡が来ます」とお伝えいただければ十分です",
          "It is enough to tell your team: \"It is being looked into. The next note comes by {next}.\""},
    Entry{"individual_read", "お読みになったら： {how}", "When you have read this: {how}"},
    Entry{"individual_follows", "全体への第一報は、次の内容です。", "The report that everyone will get:"},
    Entry{"department_head", "{department} の皆さまへ", "For {department}"},
    Entry{"digest_what", "{fact}", "{fact}"},
    Entry{"digest_who", "対応：{responders}／{cause}", "{responders} / {cause}"},
    Entry{"digest_cause", "未確認：{what}", "not yet known: {what}"},
    Entry{"digest_all_known", "未確認のことはありません", "nothing is left to find out"},
    Entry{"digest_next", "次の報告 {next} まで／問い合わせ {contact}", "Next report by {next} / contact {contact}"},
    Entry{"digest_end", "問い合わせ {contact}", "Contact {contact}"},
    Entry{"draft_head", "【未承認】お客さま向けの案です。承認されるまで社外に出さないでください",
          "[NOT APPROVED] A draft for customers. Please do not send it outside before somebody approves it"},
    Entry{"draft_sorry", "ご不便をおかけし、申し訳ございません。", "We are sorry for the inconvenience."},
    Entry{"draft_working", "現在、状況を確認し、対応を進めています。", "We are looking into it and working on it."},
    Entry{"draft_recovered", "現在は、通常どおりご利用いただけます。", "Everything works as usual again."},
    Entry{"draft_next", "次のお知らせは {next} までに行います。", "We will say more by {next}."},
    // --- notices to those at work
    Entry{"notice_report_due", "次の報告の時刻が近づいています", "Next report due soon"},
    Entry{"notice_report_due_line",
          "{at} までに次の報告をすると、読む方にお約束しています。それまでに書かれたことは、その時刻に送ります",
          "Readers were promised the next report by {at}. What is written down until then goes out at that time"},
    Entry{"notice_report_due_how",
          "書く： iwakanctl incident fact {incident} \"…\" --source \"…\"　すぐに送る： iwakanctl incident update "
          "{incident}",
          "To write: iwakanctl incident fact {incident} \"…\" --source \"…\"   To send now: iwakanctl incident update "
          "{incident}"},
    Entry{"notice_approval", "承認のお願い", "Approval wanted"},
    Entry{"notice_approval_line", "{report}が承認を待っています。承認がなくても、{at} にそのまま送ります",
          "The report ({report}) waits for your approval. Without a word it goes as it is at {at}"},
    Entry{"notice_approval_how",
          "読む： iwakanctl report show {incident} --number next　承認する： iwakanctl incident approve {incident}",
          "To read it: iwakanctl report show {incident} --number next   To approve it: iwakanctl incident approve "
          "{incident}"},
    Entry{"notice_promise_missed", "約束した報告が出ていません", "Promised report missed"},
    Entry{"notice_promise_missed_line",
          "{at} "
          "までの報告が出ていません。読む方には、遅れていることをお知らせします。対応している方が書けるか、代わりに書く"
          "人が要るかを確かめてください",
          "The report promised for {at} did not come, and readers are told that it is late. Please find out whether "
          "those at work can write, or need somebody to write for them"},
    Entry{"notice_promise_missed_how",
          "経過を見る： iwakanctl incident show {incident}　送る： iwakanctl incident update {incident}",
          "To see how it stands: iwakanctl incident show {incident}   To send an update: iwakanctl incident update "
          "{incident}"},
    Entry{"notice_watch", "違和感の確認のお願い", "Something feels off: please look"},
    Entry{
        "notice_watch_line",
        "お客さまへの影響の有無を {at} までに確認してください。答えがなければ、影響の可能性があるものとして知らせます",
        "Please find out by {at} whether customers are affected. Without an answer, people are told that they may be"},
    Entry{"notice_watch_how",
          "答える： iwakanctl incident impact {incident} "
          "none_confirmed（影響なし）、possible（可能性あり）、confirmed（影響あり）のいずれか",
          "To answer: iwakanctl incident impact {incident} with none_confirmed, possible or confirmed"},
    Entry{"notice_watch_due", "違和感の確認がまだです", "Your answer is still wanted"},
    Entry{
        "notice_watch_due_line",
        "お客さまへの影響の有無が、まだ分かっていません。{at} "
        "までに答えがなければ、影響の可能性があるものとして知らせます",
        "Whether customers are affected is not known yet. Without an answer by {at}, people are told that they may be"},
    Entry{"notice_watch_due_how",
          "答える： iwakanctl incident impact {incident} "
          "none_confirmed（影響なし）、possible（可能性あり）、confirmed（影響あり）のいずれか",
          "To answer: iwakanctl incident impact {incident} with none_confirmed, possible or confirmed"},
    Entry{"notice_questions", "窓口からの質問（まとめて）", "Questions from the desk, together"},
    Entry{"notice_questions_line", "お答えできるものだけで構いません。次にまとめてお渡しするのは {at} 以降です",
          "Please answer what you can. The next batch comes at {at} at the earliest"},
    Entry{"notice_questions_how", "答える： iwakanctl question answer {incident} 番号 \"…\"",
          "To answer: iwakanctl question answer {incident} NUMBER \"…\""},
    Entry{"notice_answer", "質問への答え", "Your question is answered"},
    Entry{"notice_answer_line", "お尋ねの件に答えが出ました（{at}）", "There is an answer to what you asked ({at})"},
    Entry{"notice_answer_how", "足りないとき： iwakanctl ask --person {incident} \"…\"",
          "If that is not enough: iwakanctl ask --person {incident} \"…\""},
    Entry{"notice_hand_over", "交代のご提案", "Time for a rest, perhaps"},
    Entry{"notice_hand_over_line",
          "{at} "
          "から対応が続いています。引き継ぎに要ることを下にまとめました。交代するかどうかは、ご本人と指揮で決めてくださ"
          "い",
          "Work has gone on since {at}. What a successor needs to know is below; whether to hand over is for the "
          "person and whoever commands to decide"},
    Entry{"notice_hand_over_how",
          "引き継ぐ： iwakanctl incident handover {incident} --to 名前（指揮）、iwakanctl incident assign {incident} "
          "役割 名前",
          "To hand over: iwakanctl incident handover {incident} --to PERSON (command), iwakanctl incident assign "
          "{incident} ROLE PERSON"},
};

}  // namespace

std::vector<std::string_view> names_in(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) break;
    names.push_back(text.substr(at + 1, end - at - 1));
  }
  return names;
}

std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string all;
  while (!text.empty()) {
    const std::size_t at = text.find('{');
    all += text.substr(0, at);
    if (at == std::string_view::npos) break;
    const std::size_t end = text.find('}', at);
    const std::string_view name =
        end == std::string_view::npos ? std::string_view() : text.substr(at + 1, end - at - 1);
    const auto* value =
        std::find_if(values.begin(), values.end(), [name](const auto& one) { return one.first == name; });
    if (value == values.end()) {
      all += '{';
      text.remove_prefix(at + 1);
    } else {
      all += value->second;
      text.remove_prefix(end + 1);
    }
  }
  return all;
}

const Words& Words::built_in(std::string_view language) {
  static const auto make_all = [](std::string_view Entry::*text) {
    Words words;
    for (const Entry& entry : kEntries) words.texts_.emplace(entry.key, entry.*text);
    return words;
  };
  static const Words ja = make_all(&Entry::ja);
  static const Words en = make_all(&Entry::en);
  return language == "ja" ? ja : en;
}

Result<Words> Words::make(std::string_view language, const Catalogue& catalogue) {
  Words words = built_in(language);
  std::vector<std::string_view> keys;
  for (const auto& [key, text] : words.texts_) keys.push_back(key);
  for (const auto& [key, text] : catalogue) {
    const auto known = words.texts_.find(key);
    if (known == words.texts_.end()) {
      const std::string near = nearest(key, keys);
      return Failure{
          Reason::unknown_name,
          "no layout says \"" + key.substr(0, 64) + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"),
          key};
    }
    const std::vector<std::string_view> names = names_in(built_in(language).of(key));
    for (const std::string_view name : names_in(text)) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      return Failure{Reason::unknown_name, "there is no {" + std::string(name.substr(0, 64)) + "} here", key};
    }
    if (text.find('\n') != std::string::npos || text.size() > 1'000)
      return Failure{Reason::malformed, "one line of at most 1000 bytes is expected", key};
    known->second = text;
  }
  const std::string& days = words.of("weekdays");
  if (std::count(days.begin(), days.end(), ' ') != 6)
    return Failure{Reason::malformed, "seven days are expected, Sunday first, with a space between", "weekdays"};
  return words;
}

const std::string& Words::of(std::string_view key) const {
  const auto found = texts_.find(key);
  IWAKAN_ASSERT(found != texts_.end());
  return found->second;
}

}  // namespace iwakan::sinks

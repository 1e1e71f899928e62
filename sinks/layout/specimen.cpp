#include "sinks/layout/specimen.hpp"

namespace iwakan::sinks {
namespace {

TimePoint at(const char* clock) {
  return *parse_time(std::string("2031-05-14T") + clock + ":00+09:00");
}

}  // namespace

Report specimen_first_report() {
  Report report;
  report.incident = "INC-2031";
  report.level = 3;
  report.issued_at = at("10:26");
  report.title = {"一部のお客さまが、カードでのお支払いを完了できません",
                  "Some customers cannot complete card payments"};
  const auto know = [&report](FactKind kind, Sentence what, std::optional<TimePoint> since, TimePoint when,
                              Sentence source) {
    report.known.push_back({std::move(what), kind, since, when, std::move(source), false});
  };
  know(FactKind::impact,
       {"10:12 頃から、カードでのお支払いの一部が完了していません（成功率 61%、通常 98〜99%）",
        "Since about 10:12, some card payments do not complete (success 61%, usually 98-99%)"},
       at("10:12"), at("10:20"), {"監視 pay-api", "monitor pay-api"});
  know(FactKind::workaround,
       {"コンビニ払い、商品の閲覧、ログインは通常どおりです",
        "Convenience-store payment, browsing and sign-in work as usual"},
       std::nullopt, at("10:21"), {"佐伯が画面で確認", "checked on screen by Saeki"});
  know(FactKind::observation, {"お問い合わせは 14 件です", "14 customer inquiries so far"}, std::nullopt, at("10:24"),
       {"CS 集計", "CS count"});
  const auto open = [&report](Sentence what, Sentence checker, TimePoint due) {
    OpenQuestion question;
    question.what = std::move(what);
    question.checker = std::move(checker);
    question.due = due;
    report.unknown.push_back(std::move(question));
  };
  open({"原因", "The cause"}, {"開発", "engineering"}, at("10:45"));
  open({"お支払いが二重になった方の有無", "Whether anyone was charged twice"},
       {"経理・開発", "accounting and engineering"}, at("11:00"));
  open({"影響を受けたお客さまの人数", "How many customers are affected"}, {"分析", "analytics"}, at("11:00"));
  report.asks = {{{"CS", "CS"},
                  {"「コンビニ払いはご利用いただけます」とご案内ください",
                   "please tell customers that convenience-store payment is available"}},
                 {{"広報・営業", "PR and Sales"},
                  {"社外への発信は次の報告までお待ちください", "please hold outside messages until the next report"}},
                 {{"その他の部署", "Everyone else"},
                  {"作業は不要です。次の報告をお待ちください", "nothing to do. Please wait for the next report"}}};
  report.responders = {{{"藤井", "Fujii"}, {"指揮", "command"}},
                       {{"開発 3 名", "3 engineers"}, {"調査・復旧", "investigation and repair"}},
                       {{"CS 6 名", "6 in CS"}, {"お客さま対応", "customers"}},
                       {{"水野", "Mizuno"}, {"連絡・記録", "liaison and record"}}};
  report.contact = {"#inc-2031-窓口（水野、内線 4102）", "#inc-2031-desk (Mizuno, ext. 4102)"};
  report.next_report_at = at("10:50");
  report.url = "https://iwakan.example/i/INC-2031";
  return report;
}

Report specimen_individual() {
  Report report = specimen_first_report();
  report.issued_at = at("10:21");
  IndividualNote note;
  report.audience = Audience::supervisor;
  report.department = {"CS", "Customer support"};
  note.person = "hasegawa";
  note.addressee = {"CS 長谷川さま", "Hasegawa, CS"};
  note.to_expect = {{"「支払えたか分からない」という問い合わせが増える見込みです。返金のお約束は、まだお控えください",
                     "More people asking \"did my payment go through?\". Please do not promise refunds yet"},
                    {"11 時台に 2 名ほど応援が必要になりそうです", "You may need about two more people from 11:00"}};
  note.everybody_at = at("10:26");
  report.individual = std::move(note);
  return report;
}

Report specimen_update() {
  Report report = specimen_first_report();
  report.number = 2;
  report.kind = ReportKind::update;
  report.issued_at = at("10:48");
  report.previous_at = at("10:26");
  report.next_report_at = at("11:10");
  report.known.push_back({{"決済の接続数が上限に達しています", "Connections to card processing are at their limit"},
                          FactKind::observation,
                          std::nullopt,
                          at("10:44"),
                          {"開発", "engineering"},
                          true});
  report.not_confirmed.push_back(
      {{"社外の投稿に「支払えない」という声があります", "Posts outside say that payments fail"},
       FactKind::observation,
       std::nullopt,
       at("10:40"),
       {},
       true});
  report.unknown[0].overdue = true;
  report.unknown[1].moved_from = report.unknown[1].due;
  report.unknown[1].due = at("11:30");
  report.unknown[1].moved_why = "照合に時間がかかっています / the accounts take longer to compare";
  report.told = 6;
  report.not_reached = 1;
  report.questions_open = 3;
  return report;
}

Report specimen_second() {
  Report report = specimen_first_report();
  report.number = 3;
  report.kind = ReportKind::second;
  report.issued_at = at("12:05");
  report.title = {"カードでのお支払いは通常どおりに戻りました", "Card payments are back to normal"};
  report.previous_at = at("10:48");
  report.next_report_at.reset();
  report.unknown.clear();
  report.unconfirmed = {{"広報", "PR"}};
  Outcome outcome;
  outcome.what_happened = {"カード決済の接続数が上限に達し、お支払いの一部が時間切れになりました",
                           "Connections to card processing reached their limit and some payments timed out"};
  outcome.when = {{{"発生", "began"}, at("10:12")}, {{"検知", "detected"}, at("10:14")}};
  outcome.impact = {"1,284 件のお支払いが一度で完了しませんでした", "1,284 payments did not complete at first"};
  outcome.scope = {"カード払いのみ", "Card payments only"};
  outcome.actions = {{{"接続上限を元の値に戻しました", "limit restored"}, at("10:58")}};
  outcome.recurrence = {"同じ条件では低いと見ています", "Low under the same conditions"};
  outcome.recovered = true;
  outcome.grounds = {{"新しいアラート 30 分なし", "no new alert for 30 min"}, {"判断 藤井", "decided by Fujii"}};
  outcome.left = {"未完了の 153 件へ個別のご連絡（CS、本日 15:00 まで）",
                  "personal notes to the 153 (CS, by 15:00 today)"};
  outcome.follow_up = {"障害報告書 5/16、振り返り 5/19", "written report 16 May, review 19 May"};
  report.outcome = std::move(outcome);
  return report;
}

Report specimen_correction() {
  Report report = specimen_first_report();
  report.version = 2;
  report.kind = ReportKind::correction;
  report.corrects = {"誤：「お問い合わせは 41 件です」→ 正：「お問い合わせは 14 件です」",
                     "not \"41 customer inquiries so far\" but \"14 customer inquiries so far\""};
  return report;
}

Report specimen_notice() {
  Report report = specimen_first_report();
  report.audience = Audience::responder;
  report.notice =
      Notice{NoticeKind::watch, at("10:40"), {{"お客さまへの影響の有無（CS）", "Whether customers are affected (CS)"}}};
  return report;
}

std::vector<Report> specimens() {
  Report department = specimen_first_report();
  department.audience = Audience::department;
  department.department = {"CS", "Customer support"};
  Report open = specimen_second();
  open.outcome->recovered = false;
  open.outcome->conditions = {{"30 分続くこと", "it holds for 30 min"}};
  open.next_report_at = at("12:30");
  Report deputy = specimen_individual();
  deputy.individual->person = "mori";
  deputy.individual->addressee = {"CS 森さま", "Mori, CS"};
  deputy.individual->stands_in = {"長谷川さんの受け取りが、まだ確認できていません",
                                  "Hasegawa has not acknowledged yet"};
  Report late = specimen_update();
  late.missed_for = at("10:45");
  return {specimen_first_report(), specimen_individual(), specimen_update(), specimen_second(), std::move(open),
          specimen_correction(),   std::move(department), std::move(deputy), std::move(late)};
}

Delivery specimen_delivery() {
  Delivery delivery;
  delivery.id = "INC-2031.1.supervisor-cs-hasegawa";
  delivery.incident = "INC-2031";
  delivery.edition = "cs";
  delivery.recipient = {.id = "supervisor-cs-hasegawa",
                        .person = "hasegawa",
                        .sink = "mail",
                        .address = "hasegawa@books.example",
                        .languages = {"ja", "en"},
                        .time_zone = {},
                        .edition = {}};
  return delivery;
}

}  // namespace iwakan::sinks

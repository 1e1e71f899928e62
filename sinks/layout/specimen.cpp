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
  report.known = {{{"10:12 頃から、カードでのお支払いの一部が完了していません（成功率 61%、通常 98〜99%）",
                    "Since about 10:12, some card payments do not complete (success 61%, usually 98-99%)"},
                   at("10:12"),
                   at("10:20"),
                   {"監視 pay-api", "monitor pay-api"},
                   false},
                  {{"コンビニ払い、商品の閲覧、ログインは通常どおりです",
                    "Convenience-store payment, browsing and sign-in work as usual"},
                   std::nullopt,
                   at("10:21"),
                   {"佐伯が画面で確認", "checked on screen by Saeki"},
                   false},
                  {{"お問い合わせは 14 件です", "14 customer inquiries so far"},
                   std::nullopt,
                   at("10:24"),
                   {"CS 集計", "CS count"},
                   false}};
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
  note.person = "hasegawa";
  note.addressee = {"CS 長谷川さま", "Hasegawa, CS"};
  note.to_expect = {{"「支払えたか分からない」という問い合わせが増える見込みです。返金のお約束は、まだお控えください",
                     "More people asking \"did my payment go through?\". Please do not promise refunds yet"},
                    {"11 時台に 2 名ほど応援が必要になりそうです", "You may need about two more people from 11:00"}};
  note.everybody_at = at("10:26");
  report.individual = std::move(note);
  return report;
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
                        .time_zone = {}};
  return delivery;
}

}  // namespace iwakan::sinks

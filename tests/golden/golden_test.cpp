// Goal: the reports of reference practice, section 3, as the engine writes them from alerts and people's acts, in
// Japanese and English, for chat, mail (text and HTML) and as JSON. Method: golden files (IWAKAN_REWRITE=1 rewrites
// them); every report is without flaw, and people's words in it give no cause for a suggestion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "desk/reporter.hpp"
#include "desk/testing/report_flaws.hpp"
#include "desk/wording.hpp"
#include "engine/testing/story.hpp"
#include "settings/settings.hpp"
#include "sinks/laid_out.hpp"
#include "sinks/layout/layout.hpp"

namespace iwakan {
namespace {

namespace fs = std::filesystem;
using engine::testing::Labels;
using engine::testing::Story;
using ::testing::IsEmpty;

const fs::path kHere = fs::path(std::getenv("IWAKAN_SOURCE_DIR")) / "tests/golden";

std::shared_ptr<const engine::Settings> minato() {
  Complaints complaints;
  const auto settings = settings::load((kHere / "minato.yaml").string(), complaints);
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return settings == nullptr ? nullptr : settings->engine;
}

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

const Labels kCardPayments{{"alertname", "CardPaymentSuccessLow"}, {"service", "pay-api"}, {"severity", "critical"}};

// Plays a day of the bookshop, by the clock on its wall.
class Day {
 public:
  Day(const char* date, const char* from) : date_(date), story_(minato(), at(from)) {}

  TimePoint at(const char* clock) const { return *parse_time(std::string(date_) + "T" + clock + ":00+09:00"); }
  Story& by(const char* clock) {
    story_.advance(at(clock) - story_.now());
    return story_;
  }
  void knows(const char* clock, FactKind kind, Sentence what, Sentence source, const char* since = nullptr) {
    const auto begin = since == nullptr ? std::nullopt : std::optional(at(since));
    expect_calm(by(clock).act(act::AddFact{"INC-1", kind, std::move(what), std::move(source), begin, {}}));
  }
  void unknown(Sentence what, Sentence checker, const char* due) {
    const auto by_then = due == nullptr ? std::nullopt : std::optional(at(due));
    expect_calm(story_.act(act::AddUnknown{"INC-1", std::move(what), std::move(checker), by_then}));
  }
  void states(SummaryField field, Sentence text) {
    expect_calm(story_.act(act::State{"INC-1", field, std::move(text)}));
  }
  void asks(const char* department, Sentence what) {
    expect_calm(story_.act(act::AskDepartment{"INC-1", department, std::move(what)}));
  }
  void everybody_has_read() {
    story_.act(act::Acknowledge{"INC-1", "hasegawa"});
    story_.act(act::Acknowledge{"INC-1", "noda"}, "noda");
  }
  const Incident& incident() { return story_.incident("INC-1"); }
  const Organisation& organisation() const { return story_.settings().organisation; }

  Report report(Incident incident, ReportKind kind, const char* next) {
    incident.next_report_at = next == nullptr ? std::nullopt : std::optional(at(next));
    Report report = desk::write_report(incident, organisation(), kind, story_.now());
    EXPECT_THAT(desk::testing::report_flaws(report, incident), IsEmpty());
    return report;
  }

  // As it went to everybody because of what Fujii did.
  Report issued(Act what) {
    const engine::Effects& effects = story_.act(std::move(what), "fujii");
    EXPECT_FALSE(effects.refusal) << to_string(effects.refusal.value_or(Failure{}));
    for (const auto& intent : effects.intents) {
      if (intent.report->audience == Audience::everybody) return *intent.report;
    }
    ADD_FAILURE() << "no report went";
    return {};
  }

 private:
  static void expect_calm(const engine::Effects& effects) {
    EXPECT_FALSE(effects.refusal) << to_string(effects.refusal.value_or(Failure{}));
    for (const Suggestion& one : effects.suggestions) ADD_FAILURE() << name(one.flaw) << ": " << one.words;
  }

  const char* date_;
  Story story_;
};

void expect_golden(const std::string& name, const Report& report) {
  const auto layout = sinks::Layout::make({}, "Asia/Tokyo");
  for (const std::string language : {"ja", "en"}) {
    for (const std::string format : {"text", "html", "slack", "json"}) {
      if (format == "json" && language == "en") continue;  // holds both languages
      const fs::path path = kHere / "testdata" / (name + "." + language + "." + (format == "text" ? "txt" : format));
      const std::string text = *sinks::laid_out(report, format, language, *layout);
      if (std::getenv("IWAKAN_REWRITE") != nullptr) std::ofstream(path) << text;
      EXPECT_EQ(text, read(path)) << path;
    }
  }
}

// Specimen A: payments by card, until the first report.
Day payments() {
  Day day("2031-05-14", "10:05");
  day.by("10:14").fire(kCardPayments, std::chrono::minutes(2));
  day.by("10:18");
  day.states(SummaryField::title,
             {"一部のお客さまが、カードでのお支払いを完了できません", "Some customers cannot complete card payments"});
  day.unknown({"お支払いが二重になった方の有無", "Whether anyone was charged twice"},
              {"経理・開発", "accounting and engineering"}, "11:00");
  day.unknown({"影響を受けたお客さまの人数", "How many customers are affected"}, {"分析", "analytics"}, "11:00");
  day.asks("cs", {"「コンビニ払いはご利用いただけます」とご案内ください",
                  "please tell customers that convenience-store payment is available"});
  day.asks("pr", {"社外への発信は次の報告までお待ちください", "please hold outside messages until the next report"});
  day.by("10:20").act(
      act::AnswerUnknown{"INC-1",
                         "impact",
                         {"10:12 頃から、カードでのお支払いの一部が完了していません。成功率は 61%、通常は 98〜99% です",
                          "Since about 10:12, some card payments do not complete (success 61%, usually 98-99%)"},
                         {"監視 pay-api", "monitor pay-api"},
                         {}});
  day.knows("10:21", FactKind::observation,
            {"コンビニ払い、商品の閲覧、ログインは通常どおりです",
             "Convenience-store payment, browsing and sign-in work as usual"},
            {"佐伯が画面で確認", "checked on screen by Saeki"});
  return day;
}

TEST(Golden, FirstReportA) {
  Day day = payments();
  const Report individual = desk::individual_edition(day.report(day.incident(), ReportKind::first, "10:50"),
                                                     day.organisation().departments[0], day.at("10:26"));
  expect_golden("a_individual", individual);
  day.knows("10:24", FactKind::observation, {"お問い合わせは 14 件です", "14 customer inquiries so far"},
            {"CS 集計", "CS count"});
  day.by("10:26");
  const Report report = day.report(day.incident(), ReportKind::first, "10:50");
  EXPECT_LT(individual.issued_at, report.issued_at);
  expect_golden("a_first", report);
}

TEST(Golden, SecondReportAWithRecovery) {
  Day day = payments();
  day.by("10:26");
  day.everybody_has_read();
  day.knows("10:58", FactKind::action, {"接続上限を元の値に戻しました", "limit restored"}, {"開発", "engineering"});
  day.by("10:58").act(act::SetStatus{"INC-1", IncidentStatus::mitigated, ""}, "fujii");
  day.knows(
      "11:05", FactKind::action,
      {"反映前の自動点検にこの項目を加えました", "this item added to the automatic check before settings are applied"},
      {"開発", "engineering"});
  day.by("11:08").resolve(kCardPayments, day.at("10:12"));
  day.by("11:40");
  day.states(SummaryField::title, {"カードでのお支払いは通常どおりに戻りました", "Card payments are back to normal"});
  day.states(SummaryField::what_happened,
             {"カード決済の接続数が上限に達し、お支払いの一部が時間切れになりました。10:05 "
              "の設定反映のあと、上限が想定より低い状態でした",
              "Connections to card processing reached their limit and some payments timed out. After a setting was "
              "applied at 10:05 the limit was lower than intended"});
  day.states(SummaryField::impact, {"1,284 件のお支払いが一度で完了しませんでした。うち 1,131 件はその後に完了、153 "
                                    "件は未完了です。二重のお支払いは 0 件です（11:35、経理の照合）",
                                    "1,284 payments did not complete at first; 1,131 completed later, 153 did not. "
                                    "Double charges: 0 (accounting check, 11:35)"});
  day.states(SummaryField::scope, {"カード払いのみ（Web・アプリ）。10:12〜10:"
                                   "58。コンビニ払い・過去の注文・個人情報への影響はありません（11:30 確認）",
                                   "Card payments only (web and app), 10:12-10:58. No effect on convenience-store "
                                   "payment, past orders or personal data (checked 11:30)"});
  day.states(SummaryField::recurrence,
             {"同じ条件では低いと見ています。接続数の自動調整（恒久対応）は 5/23 まで。それまで監視を 1 分間隔にします",
              "Low under the same conditions. Automatic adjustment (lasting fix) by 23 May; until then monitoring "
              "every minute"});
  day.states(SummaryField::left, {"未完了の 153 件へ個別のご連絡（CS、本日 15:00 まで）",
                                  "personal notes to the 153 customers (CS, by 15:00 today)"});
  day.states(SummaryField::follow_up, {"障害報告書 5/16、振り返り 5/19（仕組みを良くするための場です）",
                                       "written report 16 May, review 19 May (to improve how we work)"});
  day.asks("cs", {"案内文を通常に戻してください", "return to the usual text"});
  day.asks("pr", {"お知らせ案を 13:00 までに窓口へ", "draft notice to the desk by 13:00"});
  const Report report = day.issued(act::DeclareRecovery{"INC-1", ""});
  EXPECT_TRUE(report.outcome->recovered);
  expect_golden("a_second", report);
}

// Specimen B: an outside service is late.
Day codes() {
  Day day("2031-06-03", "19:25");
  day.by("19:36").fire({{"alertname", "SmsCodesLate"}, {"service", "sms-delivery"}, {"severity", "warning"}},
                       std::chrono::minutes(5));
  day.states(SummaryField::title,
             {"SMS の認証コードが届くまでに時間がかかっています", "SMS sign-up codes are slow to arrive"});
  day.unknown({"会員登録を途中でやめた方の人数", "How many people left sign-up half-way"}, {"分析", "analytics"},
              "20:30");
  day.unknown({"解消の時刻", "When it will clear"}, {"事業者の案内", "the provider"}, nullptr);
  day.asks("cs", {"メール認証をご案内ください", "please offer e-mail verification"});
  day.by("19:45").act(
      act::AnswerUnknown{"INC-1",
                         "impact",
                         {"19:31 頃から、認証コードの到着が遅れています（95% の方で 6 分 40 秒以内、通常 12 秒）",
                          "Since about 19:31 codes arrive late (95% within 6 min 40 s, usually 12 s)"},
                         {"監視 sms-delivery", "monitor sms-delivery"},
                         {}});
  day.knows("19:47", FactKind::workaround, {"メールでの認証はご利用いただけます", "E-mail verification works"},
            {"原が実地で確認", "tried by hand, Hara"});
  day.knows("19:50", FactKind::observation,
            {"配信事業者の案内ページに「19:40 から遅延」とあります",
             "The delivery provider's page says \"delays since 19:40\""},
            {"案内ページを閲覧", "page read"});
  return day;
}

TEST(Golden, FirstReportB) {
  Day day = codes();
  day.by("19:58");
  const Report report = day.report(day.incident(), ReportKind::first, "20:30");
  EXPECT_TRUE(report.unknown.back().no_estimate);
  expect_golden("b_first", report);
}

TEST(Golden, SecondReportBDeclaresNothing) {
  Day day = codes();
  day.by("19:58");
  day.everybody_has_read();
  day.knows("20:24", FactKind::action,
            {"メール認証を最初に表示するよう変更しました（以後の登録完了率は通常の 97%）",
             "e-mail verification shown first (completion since then 97% of usual)"},
            {"開発", "engineering"});
  day.by("21:10");
  day.states(SummaryField::title,
             {"登録は再開できています。SMS の遅れは続いており、復旧宣言はまだ行いません",
              "Sign-up works again by e-mail; SMS is still slow, so recovery is not declared yet"});
  day.states(SummaryField::what_happened, {"社外の配信サービスの遅れにより、認証コードの到着に時間がかかっています",
                                           "Delays in an outside delivery service make codes late"});
  day.states(SummaryField::impact, {"412 名が登録を途中で終えました。うち 96 名は 20:24 以降に完了、316 名は未完了です",
                                    "412 people stopped half-way; 96 finished after 20:24, 316 have not"});
  day.states(SummaryField::scope, {"新規登録の SMS 認証のみ", "SMS verification at sign-up only"});
  day.states(SummaryField::conditions,
             {"到着が 95% の方で 30 秒以内の状態が 30 分続くこと。事業者の案内が「復旧」となり、当番が登録を 1 "
              "件実地で確認すること",
              "95% of codes arrive within 30 s for 30 min, the provider says recovered, and the duty lead completes "
              "one sign-up by hand"});
  const Report report = day.issued(act::IssueReport{"INC-1", ReportKind::second, ""});
  EXPECT_FALSE(report.outcome->recovered);
  EXPECT_TRUE(report.outcome->recurrence.empty());  // being confirmed, and says by when
  expect_golden("b_second", report);
}

}  // namespace
}  // namespace iwakan

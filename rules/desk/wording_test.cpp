// Goal: words that hurt, alarm or mislead are found, and those of the specimens of practice section 3 are not.
#include "desk/wording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::desk {
namespace {

using ::testing::IsEmpty;

std::string flaws(std::string_view text, std::string_view language) {
  std::string all;
  for (const Suggestion& one : suggestions_for(text, language)) {
    EXPECT_FALSE(one.instead.ja.empty());
    EXPECT_FALSE(one.instead.en.empty());
    all += std::string(all.empty() ? "" : ", ") + std::string(name(one.flaw)) + ": " + one.words;
  }
  return all;
}

TEST(Wording, FindsWhatHurtsOrMisleads) {
  EXPECT_EQ(flaws("藤井さんのミスで止まりました", "ja"), "blame: のミス");
  EXPECT_EQ(flaws("開発部のせいです", "ja"), "blame: のせい");
  EXPECT_EQ(flaws("なぜ確認しなかったのでしょうか", "ja"), "blame: なぜ確認しなかった");
  EXPECT_EQ(flaws("Why didn't ops notice?", "en"), "blame: Why didn't");
  EXPECT_EQ(flaws("It was the vendor's fault", "en"), "blame: fault");
  EXPECT_EQ(flaws("絶対に再発しません", "ja"), "certainty: 絶対");
  EXPECT_EQ(flaws("This is definitely over", "en"), "certainty: definitely");
  EXPECT_EQ(flaws("11 時頃に復旧する見込みです", "ja"), "estimate: 復旧する見込み");
  EXPECT_EQ(flaws("11 時頃に復旧する見込みです（藤井の見立て）", "ja"), "");
  EXPECT_EQ(flaws("It will be fixed by noon", "en"), "estimate: will be fixed");
  EXPECT_EQ(flaws("Fujii commits that it will be fixed by noon", "en"), "");
  EXPECT_EQ(flaws("至急ご対応ください！！", "ja"), "urgency: 至急");
  EXPECT_EQ(flaws("Please act ASAP", "en"), "urgency: ASAP");
  EXPECT_EQ(flaws("DO NOT TOUCH anything", "en"), "shouting: DO NOT TOUCH");
  EXPECT_EQ(flaws("SMS codes and the API of PR work", "en"), "");
  EXPECT_EQ(flaws("db01.prod.example が応答しません", "ja"), "jargon: db01.prod.example");
  EXPECT_EQ(flaws("web-03 does not answer", "en"), "jargon: web-03");
  EXPECT_EQ(flaws("10.0.4.17 is down", "en"), "jargon: 10.0.4.17");
  EXPECT_EQ(flaws("NullPointerException in the cart", "en"), "jargon: Exception");
  EXPECT_EQ(flaws("影響は 153 です", "ja"), "no_unit: 153");
  EXPECT_EQ(flaws("We saw 153.", "en"), "no_unit: 153");
  EXPECT_EQ(flaws("お支払いの一部が完了していない状態が続いており、お問い合わせが増えているため"
                  "、担当の部署で状況を確認しながらご案内の文面を見直しています",
                  "ja")
                .substr(0, 10),
            "long_text:");
  EXPECT_EQ(flaws("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                  "seventeen eighteen nineteen twenty and one and two and three",
                  "en")
                .substr(0, 10),
            "long_text:");
}

TEST(Wording, LeavesTheSpecimensAlone) {
  for (const char* text :
       {"10:12 頃から、カードでのお支払いの一部が完了していません（成功率 61%、通常 98〜99%）",
        "お問い合わせは 14 件です", "一部のお客さまが、カードでのお支払いを完了できません",
        "お支払いが二重になった方の有無",
        ("カード決済の接続数が上限に達し、お支払いの一部が時間切れになりました。10:05 "
         "の設定反映のあと、上限が想定より低い状態でした"),
        ("1,284 件のお支払いが一度で完了しませんでした。うち 1,131 件はその後に完了、153 "
         "件は未完了です。二重のお支払いは 0 件です"),
        "同じ条件では低いと見ています。接続数の自動調整（恒久対応）は 5/23 まで。それまで監視を 1 分間隔にします",
        "あり。社外サービスの状態によります。切り替えの自動化を 6/20 までに検討します",
        "認証コードの到着が遅れています（95% の方で 6 分 40 秒以内、通常 12 秒）",
        "412 名が登録を途中で終えました。うち 96 名は 20:24 以降に完了、316 名は未完了です",
        "11 時台に 2 名ほど応援が必要になりそうです。可否を 10:40 までに窓口（水野）へお願いします"}) {
    EXPECT_THAT(flaws(text, "ja"), IsEmpty());
  }
  for (const char* text :
       {"Since about 10:12, some card payments do not complete (success 61%, usually 98-99%)",
        "14 customer inquiries so far",
        ("Connections to card processing reached their limit and some payments timed out. After a setting was "
         "applied at 10:05 the limit was lower than intended"),
        "1,284 payments did not complete at first; 1,131 completed later, 153 did not. Double charges: 0",
        ("Low under the same conditions. Automatic adjustment (lasting fix) by 23 May; until then monitoring every "
         "minute"),
        "Codes arrive late (95% within 6 min 40 s, usually 12 s)",
        "412 people stopped half-way; 96 finished after 20:24, 316 have not",
        ("95% of codes arrive within 30 s for 30 min, the provider says recovered, and the duty lead completes one "
         "sign-up by hand"),
        "When it will clear"}) {
    EXPECT_THAT(flaws(text, "en"), IsEmpty());
  }
}

TEST(Wording, OneTextForBothLanguagesIsReadOnce) {
  EXPECT_EQ(suggestions_for(same_in_all("it was a careless change")).size(), 1U);
  EXPECT_EQ(suggestions_for(same_in_all("藤井のミス")).front().language, "ja");
  EXPECT_EQ(suggestions_for(Sentence{"藤井のミス", "Fujii's mistake"}).size(), 2U);
  EXPECT_THAT(suggestions_for(Sentence{}), IsEmpty());
  EXPECT_THAT(flaws("\xff\xfe \xe3\x81", "ja"), IsEmpty());
}

}  // namespace
}  // namespace iwakan::desk

#include "http/slack_command/reply.hpp"

namespace iwakan::http::slack_command {
namespace {

Sentence line_of(const Answer& answer, const std::string& at) {
  switch (answer.ground) {
    case Ground::fact:
      return {"分かっています：" + answer.text.ja + "（" + at + " 時点、" + answer.who.ja + "）",
              "Known: " + answer.text.en + " (" + at + ", " + answer.who.en + ")"};
    case Ground::unknown:
      if (answer.at == kZeroTime) {
        return {"まだ分かっていません：" + answer.text.ja + "（" + answer.who.ja +
                    "。いつ分かるかは、まだお伝えできません）",
                "Not known yet: " + answer.text.en + " (" + answer.who.en + "; nobody can say yet when it will be)"};
      }
      return {"まだ分かっていません：" + answer.text.ja + "（" + answer.who.ja + "が確認中、" + at + " まで）",
              "Not known yet: " + answer.text.en + " (" + answer.who.en + " is checking, by " + at + ")"};
    case Ground::next_report:
      return {answer.text.ja + "。次の報告は " + at + " までに届きます",
              answer.text.en + ". The next report comes by " + at};
    case Ground::person:
      return {answer.text.ja + "（" + answer.who.ja + "、" + at + "）",
              answer.text.en + " (" + answer.who.en + ", " + at + ")"};
  }
  return {};
}

}  // namespace

Sentence reply_to(const Question& question, const sinks::Zone& zone) {
  const std::string number = "Q" + std::to_string(question.number);
  Sentence reply{number + "　" + question.text, number + "  " + question.text};
  for (const Answer& answer : question.answers) {
    const std::string at = zone.clock(answer.at) + " " + zone.abbreviation(answer.at);
    const Sentence line = line_of(answer, at);
    reply.ja += "\n" + line.ja;
    reply.en += "\n" + line.en;
  }
  if (!question.answers.empty()) return reply;
  reply.ja += "\n窓口がお預かりしました。答えが出たら、尋ねた方みなさんへ一度にお知らせします。";
  reply.en += "\nThe desk has it. When there is an answer, everybody who asked is told, once.";
  return reply;
}

Sentence how_to() {
  return {
      "`ask 質問` … 問い合わせ窓口に聞きます。分かっていることはすぐに答えます\n"
      "`person 質問` … 人に聞きます（上の答えで足りないとき）\n"
      "`note できごと` … 経緯に書き留めます\n"
      "いくつも起きているときは、先に番号を：`ask INC-17 返金はできますか`",
      "`ask QUESTION` … asks the question desk; what is known is answered at once\n"
      "`person QUESTION` … asks a person, when that was not enough\n"
      "`note TEXT` … writes a line into the timeline\n"
      "When several incidents are open, name one first: `ask INC-17 May we promise refunds?`"};
}

}  // namespace iwakan::http::slack_command

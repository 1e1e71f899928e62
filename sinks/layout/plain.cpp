#include "sinks/layout/plain.hpp"

namespace iwakan::sinks {
namespace {

void put_individual_ja(const View& view, std::string& text) {
  text += "【先行共有・個別】" + view.text("addressee") + "　" + view.text("issued") + "　" + view.text("incident") +
          " レベル" + view.text("level") + "\n";
  text += view.text("everybody_at") + " までに全体へ第一報を出します。その前に、部署で予想されることをお伝えします。\n";
  for (const Texts& item : view.list("to_expect")) text += "・" + item.find("line")->second + "\n";
  if (view.flag("has_next")) {
    text +=
        "・皆さんへは「確認中です。次は " + view.text("next") + " までに連絡が来ます」とお伝えいただければ十分です\n";
  }
  text +=
      "・お読みになったら： iwakanctl incident ack " + view.text("incident") + " --as " + view.text("person") + "\n\n";
}

void put_individual_en(const View& view, std::string& text) {
  text += "[Ahead of the all-hands note - for you only] To: " + view.text("addressee") + "   " + view.text("issued") +
          "   " + view.text("incident") + ", Level " + view.text("level") + "\n";
  text += "The first report goes to everyone by " + view.text("everybody_at") +
          ". Before that, what your team is likely to meet:\n";
  for (const Texts& item : view.list("to_expect")) text += "- " + item.find("line")->second + "\n";
  if (view.flag("has_next")) {
    text += "- It is enough to tell your team: \"It is being looked into. The next note comes by " + view.text("next") +
            ".\"\n";
  }
  text += "- When you have read this: iwakanctl incident ack " + view.text("incident") + " --as " +
          view.text("person") + "\n\n";
}

std::string japanese(const View& view) {
  const Words& words = words_in("ja");
  const std::string heading = view.flag("drill") ? "【訓練】■ " : "■ ";
  std::string text;
  if (view.flag("maybe_repeat")) text += "（再送の可能性があります）\n";
  if (view.flag("individual")) put_individual_ja(view, text);
  text += view.text("headline") + "\n" + view.text("issued") + "　第" + view.text("version") + "版";
  text += view.flag("not_a_drill") ? "　訓練ではありません\n" : "\n";
  const auto head = [&](std::string_view word) { text += heading + std::string(word); };
  head(words.known);
  text += "\n";
  for (const Texts& item : view.list("known")) {
    text +=
        "・" + item.find("what")->second + "（" + item.find("at")->second + "、" + item.find("source")->second + "）\n";
  }
  head(words.unknown);
  text += "\n";
  for (const Texts& item : view.list("unknown")) {
    text += "・" + item.find("what")->second + "（" + item.find("checker")->second + "が確認中。" +
            item.find("due")->second + " まで）\n";
  }
  head(words.asks);
  text += "\n";
  for (const Texts& item : view.list("asks"))
    text += "・" + item.find("of")->second + "：" + item.find("what")->second + "\n";
  head(words.responders);
  text += "　" + view.text("responders_line") + "\n";
  head(words.contact);
  text += "　" + view.text("contact") + "\n";
  if (view.flag("has_unconfirmed")) {
    head(words.unconfirmed);
    text += "　" + view.text("unconfirmed_line") + "\n";
  }
  if (view.flag("has_next")) {
    head(words.next);
    text += "　" + view.text("next") + " まで（進展がなくてもお知らせします）\n";
  }
  if (view.flag("has_url")) text += "経過： " + view.text("url") + "\n";
  return text;
}

std::string english(const View& view) {
  const Words& words = words_in("en");
  const std::string heading = view.flag("drill") ? "[DRILL] " : "";
  std::string text;
  if (view.flag("maybe_repeat")) text += "(This may be a repeat.)\n";
  if (view.flag("individual")) put_individual_en(view, text);
  text += view.text("headline") + "\n" + view.text("issued") + ", version " + view.text("version");
  text += view.flag("not_a_drill") ? ". This is not a drill.\n" : "\n";
  const auto head = [&](std::string_view word) { text += heading + std::string(word); };
  head(words.known);
  text += "\n";
  for (const Texts& item : view.list("known")) {
    text +=
        "- " + item.find("what")->second + " (" + item.find("at")->second + ", " + item.find("source")->second + ")\n";
  }
  head(words.unknown);
  text += "\n";
  for (const Texts& item : view.list("unknown")) {
    text += "- " + item.find("what")->second + " (" + item.find("checker")->second + "; by " +
            item.find("due")->second + ")\n";
  }
  head(words.asks);
  text += "\n";
  for (const Texts& item : view.list("asks"))
    text += "- " + item.find("of")->second + ": " + item.find("what")->second + "\n";
  head(words.responders);
  text += "  " + view.text("responders_line") + "\n";
  head(words.contact);
  text += "  " + view.text("contact") + "\n";
  if (view.flag("has_unconfirmed")) {
    head(words.unconfirmed);
    text += "  " + view.text("unconfirmed_line") + "\n";
  }
  if (view.flag("has_next")) {
    head(words.next);
    text += "  by " + view.text("next") + ", even if nothing has changed.\n";
  }
  if (view.flag("has_url")) text += "Timeline: " + view.text("url") + "\n";
  return text;
}

}  // namespace

std::string plain_text(const View& view, std::string_view language) {
  return language == "ja" ? japanese(view) : english(view);
}

}  // namespace iwakan::sinks

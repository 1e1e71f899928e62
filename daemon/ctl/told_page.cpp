#include "ctl/told_page.hpp"

#include "ctl/json.hpp"

namespace iwakan::ctl {

std::string told_page(const boost::json::value& answer, const Style& style) {
  std::string text(style.words("記録しました。\n", "Recorded.\n"));
  const boost::json::array& suggestions = items_at(answer, "suggestions");
  if (suggestions.empty()) return text;
  text += style.words("書かれたとおりに残しました。言い回しの提案があります：\n",
                      "Kept as it was written. There are suggestions about its words:\n");
  for (const boost::json::value& suggestion : suggestions) {
    const std::string words = painted(plain(text_at(suggestion, "words")), Colour::yellow, style);
    const std::string instead = plain(said(member(suggestion, "instead"), style.language));
    text +=
        style.language == "ja" ? "  「" + words + "」 → " + instead + "\n" : "  \"" + words + "\": " + instead + "\n";
  }
  return text;
}

}  // namespace iwakan::ctl

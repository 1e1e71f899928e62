#include "desk/wording.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "model/ascii.hpp"

namespace iwakan::desk {
namespace {

constexpr std::size_t kSentenceCharactersMax = 60;  // ja
constexpr std::size_t kSentenceWordsMax = 25;       // en
constexpr std::size_t kQuotedMax = 60;              // bytes of a long sentence that are quoted

// What was found, and where in the text.
struct Found {
  std::size_t at = 0;
  Suggestion suggestion;
};

struct Phrase {
  std::string_view words;
  WordingFlaw flaw;
};

constexpr std::array kJapanese{
    Phrase{"のミス", WordingFlaw::blame},         Phrase{"のせい", WordingFlaw::blame},
    Phrase{"人為ミス", WordingFlaw::blame},       Phrase{"ケアレスミス", WordingFlaw::blame},
    Phrase{"の不注意", WordingFlaw::blame},       Phrase{"の怠慢", WordingFlaw::blame},
    Phrase{"が悪い", WordingFlaw::blame},         Phrase{"の責任", WordingFlaw::blame},
    Phrase{"やらかし", WordingFlaw::blame},       Phrase{"絶対", WordingFlaw::certainty},
    Phrase{"間違いなく", WordingFlaw::certainty}, Phrase{"確実に", WordingFlaw::certainty},
    Phrase{"に違いな", WordingFlaw::certainty},   Phrase{"に違いあ", WordingFlaw::certainty},
    Phrase{"明らかに", WordingFlaw::certainty},   Phrase{"大至急", WordingFlaw::urgency},
    Phrase{"至急", WordingFlaw::urgency},         Phrase{"緊急", WordingFlaw::urgency},
    Phrase{"直ちに", WordingFlaw::urgency},       Phrase{"ただちに", WordingFlaw::urgency},
    Phrase{"今すぐ", WordingFlaw::urgency},       Phrase{"早急に", WordingFlaw::urgency},
    Phrase{"！！", WordingFlaw::urgency},         Phrase{"!!", WordingFlaw::urgency},
};

// In lower case; each begins at the beginning of a word.
constexpr std::array kEnglish{
    Phrase{"fault", WordingFlaw::blame},
    Phrase{"mistake", WordingFlaw::blame},
    Phrase{"human error", WordingFlaw::blame},
    Phrase{"careless", WordingFlaw::blame},
    Phrase{"to blame", WordingFlaw::blame},
    Phrase{"forgot to", WordingFlaw::blame},
    Phrase{"should have", WordingFlaw::blame},
    Phrase{"why didn't", WordingFlaw::blame},
    Phrase{"why did not", WordingFlaw::blame},
    Phrase{"definitely", WordingFlaw::certainty},
    Phrase{"certainly", WordingFlaw::certainty},
    Phrase{"obviously", WordingFlaw::certainty},
    Phrase{"undoubtedly", WordingFlaw::certainty},
    Phrase{"guaranteed", WordingFlaw::certainty},
    Phrase{"without a doubt", WordingFlaw::certainty},
    Phrase{"urgent", WordingFlaw::urgency},
    Phrase{"immediately", WordingFlaw::urgency},
    Phrase{"asap", WordingFlaw::urgency},
    Phrase{"right now", WordingFlaw::urgency},
    Phrase{"emergency", WordingFlaw::urgency},
    Phrase{"!!", WordingFlaw::urgency},
};

constexpr std::array kJargon{std::string_view("Exception"),   std::string_view("Traceback"),
                             std::string_view("stack trace"), std::string_view("スタックトレース"),
                             std::string_view(".java:"),      std::string_view(".py\", line"),
                             std::string_view(".cpp:"),       std::string_view("segfault"),
                             std::string_view("0x")};

Sentence instead_of(WordingFlaw flaw) {
  switch (flaw) {
    case WordingFlaw::blame:
      return {"人ではなく、条件や変更を書く（例：確認の手順にこの項目がありませんでした）",
              "name the condition or the change, not a person (\"the check did not cover this setting\")"};
    case WordingFlaw::certainty:
      return {"確認できたことと、その時刻・出どころを書く", "say what was confirmed, when, and by whom"};
    case WordingFlaw::estimate:
      return {"見込みは約束した人の名前とともに書くか、次の報告の時刻を書く",
              "name the person who commits to it, or give the time of the next report"};
    case WordingFlaw::urgency: return {"いつまでに何を、を時刻で書く", "say what is needed by which clock time"};
    case WordingFlaw::shouting: return {"小文字で書く", "write it in lower case"};
    case WordingFlaw::jargon:
      return {"お客さまの目に見えることで書く（機器や部品の名前は記録へ）",
              "say what people see; names of machines belong in a note"};
    case WordingFlaw::long_text: return {"文を分ける（1 文 60 字まで）", "make two sentences of it (25 words at most)"};
    case WordingFlaw::no_unit: return {"数に単位をつける（件、名、分など）", "say of what: payments, people, minutes"};
  }
  return {};
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
bool is_first_byte(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

bool holds(std::string_view text, std::span<const std::string_view> any) {
  return std::any_of(any.begin(), any.end(),
                     [text](std::string_view one) { return text.find(one) != std::string_view::npos; });
}

// One text in one language.
class Reader {
 public:
  Reader(std::string_view text, std::string_view language)
      : text_(text), small_(ascii_lower(text)), language_(language), ja_(language == "ja") {}

  std::vector<Suggestion> read() {
    phrases();
    why_not();
    estimates();
    shouting();
    jargon();
    long_sentences();
    numbers();
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.at < b.at; });
    std::vector<Suggestion> suggestions;
    for (Found& found : found_) suggestions.push_back(std::move(found.suggestion));
    return suggestions;
  }

 private:
  void find(WordingFlaw flaw, std::size_t at, std::size_t length) {
    const bool known =
        std::any_of(found_.begin(), found_.end(), [flaw](const Found& found) { return found.suggestion.flaw == flaw; });
    if (known) return;
    std::string words(text_.substr(at, length));
    found_.push_back({at, {flaw, std::string(language_), std::move(words), instead_of(flaw)}});
  }

  bool begins_word(std::size_t at) const { return at == 0 || !is_letter(text_[at - 1]); }
  std::size_t word_end(std::size_t at) const {
    while (at < text_.size() && is_letter(text_[at])) ++at;
    return at;
  }

  void phrases() {
    if (ja_) {
      for (const Phrase& phrase : kJapanese) {
        const std::size_t at = text_.find(phrase.words);
        if (at != std::string_view::npos) find(phrase.flaw, at, phrase.words.size());
      }
      return;
    }
    for (const Phrase& phrase : kEnglish) {
      for (std::size_t at = small_.find(phrase.words); at != std::string::npos;
           at = small_.find(phrase.words, at + 1)) {
        if (!begins_word(at) && is_letter(phrase.words.front())) continue;
        find(phrase.flaw, at, std::max(word_end(at + phrase.words.size()) - at, phrase.words.size()));
      }
    }
  }

  // 「なぜ…しなかった」
  void why_not() {
    for (const std::string_view why : {std::string_view("なぜ"), std::string_view("どうして")}) {
      const std::size_t at = text_.find(why);
      const std::size_t not_done = at == std::string_view::npos ? at : text_.find("なかった", at);
      if (not_done != std::string_view::npos)
        find(WordingFlaw::blame, at, not_done + std::string_view("なかった").size() - at);
    }
  }

  // When it will be over, without a person who says so.
  void estimates() {
    if (ja_) {
      constexpr std::array kNamed{
          std::string_view("さん"),   std::string_view("の見立て"),           std::string_view("の約束"),
          std::string_view("の判断"), std::string_view("見込みは書きません"), std::string_view("見込みはまだ")};
      if (holds(text_, kNamed)) return;
      for (const std::string_view what : {"復旧", "解消", "回復", "直る"}) {
        const std::size_t at = text_.find(what);
        if (at == std::string_view::npos) continue;
        for (const std::string_view guess : {"見込み", "予定", "はず", "でしょう", "そうです", "思われ"}) {
          const std::size_t end = text_.find(guess, at);
          if (end != std::string_view::npos && end - at < 90) find(WordingFlaw::estimate, at, end + guess.size() - at);
        }
      }
      return;
    }
    constexpr std::array kNamed{std::string_view("according to"), std::string_view(" says"), std::string_view("commit"),
                                std::string_view("promise"), std::string_view("no estimate")};
    if (holds(small_, kNamed)) return;
    for (const std::string_view guess : {"will be fixed",
                                         "will be back",
                                         "will be resolved",
                                         "will be restored",
                                         "will recover",
                                         "should be fixed",
                                         "should be back",
                                         "should be resolved",
                                         "should be restored",
                                         "should recover",
                                         "expected to recover",
                                         "expected to be fixed",
                                         "expected to be resolved",
                                         "expected to be back",
                                         "be over soon",
                                         "fixed soon",
                                         "back soon",
                                         "resolved soon",
                                         "recovery is expected",
                                         "eta "}) {
      const std::size_t at = small_.find(guess);
      if (at != std::string::npos && begins_word(at)) find(WordingFlaw::estimate, at, guess.size());
    }
  }

  // Words of capitals side by side, or a long one. Abbreviations stand alone and are short.
  void shouting() {
    std::size_t words = 0;
    std::size_t first = 0;
    for (std::size_t at = 0; at < text_.size();) {
      if (!is_letter(text_[at])) {
        if (text_[at] != ' ') words = 0;
        ++at;
        continue;
      }
      const std::size_t end = word_end(at);
      const std::string_view word = text_.substr(at, end - at);
      const bool loud = word.size() >= 2 && std::all_of(word.begin(), word.end(), is_upper);
      words = loud ? words + 1 : 0;
      if (words == 1) first = at;
      if (words >= 3 || (words >= 2 && end - first > 8) || (loud && word.size() >= 7))
        find(WordingFlaw::shouting, first, end - first);
      at = end;
    }
  }

  // Host names have digits and hyphens or three parts with dots; addresses have four numbers.
  void jargon() {
    for (const std::string_view trace : kJargon) {
      const std::size_t at = text_.find(trace);
      if (at != std::string_view::npos) find(WordingFlaw::jargon, at, trace.size());
    }
    const auto in_token = [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '/' || c == '@' ||
             c == '#';
    };
    for (std::size_t at = 0; at < text_.size();) {
      if (!in_token(text_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text_.size() && in_token(text_[end])) ++end;
      std::string_view token = text_.substr(at, end - at);
      while (!token.empty() && (token.back() == '.' || token.back() == ':')) token.remove_suffix(1);
      if (is_machine(token)) find(WordingFlaw::jargon, at, token.size());
      at = end;
    }
  }

  static bool is_machine(std::string_view token) {
    if (token.find_first_of("@#/") != std::string_view::npos) return false;
    const auto letters = std::count_if(token.begin(), token.end(), is_letter);
    const auto digits = std::count_if(token.begin(), token.end(), is_digit);
    const auto dots = std::count(token.begin(), token.end(), '.');
    if (token.starts_with("INC-")) return false;
    if (dots == 3 && letters == 0 && digits > 3) return true;
    if (dots >= 2 && letters >= 3) return true;
    const std::size_t hyphen = token.find('-');
    return hyphen != std::string_view::npos && hyphen > 0 && is_letter(token.front()) && digits > 0 && letters >= 2;
  }

  void long_sentences() {
    std::size_t begin = 0;
    std::size_t length = 0;  // characters, or words
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (!is_first_byte(text_[at])) continue;
      const bool begins = text_[at] != ' ' && (at == 0 || text_[at - 1] == ' ');
      if (ja_ || begins) ++length;
      if (length > (ja_ ? kSentenceCharactersMax : kSentenceWordsMax)) {
        std::size_t quoted = std::min(kQuotedMax, text_.size() - begin);
        while (quoted > 0 && begin + quoted < text_.size() && !is_first_byte(text_[begin + quoted])) --quoted;
        return find(WordingFlaw::long_text, begin, quoted);
      }
      if (!ends_sentence(at)) continue;
      length = 0;
      begin = at + 1;
      while (begin < text_.size() && (!is_first_byte(text_[begin]) || text_[begin] == ' ')) ++begin;
    }
  }

  bool ends_sentence(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    if (rest.starts_with("。") || rest.starts_with("！") || rest.starts_with("？") || rest.starts_with("\n"))
      return true;
    const bool mark = rest[0] == '.' || rest[0] == '!' || rest[0] == '?' || rest[0] == ';';
    return mark && (rest.size() == 1 || rest[1] == ' ');
  }

  void numbers() {
    for (std::size_t at = 0; at < text_.size();) {
      if (!is_digit(text_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      const auto goes_on = [&](std::size_t i) {
        return is_digit(text_[i]) ||
               (i + 1 < text_.size() &&
                (text_[i] == ',' || text_[i] == '.' || text_[i] == ':' || text_[i] == '/' || text_[i] == '-') &&
                is_digit(text_[i + 1]));
      };
      while (end < text_.size() && goes_on(end)) ++end;
      if (!says_of_what(at, end)) find(WordingFlaw::no_unit, at, end - at);
      at = end;
    }
  }

  // Times, dates, numbered things and labelled counts say it themselves; other numbers by what follows.
  bool says_of_what(std::size_t begin, std::size_t end) const {
    const std::string_view number = text_.substr(begin, end - begin);
    if (number.find_first_of(":/") != std::string_view::npos || std::count(number.begin(), number.end(), '-') == 2)
      return true;
    std::string_view before = text_.substr(0, begin);
    if (before.ends_with('#') || before.ends_with('-') || (!before.empty() && is_letter(before.back()))) return true;
    while (before.ends_with(' ')) before.remove_suffix(1);
    constexpr std::array kLabels{std::string_view("レベル"),  std::string_view("内線"),  std::string_view("："),
                                 std::string_view("第"),      std::string_view("Level"), std::string_view("level"),
                                 std::string_view("version"), std::string_view("ext."),  std::string_view(":")};
    if (std::any_of(kLabels.begin(), kLabels.end(),
                    [before](std::string_view label) { return before.ends_with(label); }))
      return true;
    std::string_view after = text_.substr(end);
    while (after.starts_with(' ')) after.remove_prefix(1);
    if (after.empty()) return false;
    if (is_letter(after.front()) || after.front() == '%' || after.front() == '-') return true;
    if (is_ascii(after.front())) return false;
    constexpr std::array kMarks{std::string_view("。"), std::string_view("、"), std::string_view("）"),
                                std::string_view("」"), std::string_view("（"), std::string_view("！"),
                                std::string_view("？"), std::string_view("／"), std::string_view("で"),
                                std::string_view("は"), std::string_view("が"), std::string_view("に"),
                                std::string_view("を")};
    return std::none_of(kMarks.begin(), kMarks.end(),
                        [after](std::string_view mark) { return after.starts_with(mark); });
  }

  std::string_view text_;
  std::string small_;
  std::string_view language_;
  bool ja_;
  std::vector<Found> found_;
};

}  // namespace

std::vector<Suggestion> suggestions_for(std::string_view text, std::string_view language) {
  return Reader(text, language).read();
}

std::vector<Suggestion> suggestions_for(const Sentence& text) {
  std::vector<Suggestion> all;
  // One text for both languages is read once, as what it is.
  if (text.ja == text.en) {
    const bool plain = std::all_of(text.en.begin(), text.en.end(), is_ascii);
    return suggestions_for(text.en, plain ? "en" : "ja");
  }
  for (const auto& [words, language] : {std::pair(&text.ja, "ja"), std::pair(&text.en, "en")}) {
    std::vector<Suggestion> found = suggestions_for(*words, language);
    all.insert(all.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return all;
}

}  // namespace iwakan::desk

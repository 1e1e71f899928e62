#include "desk/question_match.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace iwakan::desk {
namespace {

constexpr double kSame = 0.7;
constexpr double kCovers = 0.5;

constexpr std::array<std::string_view, 62> kEmptyWords{
    "a",    "about", "an",   "and",   "any",  "are",   "as",   "at",    "be",    "been", "by",  "can",    "could",
    "did",  "do",    "does", "for",   "from", "has",   "have", "how",   "i",     "in",   "is",  "it",     "its",
    "many", "me",    "much", "my",    "no",   "not",   "of",   "on",    "or",    "our",  "out", "please", "so",
    "some", "still", "tell", "that",  "the",  "their", "them", "there", "they",  "this", "to",  "was",    "we",
    "were", "what",  "when", "which", "who",  "why",   "will", "with",  "would", "you"};

// What people ask when they ask for an end.
constexpr std::string_view kAsksForTheEnd =
    "復旧 復旧時刻 解消 復旧見込み 見込み 直る 次の報告 続報 目処 目途 fix fixed recovered recovery resolved over back "
    "normal eta estimate next report update long soon until";

bool is_hiragana(std::uint32_t c) {
  return c >= 0x3040 && c <= 0x309F;
}

bool is_letter(std::uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  const bool punctuation = (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3004) ||
                           (c >= 0x3007 && c <= 0x3030) || (c >= 0xFF00 && c <= 0xFF0F) ||
                           (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFF3B && c <= 0xFF40) ||
                           (c >= 0xFF5B && c <= 0xFF65) || c == 0x30FB || (c >= 0x80 && c <= 0xBF);
  return !punctuation;
}

// Written without spaces between words.
bool is_japanese(std::uint32_t c) {
  return (c >= 0x3005 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000;
}

struct Character {
  std::uint32_t code = 0;
  std::string_view bytes;
};

// The next character; a byte that begins none stands for itself.
Character next(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  const std::string_view bytes = text.substr(0, std::min(length, text.size()));
  text.remove_prefix(bytes.size());
  std::uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (const char byte : bytes.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
  if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
  return {code, bytes};
}

void take_off(std::string& word, std::string_view ending, std::size_t left_at_least) {
  if (word.ends_with(ending) && word.size() >= ending.size() + left_at_least) word.resize(word.size() - ending.size());
}

void add_word(std::string word, Terms& terms) {
  if (word.empty() || std::find(kEmptyWords.begin(), kEmptyWords.end(), word) != kEmptyWords.end()) return;
  if (!word.ends_with("ss")) take_off(word, "s", 3);
  take_off(word, "ing", 3);
  take_off(word, "ed", 3);
  take_off(word, "e", 3);
  terms.insert(std::move(word));
}

void add_run(const std::vector<std::string_view>& run, Terms& terms) {
  if (run.size() == 1) terms.emplace(run.front());
  for (std::size_t i = 1; i < run.size(); ++i) terms.insert(std::string(run[i - 1]) + std::string(run[i]));
}

struct Match {
  double share = 0;
  Answer answer;
};

void keep_better(std::optional<Match>& found, const Terms& asked, const Sentence& text, Answer answer) {
  Terms terms = terms_of(text.ja);
  terms.merge(terms_of(text.en));
  const double share = covered(asked, terms);
  if (share >= kCovers && (!found || share > found->share)) found = Match{share, std::move(answer)};
}

Answer of_next_report(const Report& report) {
  return {Ground::next_report,
          {"復旧の時刻は、確かめられるまでお伝えしません", "No time of recovery is given until it is certain"},
          report.next_report_at.value_or(report.issued_at),
          {}};
}

}  // namespace

Terms terms_of(std::string_view text) {
  Terms terms;
  std::string word;
  std::vector<std::string_view> run;  // of Japanese characters that are no hiragana
  const auto end_word = [&] { add_word(std::exchange(word, {}), terms); };
  const auto end_run = [&] { add_run(std::exchange(run, {}), terms); };
  while (!text.empty()) {
    const Character character = next(text);
    const bool letter = is_letter(character.code);
    const bool japanese = letter && is_japanese(character.code);
    if (!letter || japanese) end_word();
    if (!japanese || is_hiragana(character.code)) end_run();
    if (japanese && !is_hiragana(character.code)) run.push_back(character.bytes);
    if (!letter || japanese) continue;
    if (character.code < 0x80) {
      word.push_back(static_cast<char>(character.code));
    } else {
      word += character.bytes;
    }
  }
  end_word();
  end_run();
  return terms;
}

double covered(const Terms& asked, const Terms& by) {
  if (asked.empty()) return 0;
  const auto shared = std::count_if(asked.begin(), asked.end(), [&by](const auto& term) { return by.contains(term); });
  return static_cast<double>(shared) / static_cast<double>(asked.size());
}

bool asks_the_same(std::string_view one, std::string_view other) {
  if (one == other) return true;
  const Terms first = terms_of(one);
  const Terms second = terms_of(other);
  if (first.empty() || second.empty()) return false;
  const double shared = covered(first, second) * static_cast<double>(first.size());
  return 2 * shared / static_cast<double>(first.size() + second.size()) >= kSame;
}

std::vector<Answer> known_answers(std::string_view question, const Report& report) {
  const Terms asked = terms_of(question);
  if (asked.empty()) return {of_next_report(report)};
  std::optional<Match> fact;
  for (const KnownFact& known : report.known) {
    keep_better(fact, asked, known.what, {Ground::fact, known.what, known.at, known.source});
  }
  std::optional<Match> open;
  for (const OpenQuestion& unknown : report.unknown) {
    const bool no_time = unknown.no_estimate || unknown.overdue;
    keep_better(open, asked, unknown.what,
                {Ground::unknown, unknown.what, no_time ? kZeroTime : unknown.due, unknown.checker});
  }
  std::vector<Answer> answers;
  if (fact) answers.push_back(std::move(fact->answer));
  if (open) answers.push_back(std::move(open->answer));
  if (answers.empty() && covered(asked, terms_of(kAsksForTheEnd)) >= kCovers) {
    answers.push_back(of_next_report(report));
  }
  return answers;
}

}  // namespace iwakan::desk

#include "engine/matcher.hpp"

#include <algorithm>

#include <re2/re2.h>

namespace iwakan::engine {
namespace {

// Programs of up to 500 instructions were fast on every text tried; one of 18,005 took 47.9 s.
constexpr int kProgramSizeMax = 500;
constexpr std::size_t kValueBytesMax = 4096;

Failure not_a_matcher(std::string_view text, std::string_view why) {
  return {Reason::malformed,
          "not a matcher: " + std::string(text.substr(0, 128)) + " (" + std::string(why) +
              "); write label=\"value\", label!=\"value\", label=~\"expression\" or label!~\"expression\"",
          {}};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "…" with \" and \\ inside, or a bare word.
Result<std::string> unquote(std::string_view text, std::string_view whole) {
  if (text.empty() || text.front() != '"') return std::string(text);
  if (text.size() < 2 || text.back() != '"') return not_a_matcher(whole, "the quotes are not closed");
  std::string value;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    value.push_back(text[i]);
  }
  return value;
}

}  // namespace

Result<Matcher> Matcher::parse(std::string_view text) {
  const std::size_t sign = text.find_first_of("=!");
  if (sign == std::string_view::npos || sign == 0) return not_a_matcher(text, "no label or no sign");
  const std::string_view sign_text = text.substr(sign, 2);
  const bool negated = text[sign] == '!';
  const bool expression = sign_text == "=~" || sign_text == "!~";
  if (negated && !expression && sign_text != "!=") return not_a_matcher(text, "! must be followed by = or ~");

  Matcher matcher;
  matcher.text_ = std::string(text);
  matcher.label_ = std::string(trim(text.substr(0, sign)));
  matcher.negated_ = negated;
  const std::string_view rest = trim(text.substr(sign + (expression || negated ? 2 : 1)));
  Result<std::string> value = unquote(rest, text);
  if (!value) return value.error();
  matcher.value_ = *std::move(value);
  if (!expression) return matcher;

  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<RE2>(matcher.value_, options);
  if (!compiled->ok()) return not_a_matcher(text, compiled->error());
  if (compiled->ProgramSize() > kProgramSizeMax) {
    return not_a_matcher(text, "the expression is too costly on long texts; use fewer or smaller repetitions");
  }
  matcher.expression_ = std::move(compiled);
  return matcher;
}

bool Matcher::matches(const Alert& alert) const {
  const std::string_view value = alert.label(label_);
  if (!expression_) return (value == value_) != negated_;
  const std::string_view head = value.substr(0, kValueBytesMax);
  return RE2::FullMatch(re2::StringPiece(head.data(), head.size()), *expression_) != negated_;
}

bool all_match(const std::vector<Matcher>& matchers, const Alert& alert) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) { return matcher.matches(alert); });
}

std::string text_of(const std::vector<Matcher>& matchers) {
  std::string text;
  for (const Matcher& matcher : matchers) text += (text.empty() ? "" : ", ") + matcher.text();
  return text;
}

std::vector<Matcher> parse_matchers(Fields& fields) {
  std::vector<Matcher> matchers;
  const std::vector<std::string> texts = fields.texts("match");
  for (const std::string& text : texts) {
    if (auto matcher = Matcher::parse(text)) {
      matchers.push_back(*std::move(matcher));
    } else {
      complain(fields.complaints(), *fields.child("match"), matcher.error().detail);
    }
  }
  if (texts.empty()) {
    complain(fields.complaints(), fields.setting(), "nothing says which alerts are meant",
             "add match: ['severity=\"critical\"']");
  }
  return matchers;
}

}  // namespace iwakan::engine

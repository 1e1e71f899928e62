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

// "…" with \" and \\ and \n inside, or a bare word.
Result<std::string> unquote(std::string_view text, std::string_view whole) {
  if (text.empty() || text.front() != '"') return std::string(text);
  if (text.size() < 2 || text.back() != '"') return not_a_matcher(whole, "the quotes are not closed");
  std::string value;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) {
      const char next = text[i + 1];
      if (next == '"' || next == '\\' || next == 'n') {
        value.push_back(next == 'n' ? '\n' : next);
        ++i;
        continue;
      }
    }
    value.push_back(text[i]);
  }
  return value;
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return quoted + "\"";
}

// Where the label ends: at the first sign, or behind its quotes.
std::size_t end_of_label(std::string_view text) {
  if (!text.starts_with('"')) return text.find_first_of("=!");
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return text.find_first_not_of(' ', i + 1);
  }
  return std::string_view::npos;
}

bool is_plain(std::string_view label) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return std::all_of(label.begin(), label.end(), plain);
}

}  // namespace

Result<Matcher> Matcher::parse(std::string_view text) {
  const std::string_view whole = text;
  text = trim(text);
  const std::size_t sign = end_of_label(text);
  if (sign == std::string_view::npos || sign == 0) return not_a_matcher(whole, "no label or no sign");
  const std::string_view sign_text = text.substr(sign, 2);
  const bool expression = sign_text == "=~" || sign_text == "!~";
  const bool negated = text[sign] == '!';
  if (text[sign] != '=' && !negated) return not_a_matcher(whole, "no sign behind the label");
  if (negated && !expression && sign_text != "!=") return not_a_matcher(whole, "! must be followed by = or ~");
  Result<std::string> label = unquote(trim(text.substr(0, sign)), whole);
  if (!label) return label.error();
  Result<std::string> value = unquote(trim(text.substr(sign + (expression || negated ? 2 : 1))), whole);
  if (!value) return value.error();
  Result<Matcher> matcher = make({*std::move(label), *std::move(value), expression, negated});
  if (matcher) matcher->text_ = std::string(whole);
  return matcher;
}

Result<Matcher> Matcher::make(LabelCondition condition) {
  Matcher matcher;
  const std::string_view sign =
      condition.is_expression ? (condition.negated ? "!~" : "=~") : (condition.negated ? "!=" : "=");
  matcher.text_ = (is_plain(condition.label) ? condition.label : quote(condition.label)) + std::string(sign) +
                  quote(condition.value);
  if (condition.label.empty()) return not_a_matcher(matcher.text_, "no label");
  matcher.condition_ = std::move(condition);
  if (!matcher.condition_.is_expression) return matcher;

  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<RE2>(matcher.condition_.value, options);
  if (!compiled->ok()) return not_a_matcher(matcher.text_, compiled->error());
  if (compiled->ProgramSize() > kProgramSizeMax) {
    return not_a_matcher(matcher.text_, "the expression is too costly on long texts; use fewer or smaller repetitions");
  }
  matcher.expression_ = std::move(compiled);
  return matcher;
}

bool Matcher::matches(std::string_view value) const {
  if (!expression_) return (value == condition_.value) != condition_.negated;
  const std::string_view head = value.substr(0, kValueBytesMax);
  return RE2::FullMatch(re2::StringPiece(head.data(), head.size()), *expression_) != condition_.negated;
}

bool Matcher::matches(const Alert& alert) const {
  return matches(alert.label(condition_.label));
}

bool all_match(const std::vector<Matcher>& matchers, const Alert& alert) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) { return matcher.matches(alert); });
}

bool all_match_subject(const std::vector<Matcher>& matchers, std::string_view subject,
                       const std::vector<std::string>& subject_labels) {
  if (matchers.empty()) return false;
  const std::string& label = matchers.front().condition().label;
  if (std::find(subject_labels.begin(), subject_labels.end(), label) == subject_labels.end()) return false;
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
    return matcher.condition().label == label && matcher.matches(subject);
  });
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

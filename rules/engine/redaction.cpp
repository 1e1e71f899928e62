#include "engine/redaction.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace iwakan::engine {
namespace {

// As of a matcher, and of all of them together.
constexpr int kProgramSizeMax = 500;
constexpr int kProgramSizeOfAllMax = 4000;

// What looks like a credential. Where there is a group, only that is taken out. A word behind a colon is a credential
// only with a digit in it: "password: expired" tells something.
constexpr std::array<std::string_view, 10> kCredentials{
    R"re(-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z))re",
    R"re((?i)[a-z][a-z0-9+.-]*://[^\s/:@"'<>]*:([^\s/@"'<>]+)@)re",
    R"re((?i)\b(?:bearer|basic)\s+([a-z0-9._~+/=-]{12,}))re",
    R"re(\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)re",
    R"re((?i)(?:password|passwd|passphrase|pwd|secret|token|credential|(?:api|access|private|secret)[_-]?key|signature)=["']?([^\s"'&,;]+))re",
    R"re((?i)(?:password|passwd|passphrase|pwd|secret|token|credential|(?:api|access|private|secret)[_-]?key)["']?\s*:\s*["']?([^\s"'&,;]*[0-9][^\s"'&,;]*))re",
    R"re([?&]sig=([^\s"'&#]+))re",
    R"re(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)re",
    R"re(hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]+))re",
    R"re(\b(?:xox[a-z]-|gh[a-z]_|github_pat_|glpat-|whsec_|sk-|sk_live_|rk_live_|AIza)[A-Za-z0-9_+/=-]{16,})re",
};

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

std::string without(const RE2& pattern, std::string_view text) {
  const re2::StringPiece whole(text.data(), text.size());
  const int groups = std::min(pattern.NumberOfCapturingGroups(), 1) + 1;
  std::array<re2::StringPiece, 2> found;
  std::string kept;
  std::size_t done = 0;
  std::size_t from = 0;
  while (from < text.size() && pattern.Match(whole, from, text.size(), RE2::UNANCHORED, found.data(), groups)) {
    const re2::StringPiece& secret = found[static_cast<std::size_t>(groups) - 1];
    if (!secret.empty()) {
      kept += text.substr(done, static_cast<std::size_t>(secret.data() - text.data()) - done);
      kept += Redaction::kRemoved;
      done = static_cast<std::size_t>(secret.data() - text.data()) + secret.size();
    }
    from = std::max(from + 1, static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size());
  }
  kept += text.substr(done);
  return kept;
}

std::string_view wrong_with(const RE2& pattern) {
  if (pattern.ProgramSize() > kProgramSizeMax) return "is too costly on long texts; use fewer or smaller repetitions";
  if (pattern.NumberOfCapturingGroups() > 1) return "has several groups; write (?:…) for all but the one to take out";
  if (RE2::FullMatch("", pattern)) return "fits the empty text, which is everywhere";
  return {};
}

}  // namespace

Redaction::Redaction() {
  for (const std::string_view text : kCredentials) {
    patterns_.push_back(std::make_shared<const RE2>(re2::StringPiece(text.data(), text.size()), quiet()));
  }
  put_together();
}

// One look tells that there is nothing in a text, which is how it mostly is.
void Redaction::put_together() {
  std::string all;
  for (const auto& pattern : patterns_) all += (all.empty() ? "(?:" : "|(?:") + pattern->pattern() + ")";
  any_ = all.empty() ? nullptr : std::make_shared<const RE2>(all, quiet());
}

Redaction Redaction::parse(Fields& root) {
  Redaction redaction;
  const Setting* section = root.child("redact");
  if (section == nullptr) return redaction;
  Fields fields(*section, root.complaints());
  if (!fields.boolean("credentials", true)) redaction.patterns_.clear();
  redaction.labels_ = fields.texts("labels");
  for (const std::string& text : fields.texts("patterns")) {
    auto pattern = std::make_shared<const RE2>(text, quiet());
    const std::string wrong = pattern->ok() ? std::string(wrong_with(*pattern)) : "is none: " + pattern->error();
    if (!wrong.empty()) {
      complain(root.complaints(), *fields.child("patterns"), "the expression \"" + text.substr(0, 64) + "\" " + wrong);
      continue;
    }
    redaction.patterns_.push_back(std::move(pattern));
    redaction.has_own_patterns_ = true;
  }
  redaction.put_together();
  if (redaction.any_ && (!redaction.any_->ok() || redaction.any_->ProgramSize() > kProgramSizeOfAllMax)) {
    complain(root.complaints(), *section, "all expressions together are too costly", "write fewer or smaller ones");
  }
  fields.finish();
  return redaction;
}

bool Redaction::removes(std::string_view label_name) const {
  return std::find(labels_.begin(), labels_.end(), label_name) != labels_.end();
}

std::optional<std::string> Redaction::redact(std::string_view text) const {
  if (!any_ || !RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *any_)) return std::nullopt;
  std::string kept(text);
  for (const auto& pattern : patterns_) kept = without(*pattern, kept);
  return kept;
}

std::optional<std::string> Redaction::redact(const Label& label) const {
  if (removes(label.name)) return std::string(kRemoved);
  return redact(label.value);
}

std::vector<Label> Redaction::redacted(std::span<const Label> labels, AlertBatch& batch, bool& changed) const {
  std::vector<Label> kept(labels.begin(), labels.end());
  for (Label& label : kept) {
    const auto text = redact(label);
    if (!text) continue;
    label.value = batch.keep(*text);
    changed = true;
  }
  return kept;
}

// One look at all its texts tells that there is nothing in them, as it mostly is. What the configuration describes may
// depend on where a text begins and ends, and is looked for in each.
bool Redaction::is_plain(const Alert& alert) const {
  if (!labels_.empty() || has_own_patterns_) return false;
  if (!any_) return true;
  std::string all(alert.link);
  for (const auto& pairs : {alert.labels, alert.annotations}) {
    for (const Label& label : pairs) all.append("\n").append(label.value);
  }
  return !RE2::PartialMatch(all, *any_);
}

std::optional<Alert> Redaction::redact(const Alert& alert, AlertBatch& batch) const {
  if (is_plain(alert)) return std::nullopt;
  bool changed = false;
  std::vector<Label> labels = redacted(alert.labels, batch, changed);
  std::vector<Label> annotations = redacted(alert.annotations, batch, changed);
  const auto link = redact(alert.link);
  if (!changed && !link) return std::nullopt;
  Alert kept = alert;
  if (link) kept.link = batch.keep(*link);
  batch.keep_sorted(labels, kept.labels);
  batch.keep_sorted(annotations, kept.annotations);
  return kept;
}

}  // namespace iwakan::engine

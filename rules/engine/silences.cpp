#include "engine/silences.hpp"

#include <algorithm>
#include <chrono>

#include "engine/fields.hpp"
#include "model/codec.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSilencesMax = 10'000;
constexpr std::size_t kConditionsMax = 64;
constexpr std::size_t kTextBytesMax = 4096;  // of author, comment, label and value
constexpr Duration kKept = 5 * 24h;          // after it ended, as Alertmanager keeps it
constexpr Duration kRemindedBefore = 1h;

Failure wrong(Reason reason, std::string detail) {
  return {reason, std::move(detail), {}};
}

TimePoint remind_at(const Silence& silence) {
  return silence.ends_at - std::min<Duration>(kRemindedBefore, (silence.ends_at - silence.starts_at) / 10);
}

Result<std::vector<Matcher>> matchers_of(const std::vector<LabelCondition>& conditions) {
  if (conditions.empty()) return wrong(Reason::missing, "at least one matcher required");
  if (conditions.size() > kConditionsMax) return wrong(Reason::too_large, "more than 64 matchers");
  std::vector<Matcher> matchers;
  for (const LabelCondition& condition : conditions) {
    if (condition.label.size() > kTextBytesMax || condition.value.size() > kTextBytesMax)
      return wrong(Reason::too_large, "a matcher of more than 4 KiB");
    Result<Matcher> matcher = Matcher::make(condition);
    if (!matcher) return matcher.error();
    matchers.push_back(*std::move(matcher));
  }
  const bool all_alerts =
      std::all_of(matchers.begin(), matchers.end(), [](const Matcher& matcher) { return matcher.matches(""); });
  if (all_alerts) return wrong(Reason::out_of_range, "at least one matcher must not match the empty string");
  return matchers;
}

std::optional<Failure> problem_of(const Silence& silence, TimePoint at) {
  if (silence.starts_at >= silence.ends_at) return wrong(Reason::out_of_range, "start time must be before end time");
  if (silence.ends_at < at) return wrong(Reason::out_of_range, "end time can't be in the past");
  if (silence.created_by.size() > kTextBytesMax || silence.comment.size() > kTextBytesMax)
    return wrong(Reason::too_large, "an author or a comment of more than 4 KiB");
  return std::nullopt;
}

// Whether `changed` is the same silence in other words: Alertmanager's canUpdate.
bool may_change(const Silence& known, const Silence& changed, TimePoint at) {
  if (known.conditions != changed.conditions) return false;
  switch (known.state(at)) {
    case SilenceState::active:
      return std::chrono::floor<std::chrono::seconds>(known.starts_at) ==
                 std::chrono::floor<std::chrono::seconds>(changed.starts_at) &&
             changed.ends_at >= at;
    case SilenceState::pending: return changed.starts_at >= at;
    case SilenceState::expired: return false;
  }
  return false;
}

void end_now(Silence& silence, TimePoint at) {
  silence.starts_at = std::min(silence.starts_at, at);
  silence.ends_at = at;
  silence.updated_at = at;
}

}  // namespace

void Silences::keep(const Silence& silence) {
  rows_.push_back({Table::silences, silence.id, encode(silence)});
}

const Silence* Silences::insert(Silence silence, std::vector<Matcher> matchers) {
  const std::string id = silence.id;
  Entry& entry = entries_.insert_or_assign(id, Entry{std::move(silence), std::move(matchers)}).first->second;
  keep(entry.silence);
  return &entry.silence;
}

Result<const Silence*> Silences::set(const act::SetSilence& what, TimePoint at) {
  Silence silence = what.silence;
  if (auto problem = problem_of(silence, at)) return *std::move(problem);
  Result<std::vector<Matcher>> matchers = matchers_of(silence.conditions);
  if (!matchers) return matchers.error();
  silence.updated_at = at;
  silence.reminded = false;
  if (!silence.id.empty()) {
    const auto known = entries_.find(silence.id);
    if (known == entries_.end()) return wrong(Reason::not_found, "silence " + silence.id.substr(0, 64) + " not found");
    Silence& old = known->second.silence;
    if (may_change(old, silence, at)) {
      if (old.state(at) == SilenceState::active) silence.starts_at = old.starts_at;
      return insert(std::move(silence), *std::move(matchers));
    }
    if (old.state(at) != SilenceState::expired) {
      end_now(old, at);
      keep(old);
    }
  }
  if (entries_.size() >= kSilencesMax) return wrong(Reason::too_large, "there are 10000 silences already; expire some");
  if (what.fresh_id.empty() || entries_.contains(what.fresh_id))
    return wrong(Reason::conflict, "the id for the new silence is taken; ask again");
  silence.id = what.fresh_id;
  silence.starts_at = std::max(silence.starts_at, at);
  return insert(std::move(silence), *std::move(matchers));
}

Result<const Silence*> Silences::expire(std::string_view id, TimePoint at) {
  const auto found = entries_.find(id);
  if (found == entries_.end())
    return wrong(Reason::not_found, "silence " + std::string(id.substr(0, 64)) + " not found");
  Silence& silence = found->second.silence;
  if (silence.state(at) != SilenceState::expired) {
    end_now(silence, at);
    keep(silence);
  }
  return &silence;
}

const Silence* Silences::covering(const Alert& alert, TimePoint at) const {
  const Silence* covering = nullptr;
  for (const auto& [id, entry] : entries_) {
    if (entry.silence.state(at) != SilenceState::active) continue;
    if (covering != nullptr && covering->ends_at >= entry.silence.ends_at) continue;
    if (all_match(entry.matchers, alert)) covering = &entry.silence;
  }
  return covering;
}

const Silence* Silences::covering(std::string_view subject, const std::vector<std::string>& subject_labels,
                                  TimePoint at) const {
  const Silence* covering = nullptr;
  for (const auto& [id, entry] : entries_) {
    if (entry.silence.state(at) != SilenceState::active) continue;
    if (covering != nullptr && covering->ends_at >= entry.silence.ends_at) continue;
    if (all_match_subject(entry.matchers, subject, subject_labels)) covering = &entry.silence;
  }
  return covering;
}

std::vector<const Silence*> Silences::take_ending(TimePoint now) {
  std::vector<const Silence*> ending;
  for (auto& [id, entry] : entries_) {
    Silence& silence = entry.silence;
    if (silence.reminded || silence.state(now) != SilenceState::active || now < remind_at(silence)) continue;
    silence.reminded = true;
    keep(silence);
    ending.push_back(&silence);
  }
  return ending;
}

std::optional<TimePoint> Silences::next_boundary(TimePoint after) const {
  std::optional<TimePoint> next;
  const auto consider = [&](TimePoint at) {
    if (at > after && (!next || at < *next)) next = at;
  };
  for (const auto& [id, entry] : entries_) {
    consider(entry.silence.starts_at);
    consider(entry.silence.ends_at);
    consider(entry.silence.ends_at + kKept);
    if (!entry.silence.reminded) consider(remind_at(entry.silence));
  }
  return next;
}

void Silences::forget_old(TimePoint now) {
  std::erase_if(entries_, [&](const auto& item) {
    const bool old = item.second.silence.ends_at + kKept <= now;
    if (old) rows_.push_back({Table::silences, item.first, std::nullopt});
    return old;
  });
}

const Silence* Silences::find(std::string_view id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.silence;
}

std::vector<const Silence*> Silences::all() const {
  std::vector<const Silence*> all;
  all.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) all.push_back(&entry.silence);
  return all;
}

void Silences::take_rows(std::vector<Row>& rows) {
  std::move(rows_.begin(), rows_.end(), std::back_inserter(rows));
  rows_.clear();
}

bool Silences::restore(std::string_view value) {
  auto silence = decode<Silence>(value);
  if (!silence) return false;
  Result<std::vector<Matcher>> matchers = matchers_of(silence->conditions);
  if (!matchers) return false;
  std::string id = silence->id;
  entries_.insert_or_assign(std::move(id), Entry{*std::move(silence), *std::move(matchers)});
  return true;
}

}  // namespace iwakan::engine

#include "model/setting.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace iwakan {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string join(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

std::string join_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

template <class Number>
bool parse_whole(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Setting::Setting() = default;
Setting::Setting(const Setting&) = default;
Setting::Setting(Setting&&) noexcept = default;
Setting& Setting::operator=(const Setting&) = default;
Setting& Setting::operator=(Setting&&) noexcept = default;
Setting::~Setting() = default;

const Setting* Setting::find(std::string_view key) const {
  for (const auto& [name, value] : fields) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string to_string(const Complaint& complaint) {
  std::string text = complaint.place.file.empty() ? "configuration" : complaint.place.file;
  if (complaint.place.line > 0) {
    text += ":" + std::to_string(complaint.place.line) + ":" + std::to_string(complaint.place.column);
  }
  text += ": ";
  if (!complaint.path.empty()) text += complaint.path + ": ";
  text += complaint.problem;
  if (!complaint.remedy.empty()) text += "; " + complaint.remedy;
  return text;
}

void complain(Complaints& complaints, const Setting& at, std::string problem, std::string remedy) {
  complaints.push_back({at.place, at.path, std::move(problem), std::move(remedy)});
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = word.size() / 3 + 2;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string(best);
}

Fields::Fields(const Setting& setting, Complaints& complaints) : setting_(setting), complaints_(complaints) {
  if (setting.kind != Setting::Kind::map && setting.kind != Setting::Kind::null) {
    complain(complaints_, setting_, "keys and values are expected here", "write `key: value` lines, indented");
  }
}

bool Fields::has(std::string_view key) {
  return child(key) != nullptr;
}

const Setting* Fields::child(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return setting_.find(key);
}

const Setting* Fields::required_child(std::string_view key) {
  const Setting* found = child(key);
  if (found == nullptr) {
    complain(complaints_, setting_, "the key \"" + std::string(key) + "\" is missing", "add it");
  }
  return found;
}

const Setting* Fields::scalar(std::string_view key) {
  const Setting* found = child(key);
  if (found == nullptr || found->kind == Setting::Kind::null) return nullptr;
  if (found->kind != Setting::Kind::scalar) {
    complain(complaints_, *found, "a single value is expected here");
    return nullptr;
  }
  return found;
}

std::string Fields::text(std::string_view key, std::string fallback) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  return found->scalar;
}

std::string Fields::required_text(std::string_view key) {
  if (required_child(key) == nullptr) return {};
  const Setting* found = scalar(key);
  if (found == nullptr || found->scalar.empty()) {
    complain(complaints_, *child(key), "must not be empty");
    return {};
  }
  return found->scalar;
}

bool Fields::boolean(std::string_view key, bool fallback) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  if (found->scalar == "true") return true;
  if (found->scalar == "false") return false;
  complain(complaints_, *found, "\"" + found->scalar + "\" is neither true nor false");
  return fallback;
}

long Fields::integer(std::string_view key, long fallback, long least, long most) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  long value = 0;
  if (found->quoted || !parse_whole(found->scalar, value)) {
    complain(complaints_, *found, "\"" + found->scalar + "\" is not a whole number");
    return fallback;
  }
  if (value < least || value > most) {
    complain(complaints_, *found,
             found->scalar + " is outside " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  return value;
}

double Fields::number(std::string_view key, double fallback, double least, double most) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  double value = 0;
  if (found->quoted || !parse_whole(found->scalar, value)) {
    complain(complaints_, *found, "\"" + found->scalar + "\" is not a number");
    return fallback;
  }
  if (!(value >= least && value <= most)) {
    std::string bounds = std::to_string(least) + " to " + std::to_string(most);
    complain(complaints_, *found, found->scalar + " is outside " + bounds);
    return fallback;
  }
  return value;
}

Duration Fields::duration(std::string_view key, Duration fallback, Duration least, Duration most) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  const Result<Duration> value = parse_duration(found->scalar);
  if (!value) {
    complain(complaints_, *found, value.error().detail);
    return fallback;
  }
  if (*value < least || *value > most) {
    complain(complaints_, *found,
             found->scalar + " is outside " + format_duration(least) + " to " + format_duration(most));
    return fallback;
  }
  return *value;
}

std::string Fields::one_of(std::string_view key, std::string fallback,
                           std::initializer_list<std::string_view> choices) {
  const Setting* found = scalar(key);
  if (found == nullptr) return fallback;
  if (std::find(choices.begin(), choices.end(), found->scalar) != choices.end()) return found->scalar;
  const std::span<const std::string_view> all(choices.begin(), choices.size());
  const std::string near = nearest(found->scalar, all);
  complain(complaints_, *found, "\"" + found->scalar + "\" is not one of " + join(all),
           near.empty() ? "" : "did you mean \"" + near + "\"?");
  return fallback;
}

std::vector<std::string> Fields::texts(std::string_view key, std::vector<std::string> fallback) {
  const Setting* found = child(key);
  if (found == nullptr || found->kind == Setting::Kind::null) return fallback;
  if (found->kind == Setting::Kind::scalar) return {found->scalar};
  if (found->kind != Setting::Kind::list) {
    complain(complaints_, *found, "a list is expected here", "write `- value` lines or [a, b]");
    return fallback;
  }
  std::vector<std::string> values;
  for (const Setting& item : found->items) {
    if (item.kind == Setting::Kind::scalar) {
      values.push_back(item.scalar);
    } else {
      complain(complaints_, item, "a single value is expected here");
    }
  }
  return values;
}

Sentence Fields::sentence(std::string_view key, Sentence fallback) {
  const Setting* found = child(key);
  if (found == nullptr || found->kind == Setting::Kind::null) return fallback;
  if (found->kind == Setting::Kind::scalar) return same_in_all(found->scalar);
  Fields languages(*found, complaints_);
  Sentence said{languages.text("ja"), languages.text("en")};
  languages.finish();
  return said;
}

Sentence Fields::required_sentence(std::string_view key) {
  const Setting* found = required_child(key);
  if (found == nullptr) return {};
  Sentence said = sentence(key);
  if (said.empty()) complain(complaints_, *found, "must not be empty", "write {ja: …, en: …} or one text for both");
  return said;
}

std::span<const Setting> Fields::list(std::string_view key) {
  const Setting* found = child(key);
  if (found == nullptr || found->kind == Setting::Kind::null) return {};
  if (found->kind != Setting::Kind::list) {
    complain(complaints_, *found, "a list is expected here", "start each item with `- `");
    return {};
  }
  return found->items;
}

void Fields::finish() {
  for (const auto& [key, value] : setting_.fields) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string near = nearest(key, known_);
    complaints_.push_back({value.place, join_path(setting_.path, key), "unknown key",
                           near.empty() ? "known here: " + join(known_) : "did you mean \"" + near + "\"?"});
  }
}

}  // namespace iwakan

#include "model/alert.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace iwakan {
namespace {

constexpr std::size_t kArenaBytesFirst = 4096;

std::string_view find(std::span<const Label> labels, std::string_view name) {
  for (const Label& label : labels) {
    if (label.name == name) return label.value;
  }
  return {};
}

constexpr std::uint64_t kFnvOffset = 14695981039346656037ULL;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

std::uint64_t fnv(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return (hash ^ 0xFFU) * kFnvPrime;
}

}  // namespace

std::string_view name(AlertState state) {
  switch (state) {
    case AlertState::firing: return "firing";
    case AlertState::resolved: return "resolved";
    case AlertState::no_data: return "no_data";
  }
  return "firing";
}

std::string_view Alert::label(std::string_view label_name) const {
  return find(labels, label_name);
}
std::string_view Alert::annotation(std::string_view annotation_name) const {
  return find(annotations, annotation_name);
}

Fingerprint fingerprint_of(std::span<const Label> sorted_labels) {
  std::uint64_t hash = kFnvOffset;
  for (const Label& label : sorted_labels) hash = fnv(fnv(hash, label.name), label.value);
  return hash;
}

std::string format_fingerprint(Fingerprint fingerprint) {
  std::array<char, 17> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%016llx", static_cast<unsigned long long>(fingerprint));
  return buffer.data();
}

AlertBatch::AlertBatch() : arena_(std::make_unique<std::pmr::monotonic_buffer_resource>(kArenaBytesFirst)) {}

std::string_view AlertBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(arena_->allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::span<const Label> AlertBatch::copy(std::span<const Label> labels) {
  if (labels.empty()) return {};
  auto* first = static_cast<Label*>(arena_->allocate(labels.size_bytes(), alignof(Label)));
  std::uninitialized_copy(labels.begin(), labels.end(), first);
  return {first, labels.size()};
}

bool AlertBatch::keep_sorted(std::vector<Label>& scratch, std::span<const Label>& kept) {
  std::erase_if(scratch, [](const Label& label) { return label.value.empty(); });
  const auto by_name = [](const Label& a, const Label& b) { return a.name < b.name; };
  if (!std::is_sorted(scratch.begin(), scratch.end(), by_name)) {
    std::stable_sort(scratch.begin(), scratch.end(), by_name);
  }
  const auto same_name = [](const Label& a, const Label& b) { return a.name == b.name; };
  const auto end = std::unique(scratch.begin(), scratch.end(), same_name);
  const bool unique = end == scratch.end();
  scratch.erase(end, scratch.end());
  kept = copy(scratch);
  return unique;
}

void AlertBatch::add_copy(const Alert& alert) {
  const auto copy_text = [this](std::span<const Label> from) {
    std::vector<Label> labels;
    labels.reserve(from.size());
    for (const Label& label : from) labels.push_back({keep(label.name), keep(label.value)});
    return copy(labels);
  };
  Alert own = alert;
  own.labels = copy_text(alert.labels);
  own.annotations = copy_text(alert.annotations);
  own.link = keep(alert.link);
  alerts_.push_back(own);
}

}  // namespace iwakan

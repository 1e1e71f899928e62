#include "sources/alert_builder.hpp"

#include "sources/json.hpp"

namespace iwakan::sources {
namespace {

constexpr std::size_t kSummaryBytesMax = 300;
constexpr std::size_t kNameBytesMax = 256;

}  // namespace

void AlertBuilder::add(std::vector<Label>& pairs, std::string_view name, std::string_view value) {
  if (name.empty() || value.empty() || pairs.size() >= kLabelsMax) return;
  pairs.push_back({batch_.keep(cleaned(beginning(name, kNameBytesMax))), batch_.keep(cleaned(value))});
}

void AlertBuilder::summary(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view kept = beginning(line, kSummaryBytesMax);
  annotation("summary", kept.size() == line.size() ? std::string(kept) : std::string(kept) + "…");
}

void AlertBuilder::link(std::string_view link) {
  alert.link = batch_.keep(safe_link(cleaned(link)));
}

void AlertBuilder::identify() {
  std::vector<Label> identity = labels_;
  std::span<const Label> kept;
  batch_.keep_sorted(identity, kept);
  alert.fingerprint = fingerprint_of(kept);
  identified_ = true;
}

void AlertBuilder::finish() {
  batch_.keep_sorted(labels_, alert.labels);
  batch_.keep_sorted(annotations_, alert.annotations);
  if (!identified_) alert.fingerprint = fingerprint_of(alert.labels);
  batch_.add(alert);
}

}  // namespace iwakan::sources

// Alert: one monitored condition as a sender told it, and AlertBatch, which owns the text of the
// alerts of one request.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.hpp"

namespace iwakan {

struct Label {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Label&, const Label&) = default;
};

// What the sender says of the alert now.
enum class AlertState : std::uint8_t {
  firing,
  resolved,
  no_data,  // the sender itself cannot tell (CloudWatch INSUFFICIENT_DATA): never a recovery
};

std::string_view name(AlertState state);

using Fingerprint = std::uint64_t;

// A view: the text belongs to the AlertBatch (or other arena) it was made in, which must outlive it.
struct Alert {
  AlertState state = AlertState::firing;
  TimePoint starts_at{};                // of this episode; kZeroTime when the sender gave none
  std::optional<TimePoint> ends_at;     // only when resolved: when the sender says it ended
  std::optional<TimePoint> expires_at;  // only when firing: until when the sender vouches for it, if it says so
  Fingerprint fingerprint = 0;          // of the labels
  std::span<const Label> labels;        // sorted by name, names unique, values not empty
  std::span<const Label> annotations;   // sorted by name
  std::string_view link;                // where the sender explains it; untrusted, may be empty

  // The value of a label or annotation; empty when there is none (an empty value means absent).
  std::string_view label(std::string_view label_name) const;
  std::string_view annotation(std::string_view annotation_name) const;
};

// FNV-1a 64 over the sorted labels: name, 0xFF, value, 0xFF each, as prometheus/common computes
// LabelSet.Fingerprint (vectors in reference wire-formats A1). REQUIRES: sorted by name.
Fingerprint fingerprint_of(std::span<const Label> sorted_labels);

// 16 lower-case hex digits, as Alertmanager prints it.
std::string format_fingerprint(Fingerprint fingerprint);

// The alerts of one request with all their text, in one arena: few allocations whatever the size.
// Movable, not copyable. Alerts stay valid as long as the batch lives, also after it was moved.
class AlertBatch {
 public:
  AlertBatch();

  // Copies text into the batch.
  std::string_view keep(std::string_view text);

  // Copies the pairs (not their text: keep() it first), drops empty values, sorts by name. With one
  // name twice the first stays; false says that this happened.
  bool keep_sorted(std::vector<Label>& scratch, std::span<const Label>& kept);

  void add(const Alert& alert) { alerts_.push_back(alert); }

  // Copies an alert of another batch with all its text.
  void add_copy(const Alert& alert);

  std::span<const Alert> alerts() const { return alerts_; }
  std::size_t size() const { return alerts_.size(); }

 private:
  std::span<const Label> copy(std::span<const Label> labels);

  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
  std::vector<Alert> alerts_;
};

}  // namespace iwakan

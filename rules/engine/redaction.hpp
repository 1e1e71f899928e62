// Redaction: what must not be kept of the text of alerts, and is taken out before anything else sees it: credentials
// by their shape, labels and annotations by their name, and what the configuration describes. Identity stays: an
// alert goes by the fingerprint of the labels as its sender wrote them. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/setting.hpp"

namespace re2 {
class RE2;
}

namespace iwakan::engine {

class Redaction {
 public:
  // Stands where something was taken out.
  static constexpr std::string_view kRemoved = "[removed]";

  // Credentials by their shape.
  Redaction();

  // `redact:` of the configuration; absent: credentials by their shape.
  static Redaction parse(Fields& root);

  // The alert without what must not be kept; its new text is in `batch`. Nothing: there is nothing to take out.
  std::optional<Alert> redact(const Alert& alert, AlertBatch& batch) const;

  // Nothing: there is nothing to take out.
  std::optional<std::string> redact(std::string_view text) const;

  // The same of the value of a label or an annotation.
  std::optional<std::string> redact(const Label& label) const;

  // Whether labels and annotations of this name keep no value.
  bool removes(std::string_view label_name) const;

 private:
  std::vector<Label> redacted(std::span<const Label> labels, AlertBatch& batch, bool& changed) const;
  bool is_plain(const Alert& alert) const;
  void put_together();

  std::vector<std::string> labels_;
  std::vector<std::shared_ptr<const re2::RE2>> patterns_;
  std::shared_ptr<const re2::RE2> any_;  // of the patterns; null: there is none
  bool has_own_patterns_ = false;        // beside the credentials
};

}  // namespace iwakan::engine

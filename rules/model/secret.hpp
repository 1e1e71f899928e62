// Secret: a text that must not be seen: cannot be printed, formatted or compared by accident. Pure.
#pragma once

#include <string>
#include <utility>

namespace iwakan {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  // Only where it is used, never into a log, an error or a report.
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = delete;  // compare digests, in constant time

 private:
  std::string text_;
};

}  // namespace iwakan

// ReportTemplate: a mustache text that lays out a View. Values are escaped before they come here and put in
// as they are, with two braces or three; partials, other delimiters and unknown names are refused.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "sinks/layout/view.hpp"

namespace iwakan::sinks {

class ReportTemplate {
 public:
  // A Failure says what is wrong with the template; its path is `name`.
  static Result<ReportTemplate> parse(std::string_view name, const std::string& text);

  // Nothing: the template failed, or gave no text.
  std::optional<std::string> render(const View& view) const;

 private:
  struct Compiled;
  std::shared_ptr<Compiled> compiled_;
};

}  // namespace iwakan::sinks

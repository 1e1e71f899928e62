// View: a report as named pieces of text in one language, all of them escaped. What the plain layout and
// the templates are made of, so that nothing is written twice.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::sinks {

using Texts = std::map<std::string, std::string, std::less<>>;  // by name

struct View {
  Texts texts;
  std::map<std::string, std::vector<Texts>, std::less<>> lists;
  // Names that only say whether something is so: a section {{#drill}}…{{/drill}}.
  std::map<std::string, bool, std::less<>> flags;

  const std::string& text(std::string_view name) const { return texts.find(name)->second; }
  const std::vector<Texts>& list(std::string_view name) const { return lists.find(name)->second; }
  bool flag(std::string_view name) const { return flags.find(name)->second; }
};

View view_of(const Report& report, const Delivery& delivery, std::string_view language, const Zone& zone,
             const Escape& escape);

std::string headline_of(const Report& report, std::string_view language);

// The heading of each part, in the order of the report.
struct Words {
  std::string_view known, unknown, asks, responders, contact, next, unconfirmed;
};
const Words& words_in(std::string_view language);

// Every name that a template may use: texts, lists, the texts inside lists, and flags.
std::vector<std::string_view> names_of_views();

}  // namespace iwakan::sinks

// View: a report as named pieces of text in one language, all of them escaped. What every layout and the templates
// are made of, so that nothing is written twice.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/layout/words.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::sinks {

using Texts = std::map<std::string, std::string, std::less<>>;  // by name

struct View {
  std::string language;
  ReportKind kind = ReportKind::first;
  Audience audience = Audience::everybody;
  Catalogue words;  // escaped
  Texts texts;
  std::map<std::string, std::vector<Texts>, std::less<>> lists;
  // Names that only say whether something is so: a section {{#drill}}…{{/drill}}.
  std::map<std::string, bool, std::less<>> flags;

  const std::string& text(std::string_view name) const { return texts.find(name)->second; }
  const std::vector<Texts>& list(std::string_view name) const { return lists.find(name)->second; }
  bool flag(std::string_view name) const { return flags.find(name)->second; }
  // The words of a key, with values that are escaped already.
  std::string say(std::string_view key,
                  std::initializer_list<std::pair<std::string_view, std::string_view>> values = {}) const;
};

// How a reader's language and place show a report.
struct Reading {
  std::string_view language;
  const Words& words;
  const Zone& zone;
};

View view_of(const Report& report, const Delivery& delivery, const Reading& reading, const Escape& escape);

// Says in the view where the report can be acknowledged; `address`: escaped, empty when there is none.
void invite(View& view, std::string address);

std::string headline_of(const Report& report, std::string_view language, const Words& words);

// "2031-05-14（水）", "Wed 2031-05-14 ": a day before its clock time.
std::string day_of(TimePoint time, const Words& words, const Zone& zone);

// Every name that a template may use: texts, lists, the texts inside lists, and flags.
std::vector<std::string> names_of_views();

}  // namespace iwakan::sinks

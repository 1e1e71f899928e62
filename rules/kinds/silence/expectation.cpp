#include "kinds/silence/expectation.hpp"

namespace iwakan::kinds::silence {

using namespace std::chrono_literals;

std::string Expectation::conditions() const {
  return engine::text_of(match);
}

Expectation parse_expectation(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Expectation expectation;
  expectation.match = engine::parse_matchers(fields);
  expectation.subject = fields.text("subject");
  expectation.every = fields.duration("every", Duration{}, 0s, 24h * 90);
  if (expectation.every <= 0s) complain(complaints, setting, "does not say how often", "add every: 1h");
  const std::string impact = fields.one_of("impact", "unknown", {"unknown", "possible", "confirmed"});
  expectation.statement.impact = *impact_named(impact);
  expectation.statement.level = static_cast<int>(fields.integer("level", 0, 0, 9));
  expectation.says = fields.sentence("says");
  fields.finish();
  return expectation;
}

}  // namespace iwakan::kinds::silence

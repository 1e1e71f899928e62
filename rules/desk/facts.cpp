#include "desk/facts.hpp"

#include <algorithm>

namespace iwakan::desk {

using namespace std::chrono_literals;

std::vector<Unknown> opening_unknowns(const Organisation& organisation, TimePoint opened_at) {
  std::vector<Unknown> unknowns;
  for (const StandingQuestion& question : organisation.questions) {
    Unknown unknown;
    unknown.id = question.id;
    unknown.what = question.what;
    unknown.checker = question.checker;
    unknown.due = opened_at + question.within;
    unknown.until_impact_known = question.until_impact_confirmed;
    unknown.asked_at = opened_at;
    unknowns.push_back(std::move(unknown));
  }
  const bool asks_for_impact =
      std::any_of(unknowns.begin(), unknowns.end(), [](const Unknown& unknown) { return unknown.until_impact_known; });
  if (!asks_for_impact) {
    Unknown impact;
    impact.id = "customer-impact";
    impact.what = {"お客さまへの影響の有無", "Whether customers are affected"};
    impact.checker = {"対応者", "the responders"};
    impact.due = opened_at + 15min;
    impact.until_impact_known = true;
    impact.asked_at = opened_at;
    unknowns.push_back(std::move(impact));
  }
  return unknowns;
}

bool is_taken(const Incident& incident, const std::string& unknown_id) {
  return std::any_of(incident.unknowns.begin(), incident.unknowns.end(),
                     [&unknown_id](const Unknown& unknown) { return unknown.id == unknown_id; });
}

std::string fresh_unknown_id(const Incident& incident) {
  std::size_t number = incident.unknowns.size() + 1;
  while (is_taken(incident, "u" + std::to_string(number))) ++number;
  return "u" + std::to_string(number);
}

bool is_open(const Unknown& unknown, Impact impact) {
  const bool known_by_impact =
      unknown.until_impact_known && (impact == Impact::confirmed || impact == Impact::none_confirmed);
  return !unknown.answered_at && !known_by_impact;
}

}  // namespace iwakan::desk

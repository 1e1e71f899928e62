// What is to be done when it is over, so that it does not end with the last report.
#include <algorithm>

#include "desk/acting.hpp"
#include "desk/desk.hpp"

namespace iwakan::desk {

using engine::Effects;

namespace {

constexpr std::size_t kFollowUpsMax = 100;

}  // namespace

void Desk::act_on(const PersonActed& acted, const act::AddFollowUp& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  if (what.what.empty()) {
    effects.refusal = needed("what", "say what is to be done");
  } else if (what.owner.empty()) {
    effects.refusal = needed("owner", "say who does it; what belongs to everybody is done by nobody");
  } else if (incident->follow_ups.size() >= kFollowUpsMax) {
    effects.refusal = at_odds(incident->id + " holds " + std::to_string(kFollowUpsMax) + " of them already");
  }
  if (effects.refusal) return;
  act_upon(*incident);
  FollowUp follow_up;
  follow_up.number = static_cast<std::uint32_t>(incident->follow_ups.size() + 1);
  follow_up.what = cut(what.what);
  follow_up.owner = cut(what.owner, kPersonBytesMax);
  follow_up.due = what.due;
  follow_up.at = acted.at;
  follow_up.by = cut(acted.actor, kPersonBytesMax);
  incident->follow_ups.push_back(follow_up);
  const Sentence owner = called(follow_up.owner, *organisation_);
  say(*incident, acted.at, "follow_up",
      {"今後の対応：" + follow_up.what.in("ja") + "（" + owner.in("ja") + "）",
       "To be done: " + follow_up.what.in("en") + " (" + owner.in("en") + ")"},
      effects, acted.actor);
  heed_words(*incident, acted, follow_up.what, effects);
}

void Desk::act_on(const PersonActed& acted, const act::FinishFollowUp& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr) return;
  const auto found = std::find_if(incident->follow_ups.begin(), incident->follow_ups.end(),
                                  [&what](const FollowUp& one) { return one.number == what.follow_up; });
  if (found == incident->follow_ups.end()) {
    effects.refusal = no_such("follow-up", std::to_string(what.follow_up));
    return;
  }
  if (found->done_at) return;
  act_upon(*incident);
  found->done_at = acted.at;
  found->done_by = cut(acted.actor, kPersonBytesMax);
  say(*incident, acted.at, "follow_up",
      with_reason({"今後の対応が終わりました：" + found->what.in("ja"), "Done: " + found->what.in("en")}, what.note),
      effects, acted.actor);
}

}  // namespace iwakan::desk

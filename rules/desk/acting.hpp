// What the acts of people have in common: how they are refused, and how a reason is added.
#pragma once

#include <string>
#include <string_view>

#include "desk/cut.hpp"
#include "model/event.hpp"
#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/result.hpp"
#include "model/sentence.hpp"

namespace iwakan::desk {

inline Sentence with_reason(Sentence sentence, const std::string& why) {
  if (why.empty()) return sentence;
  const std::string reason = cut(why, kNoteBytesMax);
  return {sentence.ja + "（" + reason + "）", sentence.en + " (" + reason + ")"};
}

// Somebody works on it, so it was worth reporting; unless they said otherwise.
inline void act_upon(Incident& incident) {
  if (incident.judgement == Judgement::none) incident.judgement = Judgement::acted_on;
}

// An actor as readers know them.
inline Sentence called(const std::string& actor, const Organisation& organisation) {
  if (actor.empty() || actor == kNobody) return {"対応者", "the responders"};
  const Person* person = find_person(organisation, actor);
  return person == nullptr ? same_in_all(cut(actor, kPersonBytesMax)) : person->name;
}

inline Failure no_such(std::string_view what, const std::string& id) {
  return {Reason::not_found, "there is no " + std::string(what) + " \"" + cut(id, 64) + "\"", {}};
}

inline Failure at_odds(std::string detail) {
  return {Reason::conflict, std::move(detail), {}};
}

inline Failure needed(std::string member, std::string detail) {
  return {Reason::missing, std::move(detail), "/" + std::move(member)};
}

}  // namespace iwakan::desk

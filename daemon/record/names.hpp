// Names: how people are called in what leaves the house. By default by what they did, not by name: the review of an
// incident looks for conditions, not for culprits. The same person is called the same everywhere.
//
// Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/incident.hpp"
#include "model/organisation.hpp"
#include "model/sentence.hpp"

namespace iwakan::record {

class Names {
 public:
  enum class Policy { named, by_role };

  explicit Names(Policy policy) : policy_(policy) {}

  // Everybody in them: by the role in the incident, else by the place in the organisation, else by a number.
  void know(const Incident& incident, const Organisation& organisation);
  // Somebody who did something: is a numbered person from now on, unless known already.
  void know_actor(const std::string& actor);

  // The person as they are called. "iwakan" and the empty name stay.
  Sentence person(const std::string& name) const;

  // A text of people's own, in which they may name each other: each known name is replaced, and so is what was
  // withdrawn.
  std::string in_text(std::string_view text, std::string_view language) const;
  Sentence in_sentence(const Sentence& sentence) const;

 private:
  void know_roles(const Incident& incident);
  void know_places(const Organisation& organisation);
  void know_actors(const Incident& incident);
  void know_withdrawn(const Incident& incident);
  void call(const std::string& name, const Sentence& label);
  void call_all(const std::string& id, const Sentence& name, Sentence label);
  bool is_taken(const Sentence& label) const;

  Policy policy_;
  std::map<std::string, Sentence, std::less<>> labels_;  // by id or name
  int numbered_ = 0;
};

}  // namespace iwakan::record
